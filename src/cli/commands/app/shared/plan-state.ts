// What a plan rests on, and what of it has changed since.

import { isObject, type JsonObject, parseJson, sameJson, toJson } from '../../../../core/json.ts';
import type { Application } from '../../../../model/application.ts';
import { isSecretKind } from '../../../../model/manifest.ts';
import type { ManagedResource } from '../../../../model/resource.ts';
import type { PlanStep } from '../../../../model/sync-plan.ts';
import { resourceText } from '../../../../render/sync-plan.ts';
import { fingerprint, type PlanState, type SavedPlan } from '../../../input/plan-file.ts';
import type { MadePlan } from './make-plan.ts';

const ABSENT = '';

export function stateOf({ application, manifests, plan, resources }: MadePlan): PlanState {
  const lives = new Map(resources.map((item) => [keyOf(item), liveFingerprint(item)]));
  const keys = plan.steps.filter(({ action }) => action !== 'hook').map(keyOf);
  return {
    ...applicationState(application),
    manifests: fingerprint(manifests),
    resources: Object.fromEntries(keys.map((key) => [key, lives.get(key) ?? ABSENT])),
  };
}

export const applicationState = ({ spec, status }: Application): Pick<PlanState, 'spec' | 'operation'> => ({
  spec: fingerprint(spec),
  operation: status?.operationState?.startedAt ?? '',
});

const keyOf = ({ group = '', kind = '', namespace = '', name = '' }: ManagedResource | PlanStep): string =>
  `${group}/${kind}/${namespace}/${name}`;

/** Without what the cluster writes at its own pace; the values of Secrets are told by their version alone. */
function liveFingerprint(item: ManagedResource): string {
  const live = readState(item.normalizedLiveState) ?? readState(item.liveState);
  if (!live) return ABSENT;
  const { status: _status, metadata, ...rest } = live;
  const {
    managedFields: _fields,
    resourceVersion: _version,
    generation: _generation,
    ...named
  } = isObject(metadata) ? metadata : {};
  const isSecret = isSecretKind({ group: item.group ?? '', kind: item.kind ?? '' });
  return fingerprint([rest, named, isSecret ? (item.resourceVersion ?? '') : '']);
}

/** The states travel as texts; an absent one is 'null' or ''. */
function readState(text: string | undefined): JsonObject | undefined {
  const state = text ? parseJson(text) : null;
  return isObject(state) ? state : undefined;
}

type Before = Pick<SavedPlan, 'plan' | 'state'>;

/** In sentences; none where all is as it was. */
export function changesSince({ plan, state }: Before, made: MadePlan): string[] {
  const now = stateOf(made);
  const moved = [...applicationChanges(state, now)];
  if (state.manifests !== now.manifests) moved.push('the target revision has other manifests');
  for (const step of [...plan.steps, ...made.plan.steps]) {
    const key = keyOf(step);
    const [before, after] = [state.resources[key], now.resources[key]];
    if (step.action === 'hook' || before === undefined || after === undefined || before === after) continue;
    moved.push(`${resourceText(step)} ${changeWords(before, after)}`);
  }
  const isOther = !sameJson(toJson(plan.steps), toJson(made.plan.steps));
  if (moved.length === 0 && isOther) moved.push('a sync would do other steps');
  return [...new Set(moved)];
}

export function applicationChanges(
  before: Pick<PlanState, 'spec' | 'operation'>,
  now: Pick<PlanState, 'spec' | 'operation'>,
): string[] {
  return [
    ...(before.spec === now.spec ? [] : ['the specification of the application was changed']),
    ...(before.operation === now.operation ? [] : [`another operation began at ${now.operation || 'an unknown time'}`]),
  ];
}

function changeWords(before: string, after: string): string {
  if (before === ABSENT) return 'was created in the cluster';
  return after === ABSENT ? 'was deleted from the cluster' : 'was changed in the cluster';
}
