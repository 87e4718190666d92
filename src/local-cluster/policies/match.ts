// Which requests a policy, or its binding, is about.

import { type Json, type JsonObject, listAt, objectAt, textAt } from '../../core/json.ts';
import { matchesLabels, selectorRequirements } from '../../objects/label-selector.ts';
import { type KubeObject, labelsOf } from '../../objects/object.ts';
import type { Api, JudgedWrite } from '../api.ts';
import type { Kind } from '../kinds.ts';

/** The kind, in the version by which a policy speaks of it; undefined when the policy is not about the request. */
export function matchedKind(api: Api, match: JsonObject, write: JudgedWrite): Kind | undefined {
  if (!selectsNamespace(api, match, write) || !selectsObject(match, write)) return undefined;
  const isRuled = (rules: readonly Json[], kind: Kind): boolean => rules.some((rule) => ruleMatches(rule, kind, write));
  const candidates =
    textAt(match, 'matchPolicy') === 'Exact' ? [write.kind] : [write.kind, ...equivalents(api, write.kind)];
  if (candidates.some((kind) => isRuled(listAt(match, 'excludeResourceRules'), kind))) return undefined;
  const rules = listAt(match, 'resourceRules');
  // A binding that names no resources is about all that its policy is about.
  if (rules.length === 0) return write.kind;
  return candidates.find((kind) => isRuled(rules, kind));
}

/** Other versions of the same resource. */
const equivalents = (api: Api, { storage, version, group }: Kind): Kind[] =>
  api.kinds.all().filter((kind) => kind.storage === storage && (kind.version !== version || kind.group !== group));

/** The namespace of a request; a Namespace is in none. */
export const namespaceOf = ({ kind, object, before }: JudgedWrite): string =>
  kind.namespaced ? ((object ?? before)?.metadata.namespace ?? '') : '';

const selects = (selector: Json | undefined, object: KubeObject | undefined): boolean =>
  object !== undefined && matchesLabels(selectorRequirements(objectAt(selector)), labelsOf(object));

const isEmpty = (selector: JsonObject): boolean =>
  Object.keys(objectAt(selector, 'matchLabels')).length === 0 && listAt(selector, 'matchExpressions').length === 0;

function selectsNamespace(api: Api, match: JsonObject, write: JudgedWrite): boolean {
  const selector = objectAt(match, 'namespaceSelector');
  if (isEmpty(selector)) return true;
  if (write.kind.storage === '/namespaces') return selects(selector, write.object ?? write.before);
  const namespace = namespaceOf(write);
  return namespace === '' || selects(selector, api.store.get('/namespaces', '', namespace));
}

function selectsObject(match: JsonObject, { object, before }: JudgedWrite): boolean {
  const selector = objectAt(match, 'objectSelector');
  return isEmpty(selector) || selects(selector, object) || selects(selector, before);
}

function ruleMatches(rule: Json, kind: Kind, { operation, settings, object, before }: JudgedWrite): boolean {
  const has = (field: string, value: string): boolean => {
    const list = listAt(rule, field);
    return list.includes('*') || list.includes(value);
  };
  const names = listAt(rule, 'resourceNames');
  const name = (object ?? before)?.metadata.name ?? '';
  return (
    has('apiGroups', kind.group) &&
    has('apiVersions', kind.version) &&
    has('operations', operation) &&
    isInScope(textAt(rule, 'scope'), kind) &&
    (names.length === 0 || names.includes(name)) &&
    listAt(rule, 'resources').some((resource) => isResource(String(resource), kind, settings.subresource))
  );
}

const isInScope = (scope: string, kind: Kind): boolean =>
  scope === '' || scope === '*' || (scope === 'Namespaced') === kind.namespaced;

/** 'pods', 'pods/status', '*' for all without their subresources, 'pods/*', and all of both. */
function isResource(pattern: string, kind: Kind, subresource: string): boolean {
  const [resource = '', part = ''] = pattern.split('/');
  return (resource === '*' || resource === kind.plural) && (part === '*' || part === subresource);
}
