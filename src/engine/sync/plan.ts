// What a sync would do, from the states that an API tells: the tasks of the operation, and what each comes to.

import { sameJson } from '../../core/json.ts';
import { differingFields, type FieldChange, fieldText } from '../../core/json-fields.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { IN_CLUSTER } from '../../model/cluster.ts';
import { isHook, isSecret } from '../../model/manifest.ts';
import type { PlanField, PlanStep, SyncPlanning } from '../../model/sync-plan.ts';
import { type KubeObject, keyOf, keyText, type ObjectKey, withAnnotations } from '../../objects/object.ts';
import { compareStates } from '../diff/compare.ts';
import type { IgnoreRules } from '../diff/ignore.ts';
import type { KindTypes } from '../diff/kind-types.ts';
import { LAST_APPLIED_ANNOTATION, lastApplied } from '../diff/normalise.ts';
import { resourceProblem } from '../project.ts';
import { matchResources } from '../resource/match.ts';
import { placed, type ScopeOf } from '../resource/targets.ts';
import { withNamespace } from './namespace.ts';
import { runOrder } from './run-order.ts';
import { isSelected } from './selection.ts';
import { planTasks, type SyncTask, suffixOf } from './tasks.ts';
import { asksBeforePrune, reasonToKeep, type WriteMethod, writeMethod } from './write.ts';

/** A resource as the API of a server tells it. */
export interface ManagedState {
  readonly key: ObjectKey;
  readonly target: KubeObject | undefined;
  readonly live: KubeObject | undefined;
  /** What the server compared, and what it predicted. */
  readonly normalizedLive: KubeObject | undefined;
  readonly predictedLive: KubeObject | undefined;
  readonly modified: boolean;
}

/** With the states read from the texts that they travel as. */
export interface Planning extends Omit<SyncPlanning, 'resources' | 'manifests'> {
  readonly states: readonly ManagedState[];
  /** As they were rendered, hooks included. */
  readonly manifests: readonly KubeObject[];
  readonly types: KindTypes;
  readonly scopeOf: ScopeOf;
  /** Whether the cluster knows a kind for sure. */
  readonly isKnown: (group: string, kind: string) => boolean;
}

/** Every step, in the order in which a sync takes them. */
export async function planSync(planning: Planning): Promise<PlanStep[]> {
  const { application, operation, now: startedAt, revision } = planning;
  const { syncOptions = [], syncStrategy, resources, prune = false } = operation;
  const destinationNamespace = application.spec.destination.namespace ?? '';
  const { name: instance } = application.metadata;
  const lives = planning.states.flatMap(({ live }) => live ?? []);
  const matched = matchResources(targetsOf(planning), lives, { instance });
  const pairs = matched.pairs.filter(({ key }) => isSelected(key, resources));
  const naming = { instance, destinationNamespace, revision, startedAt };
  const hooks = !resources?.length && !syncStrategy?.apply;
  const liveOf = (key: ObjectKey): KubeObject | undefined => liveNamespace(key, lives);
  const tasks = runOrder(
    (gone) => {
      const remaining = pairs.filter(({ key }) => !gone.has(keyText(key)));
      const planned = planTasks(remaining, matched.hooks, { syncOptions, hooks, naming });
      return withNamespace(planned, application, { syncOptions, liveOf });
    },
    ({ live }) => reasonToKeep(live, { syncOptions, prune }) === undefined,
  );
  const declared = new Set(pairs.flatMap(({ key, target }) => (target ? [keyText(key)] : [])));
  const onlyOutOfSync = syncOptions.includes('ApplyOutOfSyncOnly=true');
  const steps: PlanStep[] = [];
  for (const task of tasks) {
    const isOwn = task.target !== undefined && !task.hook && !declared.has(keyText(task.key));
    if (onlyOutOfSync && !isOwn && !task.hook && (await isSynced(task, planning))) continue;
    const step = withPlainName(await stepOf(task, planning, isOwn), suffixOf(task.phase, naming));
    steps.push({ ...step, ...omitUndefined({ problem: problemOf(task, planning) }) });
  }
  return steps;
}

