import type { ApplicationSetTarget } from '../../../../api/application-sets.ts';
import { omitUndefined } from '../../../../core/omit-undefined.ts';
import type { Flag } from '../../../input/flags.ts';
import { targetOf } from '../../../input/target.ts';

export const NAMESPACE = {
  name: 'appset-namespace',
  short: 'N',
  type: 'string',
  value: 'namespace',
  summary: 'namespace of the ApplicationSet',
} as const satisfies Flag;

/** 'shops' or 'argocd/shops', as it was typed. */
export function setTarget(text: string, namespace: string | undefined): ApplicationSetTarget {
  const { name, appNamespace } = targetOf(text, namespace);
  return { name, ...omitUndefined({ appsetNamespace: appNamespace }) };
}
