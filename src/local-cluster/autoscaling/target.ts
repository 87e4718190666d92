// What an autoscaler scales: anything that has the scale subresource.

import { at, numberAt, textAt, withAt } from '../../core/json.ts';
import { matchesLabels, type Requirement, selectorRequirements } from '../../objects/label-selector.ts';
import { parseLabelSelector } from '../../objects/label-selector-text.ts';
import { groupOf, isKubeObject, type KubeObject, labelsOf, versionOf } from '../../objects/object.ts';
import type { ReconcilerClient } from '../controllers/reconciler.ts';
import type { Kind } from '../kinds.ts';
import { scalePaths } from '../scale-paths.ts';
import { hasSubresource } from '../strategy.ts';

export interface Target {
  readonly kind: Kind;
  readonly object: KubeObject;
  /** As asked for. */
  readonly replicas: number;
  /** Those of the Pods that are its; undefined where it has no selector. */
  readonly selector: readonly Requirement[] | undefined;
}

/** Answers why there is none. */
export function targetOf(client: ReconcilerClient, autoscaler: KubeObject): Target | string {
  const reference = (field: string): string => textAt(autoscaler, 'spec', 'scaleTargetRef', field);
  const [apiVersion, kindName, name] = [reference('apiVersion'), reference('kind'), reference('name')];
  const kind = client.api.kinds.ofKind(groupOf(apiVersion), versionOf(apiVersion), kindName);
  if (!kind) return `no matches for kind "${kindName}" in group "${groupOf(apiVersion)}"`;
  const resource = `${kind.plural}${kind.group === '' ? '' : `.${kind.group}`}`;
  if (!hasSubresource(kind, 'scale')) return `the server could not find the requested resource`;
  const object = client.get(kind.storage, autoscaler.metadata.namespace ?? '', name);
  if (!object) return `${resource} "${name}" not found`;
  const paths = scalePaths(kind);
  return {
    kind,
    object,
    replicas: numberAt(object, ...paths.replicas) ?? (kind.custom ? 0 : 1),
    selector: selectorOf(object, kind),
  };
}

function selectorOf(object: KubeObject, kind: Kind): readonly Requirement[] | undefined {
  const { selector } = scalePaths(kind);
  if (!kind.custom) {
    const own = at(object, 'spec', 'selector');
    return own === undefined ? undefined : selectorRequirements(own);
  }
  const text = selector === undefined ? '' : textAt(object, ...selector);
  return text === '' ? undefined : parseLabelSelector(text);
}

export async function scaleTarget(client: ReconcilerClient, { kind, object }: Target, replicas: number): Promise<void> {
  const after = withAt(object, scalePaths(kind).replicas, replicas);
  if (isKubeObject(after)) await client.update(kind.storage, object, after, 'scale');
}

export function podsOf(client: ReconcilerClient, { object, selector }: Target): KubeObject[] {
  if (!selector) return [];
  const { namespace = '' } = object.metadata;
  return client.list('/pods', namespace).filter((pod) => matchesLabels(selector, labelsOf(pod)));
}
