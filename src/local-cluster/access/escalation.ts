// Nobody gives away a right that he has not: checked when roles and bindings are written.

import { isObject, type JsonObject, sameJson, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { Kind } from '../kinds.ts';
import { forbidden, notFound } from '../status.ts';
import type { Store } from '../store/store.ts';
import { decide, RBAC, type Rule, roleOfBinding, ruleAllows, rulesFor, rulesOf } from './rules.ts';
import { isMaster, type User } from './user.ts';

interface RoleWrite {
  readonly user: User;
  readonly object: KubeObject;
  readonly before: KubeObject | undefined;
}

/** Throws when the write of a role or binding would give rights that its writer lacks. */
export function checkEscalation(store: Store, kind: Kind, { user, object, before }: RoleWrite): void {
  if (kind.group !== RBAC || isMaster(user)) return;
  if (before && sameJson(withoutOwners(object), withoutOwners(before))) return;
  const isRole = kind.plural === 'roles' || kind.plural === 'clusterroles';
  const { name = '', namespace = '' } = object.metadata;
  const role = isRole ? object : roleOfBinding(store, object);
  const roleName = isRole ? name : textAt(object, 'roleRef', 'name');
  const roles = isRole ? kind.plural : rolesOf(object);
  const right = { group: RBAC, resource: roles, subresource: '', namespace, name: roleName };
  if (decide(store, user, { ...right, verb: isRole ? 'escalate' : 'bind' }).allowed) return;
  // The binding is named, and not the role that is not there.
  if (!role) throw notFound(kind, roleName);
  const held = rulesFor(store, user, namespace);
  const gathers = isRole && [object, before].some((role) => isObject(role?.['aggregationRule']));
  if (gathers && missingRights([EVERYTHING, ANY_PATH], held).length > 0)
    throw forbidden(kind, name, 'must have cluster-admin privileges to use the aggregationRule');
  const missing = missingRights(rulesOf(role), held);
  if (missing.length === 0) return;
  const groups = `[${user.groups.map((group) => JSON.stringify(group)).join(' ')}]`;
  const who = `user ${JSON.stringify(user.name)} (groups=${groups})`;
  const lines = [...new Set(missing.map(compactRule))].sort().join('\n');
  throw forbidden(kind, name, `${who} is attempting to grant RBAC permissions not currently held:\n${lines}`);
}

/** What the garbage collector writes gives no rights; a label does, where a role gathers others by it. */
function withoutOwners(object: KubeObject): JsonObject {
  const { ownerReferences: _owners, finalizers: _finalizers, managedFields: _fields, ...metadata } = object.metadata;
  return { ...object, metadata };
}

const rolesOf = (binding: KubeObject): string =>
  textAt(binding, 'roleRef', 'kind') === 'ClusterRole' ? 'clusterroles' : 'roles';

const NOTHING: Rule = { verbs: [], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: [] };
/** What a role that gathers others may come to hold. */
const EVERYTHING: Rule = { ...NOTHING, verbs: ['*'], apiGroups: ['*'], resources: ['*'] };
const ANY_PATH: Rule = { ...NOTHING, verbs: ['*'], nonResourceURLs: ['*'] };

/** The rights of rules that no rule held covers, the verbs of one resource together, those of paths apart. */
function missingRights(rules: readonly Rule[], held: readonly Rule[]): Rule[] {
  const single = rules.flatMap(singleRights).filter((right) => !held.some((rule) => covers(rule, right)));
  const together = new Map<string, Rule>();
  for (const right of single) {
    const key = JSON.stringify(right.nonResourceURLs.length > 0 ? right : { ...right, verbs: [] });
    const earlier = together.get(key);
    together.set(key, earlier ? { ...earlier, verbs: [...new Set([...earlier.verbs, ...right.verbs])] } : right);
  }
  return [...together.values()];
}

/** A rule as rights of one verb on one resource or path each. */
function singleRights(rule: Rule): Rule[] {
  const names = rule.resourceNames.length === 0 ? [[]] : rule.resourceNames.map((name) => [name]);
  return rule.verbs.flatMap((verb) => [
    ...rule.nonResourceURLs.map((url) => ({ ...NOTHING, verbs: [verb], nonResourceURLs: [url] })),
    ...rule.apiGroups.flatMap((group) =>
      rule.resources.flatMap((resource) =>
        names.map((resourceNames) => ({
          ...NOTHING,
          verbs: [verb],
          apiGroups: [group],
          resources: [resource],
          resourceNames,
        })),
      ),
    ),
  ]);
}

function covers(rule: Rule, right: Rule): boolean {
  const [verb = ''] = right.verbs;
  const [url] = right.nonResourceURLs;
  if (url !== undefined) return ruleAllows(rule, { verb, path: url });
  const [whole = ''] = right.resources;
  const [resource = '', subresource = ''] = whole.split('/');
  const [group = ''] = right.apiGroups;
  return ruleAllows(rule, { verb, group, resource, subresource, namespace: '', name: right.resourceNames[0] ?? '' });
}

const FIELDS = [
  ['APIGroups', 'apiGroups'],
  ['Resources', 'resources'],
  ['NonResourceURLs', 'nonResourceURLs'],
  ['ResourceNames', 'resourceNames'],
  ['Verbs', 'verbs'],
] as const;

/** A rule in one line: `{APIGroups:[""], Resources:["pods"], Verbs:["get"]}`. */
function compactRule(rule: Rule): string {
  const parts = FIELDS.filter(([, field]) => rule[field].length > 0).map(
    ([title, field]) => `${title}:[${rule[field].map((text) => JSON.stringify(text)).join(' ')}]`,
  );
  return `{${parts.join(', ')}}`;
}
