// Which objects are hooks, of which phases, and when they are deleted.

import { annotatedList } from '../../model/manifest.ts';
import { annotationsOf, type KubeObject } from '../../objects/object.ts';

export const HOOK_FINALIZER = 'argocd.argoproj.io/hook-finalizer';

const HOOK_TYPES = ['PreSync', 'Sync', 'PostSync', 'SyncFail', 'Skip', 'PreDelete', 'PostDelete'] as const;
export type HookType = (typeof HOOK_TYPES)[number];

const HELM_HOOKS: Readonly<Record<string, HookType>> = {
  'pre-install': 'PreSync',
  'pre-upgrade': 'PreSync',
  'post-install': 'PostSync',
  'post-upgrade': 'PostSync',
  'pre-delete': 'PreDelete',
  'post-delete': 'PostDelete',
};

export type HookDeletePolicy = 'BeforeHookCreation' | 'HookSucceeded' | 'HookFailed';

const HELM_DELETE_POLICIES: Readonly<Record<string, HookDeletePolicy>> = {
  'before-hook-creation': 'BeforeHookCreation',
  'hook-succeeded': 'HookSucceeded',
  'hook-failed': 'HookFailed',
};

export type DeleteHookType = 'PreDelete' | 'PostDelete';

/** What holds an application until its hooks have run, and until those are cleaned up. */
export const DELETE_HOOK_FINALIZERS = {
  PreDelete: {
    run: 'pre-delete-finalizer.argocd.argoproj.io',
    cleanup: 'pre-delete-finalizer.argocd.argoproj.io/cleanup',
  },
  PostDelete: {
    run: 'post-delete-finalizer.argocd.argoproj.io',
    cleanup: 'post-delete-finalizer.argocd.argoproj.io/cleanup',
  },
} as const satisfies Record<DeleteHookType, { readonly run: string; readonly cleanup: string }>;

/** Whether the system itself puts a finalizer on an application, for the hooks of its deletion. */
export function isDeleteHookFinalizer(finalizer: string): boolean {
  return Object.values(DELETE_HOOK_FINALIZERS).some(({ run, cleanup }) => finalizer === run || finalizer === cleanup);
}

/** The hook types of an object; empty for an ordinary resource and for one whose only hook is unknown. */
export function hookTypes(object: KubeObject): readonly HookType[] {
  const own = annotatedList(object, 'argocd.argoproj.io/hook');
  const valid = HOOK_TYPES.filter((type) => own.includes(type));
  const real = valid.filter((type) => type !== 'Skip');
  if (valid.length > 0) return real.length > 0 ? real : valid;
  const helm = annotatedList(object, 'helm.sh/hook').flatMap((hook) => HELM_HOOKS[hook] ?? []);
  return own.length > 0 ? [] : [...new Set(helm)];
}

export function isSkipped(object: KubeObject): boolean {
  return hookTypes(object).includes('Skip');
}

export function isDeleteHookOnly(object: KubeObject): boolean {
  const types = hookTypes(object);
  return types.length > 0 && types.every((type) => type === 'PreDelete' || type === 'PostDelete');
}

export function deletePolicies(object: KubeObject): readonly HookDeletePolicy[] {
  const own = annotatedList(object, 'argocd.argoproj.io/hook-delete-policy');
  const helm = annotatedList(object, 'helm.sh/hook-delete-policy').map((policy) => HELM_DELETE_POLICIES[policy]);
  const policies = (['BeforeHookCreation', 'HookSucceeded', 'HookFailed'] as const).filter(
    (policy) => own.includes(policy) || helm.includes(policy),
  );
  return policies.length > 0 ? policies : ['BeforeHookCreation'];
}

/** The wave of an object: Argo's annotation, else Helm's weight, else 0. */
export function waveOf(object: KubeObject): number {
  const annotations = annotationsOf(object);
  for (const name of ['argocd.argoproj.io/sync-wave', 'helm.sh/hook-weight']) {
    const text = annotations[name];
    if (text !== undefined && /^[+-]?\d+$/.test(text)) return Number(text);
  }
  return 0;
}
