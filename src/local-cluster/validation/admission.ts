// Webhooks and policies of admission, levels of priority, definitions of signers: what configures the API itself.

import { isObject, type Json, listAt, objectAt, textAt } from '../../core/json.ts';
import { type Cause, duplicate, invalidValue, required } from '../status.ts';
import { labelProblems, subdomainProblems } from './names.ts';
import {
  all,
  at,
  between,
  fields,
  inTurn,
  items,
  known,
  labelSelector,
  needed,
  optional,
  type Rule,
  text,
} from './rules.ts';

const OPERATIONS = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];
export const FAILURES = ['Fail', 'Ignore'];

const star = (value: Json | undefined, path: string, what: string): Cause[] => {
  const list = listAt(value);
  return list.length > 1 && list.includes('*')
    ? [invalidValue(path, list, `if '*' is present, must not specify other ${what}`)]
    : [];
};

/** Which operations on which resources. */
export const operationsRule: Rule = (value, path) => {
  const given = objectAt(value);
  const field = (name: string): string => at(path, name);
  const operations = listAt(given, 'operations');
  return [
    ...needed()(given['apiGroups'], field('apiGroups')),
    ...star(given['apiGroups'], field('apiGroups'), 'API groups'),
    ...needed()(given['apiVersions'], field('apiVersions')),
    ...star(given['apiVersions'], field('apiVersions'), 'API versions'),
    ...needed()(given['resources'], field('resources')),
    ...known(['*', 'Cluster', 'Namespaced'])(given['scope'], field('scope')),
    ...needed()(operations, field('operations')),
    ...star(operations, field('operations'), 'operations'),
    ...operations.flatMap((operation, index) => known(OPERATIONS)(operation, `${field('operations')}[${index}]`)),
  ];
};

export const clientConfig: Rule = (value, path) => {
  const { url, service } = objectAt(value);
  const ways = [url, service].filter((way) => way !== undefined && way !== null).length;
  if (ways !== 1) return [required(path, 'exactly one of url or service is required')];
  if (typeof url === 'string') return webhookUrl(url, at(path, 'url'));
  return fields({ name: needed(), namespace: needed(), path: servicePath, port: between(1, 65_535) })(
    service,
    at(path, 'service'),
  );
};

const servicePath: Rule = (value, path) =>
  typeof value === 'string' && value !== '' && !value.startsWith('/')
    ? [invalidValue(path, value, "must start with a '/'")]
    : [];

const URL_FORM = '; desired format: https://host[/path]';

function webhookUrl(url: string, path: string): Cause[] {
  if (!URL.canParse(url)) return [required(path, `url must be a valid URL: ${url}${URL_FORM}`)];
  const parsed = new URL(url);
  const causes: Cause[] = [];
  if (parsed.protocol !== 'https:')
    causes.push(
      invalidValue(path, parsed.protocol.replace(':', ''), `'https' is the only allowed URL scheme${URL_FORM}`),
    );
  if (parsed.username !== '')
    causes.push(invalidValue(path, parsed.username, 'user information is not permitted in the URL'));
  if (parsed.hash !== '')
    causes.push(invalidValue(path, parsed.hash.slice(1), 'fragments are not permitted in the URL'));
  if (parsed.search !== '')
    causes.push(invalidValue(path, parsed.search.slice(1), 'query parameters are not permitted in the URL'));
  return causes;
}

const hookName: Rule = inTurn(needed(), (value, path) => {
  const name = String(value);
  const problems = subdomainProblems(name);
  if (problems.length > 0) return problems.map((problem) => invalidValue(path, name, problem));
  return name.split('.').length < 3
    ? [invalidValue(path, name, 'should be a domain with at least three segments separated by dots')]
    : [];
});

const matchCondition: Rule = fields({ name: needed(), expression: needed() });

const hook: Rule = fields({
  name: hookName,
  rules: items(operationsRule),
  failurePolicy: known(FAILURES),
  matchPolicy: known(['Equivalent', 'Exact']),
  sideEffects: inTurn(needed('must specify one of None, NoneOnDryRun'), known(['None', 'NoneOnDryRun'])),
  timeoutSeconds: (value, path) =>
    typeof value === 'number' && (value < 1 || value > 30)
      ? [invalidValue(path, value, 'the timeout value must be between 1 and 30 seconds')]
      : [],
  namespaceSelector: optional(labelSelector),
  objectSelector: optional(labelSelector),
  clientConfig,
  admissionReviewVersions: (value, path) => {
    const versions = listAt(value);
    if (versions.length === 0) return [required(path, 'must specify one of v1, v1beta1')];
    const accepted = versions.some((version) => version === 'v1' || version === 'v1beta1');
    return accepted ? [] : [invalidValue(path, versions, 'must include at least one of v1, v1beta1')];
  },
  matchConditions: items(matchCondition),
  reinvocationPolicy: known(['IfNeeded', 'Never']),
});

const differentNames: Rule = (value, path) =>
  listAt(value).flatMap((one, index, list) => {
    const name = textAt(one, 'name');
    const earlier = list.slice(0, index).some((other) => textAt(other, 'name') === name);
    return earlier ? [duplicate(`${path}[${index}].name`, name)] : [];
  });

export const webhookConfiguration: Rule = fields({ webhooks: all(items(hook), differentNames) });

export const apiService: Rule = (object) => {
  const [group, version, name] = [
    textAt(object, 'spec', 'group'),
    textAt(object, 'spec', 'version'),
    textAt(object, 'metadata', 'name'),
  ];
  const expected = `${version}.${group}`;
  const { insecureSkipTLSVerify, caBundle, groupPriorityMinimum, versionPriority, service } = objectAt(object, 'spec');
  const causes: Cause[] =
    name === expected
      ? []
      : [invalidValue('metadata.name', name, `must be \`spec.version+"."+spec.group\`: "${expected}"`)];
  if (group === '')
    causes.push(
      ...(version === 'v1'
        ? []
        : [required('spec.group', 'only v1 may have an empty group and it better be legacy kube')]),
    );
  causes.push(...text(labelProblems)(version, 'spec.version'));
  const range = (value: Json | undefined, field: string, most: number): Cause[] => {
    const priority = Number(value ?? 0);
    return priority > 0 && priority <= most
      ? []
      : [invalidValue(field, priority, `must be positive and less than ${most}`)];
  };
  causes.push(...range(groupPriorityMinimum, 'spec.groupPriorityMinimum', 20_000));
  causes.push(...range(versionPriority, 'spec.versionPriority', 1000));
  if (!isObject(service)) {
    if (caBundle)
      causes.push(
        invalidValue('spec.caBundle', `${String(caBundle).length} bytes`, 'local APIServices may not have a caBundle'),
      );
    if (insecureSkipTLSVerify === true)
      causes.push(
        invalidValue('spec.insecureSkipTLSVerify', true, 'local APIServices may not have insecureSkipTLSVerify'),
      );
    return causes;
  }
  causes.push(...fields({ namespace: needed(), name: needed() })(service, 'spec.service'));
  if (insecureSkipTLSVerify === true && caBundle)
    causes.push(invalidValue('spec.insecureSkipTLSVerify', true, 'may not be true if caBundle is present'));
  return causes;
};
