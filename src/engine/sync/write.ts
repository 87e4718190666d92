// How a target is written: by which kind of request, as the sync options of the application and of the object say.

import { sameJson } from '../../core/json.ts';
import { groupOf, type KubeObject } from '../../objects/object.ts';
import { hasOption, hasOwnOption, isOn } from './options.ts';

export interface WriteRules {
  readonly syncOptions: readonly string[];
  readonly force: boolean;
}

/** 'recreate' deletes the live object first. */
export type WriteMethod = 'create' | 'apply' | 'server-side' | 'replace' | 'recreate';

export function writeMethod(target: KubeObject, live: KubeObject | undefined, rules: WriteRules): WriteMethod {
  if (live && isMadeAnew(target, live, rules)) return 'recreate';
  if (appliesOnServer(target, rules)) return 'server-side';
  if (!live) return 'create';
  return isReplaced(target, live, rules) ? 'replace' : 'apply';
}

export function appliesOnServer(target: KubeObject, { syncOptions }: Pick<WriteRules, 'syncOptions'>): boolean {
  return isOn(syncOptions, target, 'ServerSideApply') && !isOn(syncOptions, target, 'Replace');
}

const has = (target: KubeObject, live: KubeObject | undefined, option: string): boolean =>
  hasOwnOption(target, option) || hasOwnOption(live, option);

function isReplaced(target: KubeObject, live: KubeObject, { syncOptions }: WriteRules): boolean {
  return isOn(syncOptions, target, 'Replace') || has(target, live, 'Replace=true');
}

/** Whatever else hangs on a definition or a namespace would go with it: they are never made anew. */
const NEVER_RECREATED: ReadonlySet<string> = new Set(['/Namespace', 'apiextensions.k8s.io/CustomResourceDefinition']);

/** Whether an object that cannot be changed is deleted and created again. */
export function isForced(target: KubeObject, live: KubeObject, { force, syncOptions }: WriteRules): boolean {
  if (NEVER_RECREATED.has(`${groupOf(target.apiVersion)}/${target.kind}`)) return false;
  return force || isOn(syncOptions, target, 'Force') || has(target, live, 'Force=true');
}

/** What is replaced by force, as by `kubectl replace --force`, and a binding of another role, as by `kubectl auth reconcile`. */
function isMadeAnew(target: KubeObject, live: KubeObject, rules: WriteRules): boolean {
  if (isReplaced(target, live, rules)) return isForced(target, live, rules);
  const isBinding = target.apiVersion === 'rbac.authorization.k8s.io/v1' && target.kind.endsWith('RoleBinding');
  return isBinding && !sameJson(target['roleRef'], live['roleRef']);
}

/** Why a live object that Git no longer has is left alone; undefined when it is pruned. */
export function reasonToKeep(
  live: KubeObject | undefined,
  { prune, syncOptions }: Pick<WriteRules, 'syncOptions'> & { readonly prune: boolean },
): string | undefined {
  if (!prune) return 'ignored (requires pruning)';
  return hasOption(syncOptions, live, 'Prune=false') ? 'ignored (no prune)' : undefined;
}

/** Whether a person is asked before a live object is pruned. */
export const asksBeforePrune = (live: KubeObject | undefined, syncOptions: readonly string[]): boolean =>
  hasOption(syncOptions, live, 'Prune=confirm');
