// What a sync would do, worked out from what the API of any server tells: no cluster and no server is asked.

import { isObject, parseJson, textAt } from '../../core/json.ts';
import { createKindTypes } from '../../engine/diff/kind-types.ts';
import type { ScopeOf } from '../../engine/resource/targets.ts';
import { type ManagedState, planSync } from '../../engine/sync/plan.ts';
import type { ManagedResource } from '../../model/resource.ts';
import type { PlanStep, SyncPlanning } from '../../model/sync-plan.ts';
import { isKubeObject, type KubeObject } from '../../objects/object.ts';
import { builtinResources, loadBuiltinTypes } from '../../objects/types.ts';

export async function planFor(request: SyncPlanning): Promise<readonly PlanStep[]> {
  const states = request.resources.map(stateOf);
  const manifests = request.manifests.filter(isKubeObject);
  const objects = [...states.flatMap(({ target, live }) => [target ?? [], live ?? []].flat()), ...manifests];
  const definitions = objects.filter(({ kind }) => kind === 'CustomResourceDefinition');
  const types = createKindTypes(await loadBuiltinTypes(), {
    knownFields: [],
    definitionOf: (group, kind) => definitions.find((definition) => defines(definition, group, kind)),
  });
  const scopeOf = scopes(definitions, states);
  const isLive = (group: string, kind: string): boolean =>
    states.some(({ key, live }) => live !== undefined && key.group === group && key.kind === kind);
  const isKnown = (group: string, kind: string): boolean =>
    isLive(group, kind) || scopes(definitions, [])(group, kind) !== undefined;
  return planSync({ ...request, states, manifests, types, scopeOf, isKnown });
}

function stateOf(item: ManagedResource): ManagedState {
  const { group = '', kind = '', namespace = '', name = '', modified = false } = item;
  return {
    key: { group, kind, namespace, name },
    target: readState(item.targetState),
    live: readState(item.liveState),
    normalizedLive: readState(item.normalizedLiveState),
    predictedLive: readState(item.predictedLiveState),
    modified,
  };
}

/** The states travel as texts; an absent one is 'null' or ''. */
function readState(text: string | undefined): KubeObject | undefined {
  const state = text ? parseJson(text) : null;
  return isObject(state) && isKubeObject(state) ? state : undefined;
}

const defines = (definition: KubeObject, group: string, kind: string): boolean =>
  textAt(definition, 'spec', 'group') === group && textAt(definition, 'spec', 'names', 'kind') === kind;

/** By the built-in kinds, the definitions that are told, and the resources that are there. */
function scopes(definitions: readonly KubeObject[], states: readonly ManagedState[]): ScopeOf {
  const builtin = new Map<string, boolean>();
  for (const [apiVersion, entries] of Object.entries(builtinResources())) {
    const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
    for (const { kind, namespaced } of entries) builtin.set(`${group}/${kind}`, namespaced);
  }
  return (group, kind) => {
    const definition = definitions.find((one) => defines(one, group, kind));
    if (definition) return textAt(definition, 'spec', 'scope') !== 'Cluster';
    const present = states.find(({ key }) => key.group === group && key.kind === kind);
    return builtin.get(`${group}/${kind}`) ?? (present && present.key.namespace !== '');
  };
}
