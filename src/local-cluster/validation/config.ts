// ConfigMaps, Secrets, claims, roles and bindings.

import { at, isObject, type Json, type JsonObject, listAt, objectAt, sameJson, textAt } from '../../core/json.ts';
import { type Cause, forbiddenField, invalidValue, required, unsupported } from '../status.ts';
import { asTexts, frozen } from './frozen.ts';
import { configKeyProblems, pathProblems, subdomainProblems } from './names.ts';
import { inTurn, items, labelSelector, needed, type Rule, rowOf, text } from './rules.ts';

const MAX_BYTES = 1_048_576;
const FROZEN = 'field is immutable when `immutable` is set';

export function configMapCauses(object: JsonObject): Cause[] {
  const [values, bytes] = [objectAt(object, 'data'), objectAt(object, 'binaryData')];
  const texts = Object.values(values).reduce((sum: number, value) => sum + Buffer.byteLength(String(value)), 0);
  const size = Object.values(bytes).reduce(
    (sum: number, value) => sum + Buffer.byteLength(String(value), 'base64'),
    texts,
  );
  const long: Cause[] =
    size > MAX_BYTES
      ? [{ field: '[]', reason: 'FieldValueTooLong', message: `may not be more than ${MAX_BYTES} bytes` }]
      : [];
  const twice = Object.keys(values)
    .filter((key) => Object.hasOwn(bytes, key))
    .map((key) => invalidValue(`data[${key}]`, key, 'duplicate of key present in binaryData'));
  return [...keyCauses('data', values), ...twice, ...keyCauses('binaryData', bytes), ...long];
}

export function secretCauses(object: JsonObject): Cause[] {
  const values = objectAt(object, 'data');
  const size = Object.values(values).reduce(
    (sum: number, value) => sum + Buffer.byteLength(String(value), 'base64'),
    0,
  );
  const long: Cause[] =
    size > MAX_BYTES
      ? [{ field: 'data', reason: 'FieldValueTooLong', message: `may not be more than ${MAX_BYTES} bytes` }]
      : [];
  return [...keyCauses('data', values), ...long, ...typeCauses(object, values)];
}

function keyCauses(field: string, values: JsonObject): Cause[] {
  return Object.keys(values).flatMap((key) =>
    configKeyProblems(key).map((problem) => invalidValue(`${field}[${key}]`, key, problem)),
  );
}

const ACCOUNT_NAME = 'kubernetes.io/service-account.name';

/** What a Secret of a known type must hold. */
function typeCauses(object: JsonObject, values: JsonObject): Cause[] {
  const needs = (...keys: readonly string[]): Cause[] =>
    keys.filter((key) => !(key in values)).map((key) => required(`data[${key}]`));
  switch (textAt(object, 'type')) {
    case 'kubernetes.io/dockerconfigjson':
      return jsonCauses('.dockerconfigjson', values) ?? needs('.dockerconfigjson');
    case 'kubernetes.io/dockercfg':
      return jsonCauses('.dockercfg', values) ?? needs('.dockercfg');
    case 'kubernetes.io/tls':
      return needs('tls.crt', 'tls.key');
    case 'kubernetes.io/basic-auth':
      return 'username' in values || 'password' in values ? [] : needs('username', 'password');
    case 'kubernetes.io/ssh-auth':
      return needs('ssh-privatekey');
    case 'kubernetes.io/service-account-token':
      return textAt(object, 'metadata', 'annotations', ACCOUNT_NAME) === ''
        ? [required(`metadata.annotations[${ACCOUNT_NAME}]`)]
        : [];
    default:
      return [];
  }
}

function jsonCauses(key: string, values: JsonObject): Cause[] | undefined {
  const value = values[key];
  if (typeof value !== 'string') return undefined;
  try {
    JSON.parse(Buffer.from(value, 'base64').toString('utf8'));
    return [];
  } catch (thrown) {
    return [invalidValue(`data[${key}]`, '<secret contents redacted>', thrown instanceof Error ? thrown.message : '')];
  }
}

/** Data marked as immutable stays, and stays marked. */
export function immutableCauses(object: JsonObject, before: JsonObject): Cause[] {
  if (at(before, 'immutable') !== true) return [];
  const causes = at(object, 'immutable') === true ? [] : [forbiddenField('immutable', FROZEN)];
  for (const field of ['data', 'binaryData']) {
    if (!sameJson(at(object, field), at(before, field))) causes.push(forbiddenField(field, FROZEN));
  }
  return causes;
}