/** Of a kind that nobody here knows nothing is said. */
function problemOf({ target, key }: SyncTask, { application, project, scopeOf }: Planning): string | undefined {
  const namespaced = scopeOf(key.group, key.kind);
  if (!target || namespaced === undefined) return undefined;
  const { server, name } = application.spec.destination;
  const isKnown = server !== undefined || name === IN_CLUSTER.name;
  const destination = isKnown ? { ...application.spec.destination, server: server ?? IN_CLUSTER.server } : undefined;
  return project && resourceProblem(project, { key, namespaced, destination });
}

/** The targets of what was compared stand in the states, masked together with what is live. */
function targetsOf({ states, manifests, areCompared, application, scopeOf }: Planning): KubeObject[] {
  const namespace = application.spec.destination.namespace ?? '';
  const place = (object: KubeObject): KubeObject => placed(object, { namespace, scopeOf });
  const objects = manifests.map(place);
  if (areCompared)
    return [...states.flatMap(({ target }) => (target ? [place(target)] : [])), ...objects.filter(isHook)];
  // What is declared twice is what it is declared as last.
  const byKey = new Map<string, KubeObject>();
  objects.forEach((object, index) => {
    const key = keyText(keyOf(object));
    byKey.delete(key);
    byKey.set(object.metadata.name ? key : `${key}#${index}`, object);
  });
  return [...byKey.values()];
}

/** A namespace with a live object in it is there, whether or not the application manages it. */
function liveNamespace({ name }: ObjectKey, lives: readonly KubeObject[]): KubeObject | undefined {
  const own = lives.find(
    (live) => live.apiVersion === 'v1' && live.kind === 'Namespace' && live.metadata.name === name,
  );
  if (own) return own;
  const isThere = lives.some(({ metadata }) => metadata.namespace === name);
  return isThere ? { apiVersion: 'v1', kind: 'Namespace', metadata: { name } } : undefined;
}

async function isSynced(task: SyncTask, planning: Planning): Promise<boolean> {
  const { target, live } = task;
  if (!target || !live) return false;
  const state = stateOf(task, planning);
  if (planning.areCompared && state) return !state.modified;
  return (await predict(target, live, planning, planning.application.spec.ignoreDifferences ?? [])).length === 0;
}

const stateOf = ({ key }: SyncTask, { states }: Planning): ManagedState | undefined =>
  states.find((state) => keyText(state.key) === keyText(key));

/** `isOwn`: the namespace that the application makes for itself. */
async function stepOf(task: SyncTask, planning: Planning, isOwn: boolean): Promise<PlanStep> {
  const { syncOptions = [], prune = false } = planning.operation;
  const { key, phase, wave, target, live } = task;
  const step = { phase, wave, ...key };
  if (task.hook) return { ...step, action: 'hook', ...(phase === 'SyncFail' ? { reason: ONLY_AFTER_FAILURE } : {}) };
  if (!target) {
    const reason = reasonToKeep(live, { syncOptions, prune });
    if (reason !== undefined) return { ...step, action: 'keep', reason };
    return { ...step, action: 'prune', ...(asksBeforePrune(live, syncOptions) ? { reason: ASKS_FIRST } : {}) };
  }
  if (!live) {
    const reason = isOwn ? UNLESS_THERE : planning.isKnown(key.group, key.kind) ? undefined : IF_KNOWN;
    return { ...step, action: 'create', ...omitUndefined({ reason }) };
  }
  if (isOwn && live.metadata.uid === undefined) return { ...step, action: 'change', reason: MANAGED_METADATA };
  return { ...step, ...(await writeOf(task, { target, live }, planning)) };
}

