import type { ApplicationTarget } from '../../api/applications.ts';
import type { Flag } from './flags.ts';

/** 'name' or 'namespace/name'; what is typed with the name wins over -N. */
export function targetOf(name: string, appNamespace?: string): ApplicationTarget {
  const slash = name.indexOf('/');
  if (slash >= 0) return { name: name.slice(slash + 1), appNamespace: name.slice(0, slash) };
  return appNamespace ? { name, appNamespace } : { name };
}

export const NAMESPACE_FLAG = {
  name: 'app-namespace',
  short: 'N',
  type: 'string',
  value: 'namespace',
  summary: 'namespace of the application',
} as const satisfies Flag;
