// Roles and bindings: who may do what, and why.

import { isObject, type JsonObject, listAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { Store } from '../store/store.ts';
import { type Attributes, isResource } from './attributes.ts';
import { accountUserName, isMaster, type User } from './user.ts';

export const RBAC = 'rbac.authorization.k8s.io';

export interface Rule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
  readonly nonResourceURLs: readonly string[];
}

export interface Decision {
  readonly allowed: boolean;
  /** Which binding allowed it, or what was wrong with those that were looked at. */
  readonly reason: string;
}

/** Decides by the roles that are bound to a user, his groups or his service account. */
export function decide(store: Store, user: User, attributes: Attributes): Decision {
  if (isMaster(user)) return { allowed: true, reason: '' };
  const errors: string[] = [];
  for (const grant of grantsOf(store, user, isResource(attributes) ? attributes.namespace : '')) {
    if ('error' in grant) errors.push(grant.error);
    else if (grant.rules.some((rule) => ruleAllows(rule, attributes)))
      return { allowed: true, reason: `RBAC: allowed by ${grant.source}` };
  }
  const found = errors.length > 1 ? `[${errors.join(', ')}]` : errors.join('');
  return { allowed: false, reason: found === '' ? '' : `RBAC: ${found}` };
}

/** All rules that hold for a user in a namespace ('': in all of the cluster). */
export function rulesFor(store: Store, user: User, namespace: string): Rule[] {
  return [...grantsOf(store, user, namespace)].flatMap((grant) => ('error' in grant ? [] : grant.rules));
}

type Grant = { readonly rules: readonly Rule[]; readonly source: string } | { readonly error: string };

function* grantsOf(store: Store, user: User, namespace: string): Generator<Grant> {
  const bindings = [
    ...store.list(`${RBAC}/clusterrolebindings`),
    ...(namespace === '' ? [] : store.list(`${RBAC}/rolebindings`, namespace)),
  ];
  for (const binding of bindings) {
    const subject = listAt(binding, 'subjects').find((candidate) => names(candidate, user, binding));
    if (!isObject(subject)) continue;
    const role = roleOfBinding(store, binding);
    if (role) yield { rules: rulesOf(role), source: describe(binding, subject) };
    else yield { error: missingRole(binding) };
  }
}

/** The role that a binding refers to. */
export function roleOfBinding(store: Store, binding: KubeObject): KubeObject | undefined {
  const name = textAt(binding, 'roleRef', 'name');
  if (textAt(binding, 'roleRef', 'kind') === 'ClusterRole') return store.get(`${RBAC}/clusterroles`, '', name);
  return store.get(`${RBAC}/roles`, binding.metadata.namespace ?? '', name);
}

function missingRole(binding: KubeObject): string {
  const kind = textAt(binding, 'roleRef', 'kind').toLowerCase();
  return `${kind}.${RBAC} "${textAt(binding, 'roleRef', 'name')}" not found`;
}

function names(subject: unknown, user: User, { metadata }: KubeObject): boolean {
  const name = textAt(subject, 'name');
  switch (textAt(subject, 'kind')) {
    case 'User':
      return user.name === name;
    case 'Group':
      return user.groups.includes(name);
    case 'ServiceAccount':
      return user.name === accountUserName(textAt(subject, 'namespace') || (metadata.namespace ?? ''), name);
    default:
      return false;
  }
}

/** A binding in the words of a review's reason. */
function describe({ kind, metadata, ...binding }: KubeObject, subject: JsonObject): string {
  const { name = '', namespace } = metadata;
  const bound = namespace === undefined ? name : `${name}/${namespace}`;
  const role = `${textAt(binding, 'roleRef', 'kind')} "${textAt(binding, 'roleRef', 'name')}"`;
  const account = textAt(subject, 'namespace') || (namespace ?? '');
  const isAccount = textAt(subject, 'kind') === 'ServiceAccount';
  const who = isAccount ? `${textAt(subject, 'name')}/${account}` : textAt(subject, 'name');
  return `${kind} "${bound}" of ${role} to ${textAt(subject, 'kind')} "${who}"`;
}

export function rulesOf(role: JsonObject): Rule[] {
  return listAt(role, 'rules').map((rule) => ({
    verbs: texts(rule, 'verbs'),
    apiGroups: texts(rule, 'apiGroups'),
    resources: texts(rule, 'resources'),
    resourceNames: texts(rule, 'resourceNames'),
    nonResourceURLs: texts(rule, 'nonResourceURLs'),
  }));
}

const texts = (rule: unknown, field: string): readonly string[] => listAt(rule, field).map(String);

/** Whether one rule allows what is asked. */
export function ruleAllows(rule: Rule, attributes: Attributes): boolean {
  if (!holds(rule.verbs, attributes.verb)) return false;
  if (!isResource(attributes)) return rule.nonResourceURLs.some((url) => coversPath(url, attributes.path));
  const { group, resource, subresource, name } = attributes;
  const whole = subresource === '' ? resource : `${resource}/${subresource}`;
  const isNamed = rule.resourceNames.length === 0 || rule.resourceNames.includes(name);
  const isOfResource =
    holds(rule.resources, whole) || (subresource !== '' && rule.resources.includes(`*/${subresource}`));
  return holds(rule.apiGroups, group) && isOfResource && isNamed;
}

const holds = (allowed: readonly string[], value: string): boolean => allowed.includes('*') || allowed.includes(value);

const coversPath = (pattern: string, path: string): boolean =>
  pattern === '*' || pattern === path || (pattern.endsWith('*') && path.startsWith(pattern.slice(0, -1)));

/** The rules of all roles that an aggregating role's selectors choose are put together by a controller. */
export const aggregates = (role: KubeObject): boolean =>
  listAt(role, 'aggregationRule', 'clusterRoleSelectors').length > 0;