/** A selector that is broken is told once more as a whole. */
const wholeSelector: Rule = (value, path) => {
  const causes = labelSelector(value, path);
  return causes.length === 0 ? [] : [...causes, invalidValue(path, undefined, 'invalid label selector.')];
};

/** A role that gathers others says which. */
function aggregationCauses(object: JsonObject): Cause[] {
  const rule = object['aggregationRule'];
  if (!isObject(rule)) return [];
  const field = 'aggregationRule.clusterRoleSelectors';
  const none = 'at least one clusterRoleSelector required if aggregationRule is non-nil';
  const selectors = listAt(rule, 'clusterRoleSelectors');
  return selectors.length === 0 ? [required(field, none)] : items(wholeSelector)(selectors, field);
}

export function roleCauses(object: JsonObject): Cause[] {
  return [...ruleCauses(object), ...aggregationCauses(object)];
}

function ruleCauses(object: JsonObject): Cause[] {
  return listAt(object, 'rules').flatMap((rule, index) => {
    const path = `rules[${index}]`;
    const causes: Cause[] = [];
    if (listAt(rule, 'verbs').length === 0)
      causes.push(required(`${path}.verbs`, 'verbs must contain at least one value'));
    if (listAt(rule, 'nonResourceURLs').length > 0) return [...causes, ...pathRuleCauses(object, rule, path)];
    if (listAt(rule, 'apiGroups').length === 0) {
      causes.push(required(`${path}.apiGroups`, 'resource rules must supply at least one api group'));
    }
    if (listAt(rule, 'resources').length === 0) {
      causes.push(required(`${path}.resources`, 'resource rules must supply at least one resource'));
    }
    return causes;
  });
}

/** A rule is about paths or about resources; paths belong to no namespace. */
function pathRuleCauses(role: JsonObject, rule: Json, path: string): Cause[] {
  const urls = listAt(rule, 'nonResourceURLs');
  const field = `${path}.nonResourceURLs`;
  const isNamespaced = textAt(role, 'kind') === 'Role';
  const both = ['apiGroups', 'resources', 'resourceNames'].some((name) => listAt(rule, name).length > 0);
  return [
    ...(isNamespaced ? [invalidValue(field, urls, 'namespaced rules cannot apply to non-resource URLs')] : []),
    ...(both ? [invalidValue(field, urls, 'rules cannot apply to both regular resources and non-resource URLs')] : []),
  ];
}

const RBAC = 'rbac.authorization.k8s.io';
const SUBJECT_GROUPS: Readonly<Record<string, string>> = { ServiceAccount: '', User: RBAC, Group: RBAC };

function roleRefCauses(object: JsonObject, inNamespace: boolean): Cause[] {
  const field = (name: string): string => textAt(object, 'roleRef', name);
  const kinds = inNamespace ? ['Role', 'ClusterRole'] : ['ClusterRole'];
  return [
    ...(field('apiGroup') === RBAC ? [] : [unsupported('roleRef.apiGroup', field('apiGroup'), [RBAC])]),
    ...(kinds.includes(field('kind')) ? [] : [unsupported('roleRef.kind', field('kind'), kinds)]),
    ...inTurn(needed(), text(pathProblems))(field('name'), 'roleRef.name'),
  ];
}

export function bindingCauses(object: JsonObject): Cause[] {
  const inNamespace = textAt(object, 'kind') === 'RoleBinding';
  const subjects = listAt(object, 'subjects').flatMap((subject, index) => {
    const path = `subjects[${index}]`;
    const causes: Cause[] = [];
    if (textAt(subject, 'name') === '') causes.push(required(`${path}.name`));
    const kind = textAt(subject, 'kind');
    const group = rowOf(SUBJECT_GROUPS, kind);
    if (group === undefined) causes.push(unsupported(`${path}.kind`, kind, Object.keys(SUBJECT_GROUPS)));
    else if (textAt(subject, 'apiGroup') !== group) {
      causes.push(unsupported(`${path}.apiGroup`, textAt(subject, 'apiGroup'), [group]));
    }
    const account = kind === 'ServiceAccount';
    if (account) causes.push(...text(subdomainProblems)(textAt(subject, 'name'), `${path}.name`));
    if (account && !inNamespace && textAt(subject, 'namespace') === '') causes.push(required(`${path}.namespace`));
    return causes;
  });
  return [...roleRefCauses(object, inNamespace), ...subjects];
}

export const bindingChangeCauses = frozen(
  { roleRef: asTexts({ APIGroup: 'apiGroup', Kind: 'kind', Name: 'name' }) },
  'cannot change roleRef',
);
