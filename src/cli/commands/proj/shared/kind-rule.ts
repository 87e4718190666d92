// The four verbs that allow and deny kinds: each adds to one list and takes from the other.

import { sameJson } from '../../../../core/json.ts';
import type { KindPattern, ProjectSpec } from '../../../../model/project.ts';
import type { Flag } from '../../../input/flags.ts';
import type { Edit } from './change-project.ts';

export const listFlag = <const Default extends 'allow' | 'deny'>(preset: Default) =>
  ({
    name: 'list',
    short: 'l',
    type: 'string',
    default: preset,
    suggestions: ['allow', 'deny'],
    summary: 'the list to change: allow or deny',
  }) as const satisfies Flag;

type KindList =
  | 'clusterResourceWhitelist'
  | 'clusterResourceBlacklist'
  | 'namespaceResourceWhitelist'
  | 'namespaceResourceBlacklist';

const LISTS: Readonly<Record<Scope, Readonly<Record<'allow' | 'deny', KindList>>>> = {
  cluster: { allow: 'clusterResourceWhitelist', deny: 'clusterResourceBlacklist' },
  namespace: { allow: 'namespaceResourceWhitelist', deny: 'namespaceResourceBlacklist' },
};

type Scope = 'cluster' | 'namespace';

export interface KindRule {
  readonly scope: Scope;
  readonly verb: 'allow' | 'deny';
  /** As it was typed: 'white' and 'black' were its words once. */
  readonly list: string;
  readonly pattern: KindPattern;
}

/** To allow is to be on the one list and not on the other, as is to deny. */
export function applyKindRule(spec: ProjectSpec, { scope, verb, list, pattern }: KindRule): Edit {
  const which = /^(allow|white)$/.test(list) ? 'allow' : 'deny';
  const field = LISTS[scope][which];
  const patterns = spec[field] ?? [];
  const rest = patterns.filter((other) => !isSame(other, pattern));
  const isOn = rest.length < patterns.length;
  const adds = verb === which;
  const listName = `${which === 'allow' ? 'allowed' : 'denied'} ${scope === 'cluster' ? 'cluster' : 'namespaced'} resources`;
  const title = [pattern.group, pattern.kind, pattern.name].filter((part) => part).join('/');
  if (adds === isOn) return { says: `'${title}' is ${isOn ? 'among' : 'not among'} the ${listName} already` };
  const did = adds ? 'added to' : 'removed from';
  return {
    spec: { ...spec, [field]: adds ? [...patterns, pattern] : rest },
    says: `'${title}' ${did} the ${listName}`,
    referenceErr: `${referenceTitle(scope, pattern)} is ${did} ${listName}\n`,
  };
}

const isSame = (one: KindPattern, { group, kind, name = '' }: KindPattern): boolean =>
  sameJson({ group: one.group, kind: one.kind, name: one.name ?? '' }, { group, kind, name });

const referenceTitle = (scope: Scope, { group, kind, name = '' }: KindPattern): string =>
  scope === 'cluster' ? `Group '${group}', kind '${kind}', and name '${name}'` : `Group '${group}' and kind '${kind}'`;