const ONLY_AFTER_FAILURE = 'only if the sync fails';
const ASKS_FIRST = 'waits until the pruning is confirmed';
const UNLESS_THERE = 'unless it is there already';
const IF_KNOWN = 'if the cluster knows its kind';
const MANAGED_METADATA = 'gets the labels and annotations of managedNamespaceMetadata';
const HIDDEN_VALUES = 'its values are not told: they may be the same';

interface Sides {
  readonly target: KubeObject;
  readonly live: KubeObject;
}

async function writeOf(
  task: SyncTask,
  { target, live }: Sides,
  planning: Planning,
): Promise<Pick<PlanStep, 'action' | 'fields' | 'reason'>> {
  const { syncOptions = [], syncStrategy } = planning.operation;
  const force = syncStrategy?.apply?.force ?? syncStrategy?.hook?.force ?? false;
  const method = writeMethod(target, live, { syncOptions, force });
  const isHidden = isSecret(target) && !planning.areCompared;
  const all = await changesOf(task, { target, live }, planning, method);
  const changes = isHidden ? all.filter(({ before, after }) => before === undefined || after === undefined) : all;
  const fields = changes.map((change) => planField(change, isSecret(target)));
  if (method === 'replace' || method === 'recreate') return { action: method, fields };
  if (isHidden) return { action: 'change', fields, reason: HIDDEN_VALUES };
  return fields.length > 0 ? { action: 'change', fields } : { action: 'unchanged' };
}

const planField = ({ path, before, after }: FieldChange, hidden: boolean): PlanField => ({
  field: fieldText(path),
  ...(hidden || before === undefined ? {} : { live: before }),
  ...(hidden || after === undefined ? {} : { target: after }),
});

/** Who owns which field is not told, so what an apply on the server's side drops is known by the server's own prediction. */
async function changesOf(
  task: SyncTask,
  { target, live }: Sides,
  planning: Planning,
  method: WriteMethod,
): Promise<FieldChange[]> {
  const respects = planning.operation.syncOptions?.includes('RespectIgnoreDifferences=true') ?? false;
  const state = stateOf(task, planning);
  if (planning.areCompared && state?.predictedLive && (respects || method === 'server-side')) {
    return differingFields(state.normalizedLive, state.predictedLive);
  }
  const ignored = respects ? (planning.application.spec.ignoreDifferences ?? []) : [];
  const changes = await predict(target, live, planning, ignored);
  const isApplied = method === 'apply' && !respects && !isSecret(target);
  return isApplied && changes.length === 0 ? appliedText(target, live) : changes;
}

async function predict(
  target: KubeObject,
  live: KubeObject,
  { types }: Planning,
  fields: IgnoreRules['fields'],
): Promise<FieldChange[]> {
  // Expressions of jq are the server's to run.
  const deleteByJq: IgnoreRules['deleteByJq'] = (objects) => Promise.resolve(objects);
  const ignore: IgnoreRules = { fields, deleteByJq, status: 'all', aggregatedRoles: false };
  const { normalizedLive, predictedLive } = await compareStates(target, live, { types, ignore, serverSide: false });
  return differingFields(normalizedLive, predictedLive);
}

/** An apply on the client's side remembers what it applied, and that alone may be a change. */
function appliedText(target: KubeObject, live: KubeObject): FieldChange[] {
  const plain = (object: KubeObject): KubeObject => withAnnotations(object, { [LAST_APPLIED_ANNOTATION]: undefined });
  const last = lastApplied(live);
  if (last && sameJson(plain(last), plain(target))) return [];
  return [{ path: ['metadata', 'annotations', LAST_APPLIED_ANNOTATION], before: undefined, after: undefined }];
}

/** The name of a hook that is made anew in each run holds the time of the run. */
const withPlainName = (step: PlanStep, suffix: string): PlanStep =>
  step.action === 'hook' && step.name.endsWith(suffix)
    ? { ...step, name: `${step.name.slice(0, -suffix.length)}*` }
    : step;
