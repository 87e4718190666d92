// Webhooks and policies of admission, levels of priority, definitions of signers: what configures the API itself.

import { isObject, type Json, listAt, objectAt, textAt } from '../../core/json.ts';
import { type Cause, duplicate, invalidValue, required } from '../status.ts';
import { conditions } from './admission-expressions.ts';
import { pathProblems, serviceProblems, subdomainProblems } from './names.ts';
import {
  all,
  at,
  fields,
  inTurn,
  items,
  labelSelector,
  needed,
  optional,
  portNumber,
  type Rule,
  text,
  word,
} from './rules.ts';

const OPERATIONS = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];
export const FAILURES = ['Fail', 'Ignore'];
export const MATCHES = ['Equivalent', 'Exact'];

const star = (value: Json | undefined, path: string, what: string): Cause[] => {
  const list = listAt(value);
  return list.length > 1 && list.includes('*')
    ? [invalidValue(path, list, `if '*' is present, must not specify other ${what}`)]
    : [];
};

const REVIEWS = ['v1', 'v1beta1'];

export const reviewVersions =
  (lacking = ''): Rule =>
  (value, path) => {
    const versions = listAt(value);
    if (versions.length === 0) return [required(path, lacking)];
    const causes = versions.flatMap((version, index) => {
      const field = `${path}[${index}]`;
      if (versions.indexOf(version) < index) return [invalidValue(field, version, 'duplicate version')];
      return serviceProblems(String(version)).map((problem) => invalidValue(field, version, problem));
    });
    if (versions.some((version) => REVIEWS.includes(String(version)))) return causes;
    return [...causes, invalidValue(path, versions, `must include at least one of ${REVIEWS.join(', ')}`)];
  };

/** Versions of an API; each is some. */
const someTexts: Rule = items(needed());

const resources: Rule = (value, path) => {
  const list = listAt(value).map(String);
  const parts = list.map((one) => one.split('/'));
  const causes = parts.flatMap(([first = '', second], index) => {
    const given = list[index] ?? '';
    const field = `${path}[${index}]`;
    if (given === '') return [required(field)];
    if (second === undefined) return [];
    const earlier = list.slice(0, index);
    return [`${first}/*`, `*/${second}`]
      .filter((wide) => earlier.includes(wide))
      .map((wide) => invalidValue(field, given, `if '${wide}' is present, must not specify ${given}`));
  });
  const whole = list.filter((one) => one !== '' && !one.includes('/'));
  if (list.length > 1 && list.includes('*/*'))
    causes.push(invalidValue(path, list, "if '*/*' is present, must not specify other resources"));
  // The last of them decides.
  if (whole.includes('*') && whole.at(-1) !== '*')
    causes.push(invalidValue(path, list, "if '*' is present, must not specify other resources without subresources"));
  return causes;
};

/** Which operations on which resources. */
export const operationsRule: Rule = (value, path) => {
  const given = objectAt(value);
  const field = (name: string): string => at(path, name);
  const operations = listAt(given, 'operations');
  return [
    ...needed()(operations, field('operations')),
    ...star(operations, field('operations'), 'operations'),
    ...operations.flatMap((operation, index) => word(OPERATIONS)(operation, `${field('operations')}[${index}]`)),
    ...needed()(given['apiGroups'], field('apiGroups')),
    ...star(given['apiGroups'], field('apiGroups'), 'API groups'),
    ...needed()(given['apiVersions'], field('apiVersions')),
    ...star(given['apiVersions'], field('apiVersions'), 'API versions'),
    ...someTexts(given['apiVersions'], field('apiVersions')),
    ...needed()(given['resources'], field('resources')),
    ...resources(given['resources'], field('resources')),
    ...optional(word(['*', 'Cluster', 'Namespaced']))(given['scope'], field('scope')),
  ];
};

export const clientConfig: Rule = (value, path) => {
  const { url, service } = objectAt(value);
  const ways = [url, service].filter((way) => way !== undefined && way !== null).length;
  if (ways !== 1) return [required(path, 'exactly one of url or service is required')];
  if (typeof url === 'string') return webhookUrl(url, at(path, 'url'));
  const { name, namespace } = objectAt(service);
  const field = at(path, 'service');
  // Each of the two is told by the name of the other.
  return [
    ...needed()(namespace, at(field, 'name')),
    ...needed()(name, at(field, 'namespace')),
    ...fields({ port: servicePort, path: servicePath })(service, field),
  ];
};

const servicePort: Rule = (value, path) =>
  portNumber(value, path).map((cause) => ({ ...cause, message: cause.message.replace(': ', ': port is not valid: ') }));

const servicePath: Rule = (value, path) => {
  if (typeof value !== 'string' || value === '' || value === '/') return [];
  // The first letter is taken for a slash.
  const segments = value.slice(1).replace(/\/$/, '').split('/');
  return [
    ...(value.startsWith('/') ? [] : [invalidValue(path, value, "must start with a '/'")]),
    ...segments.flatMap((segment, index) =>
      segment === ''
        ? [invalidValue(path, value, `segment[${index}] may not be empty`)]
        : subdomainProblems(segment).map((problem) => invalidValue(path, value, `segment[${index}]: ${problem}`)),
    ),
  ];
};

const URL_FORM = '; desired format: https://host[/path]';

/** The parts of a URL as Go reads them: all of them may be missing. */
const URL_PARTS = /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(?:\/\/(?:([^/?#]*)@)?([^/?#]*))?[^?#]*(?:\?([^#]*))?(?:#(.*))?$/s;

/** What Go says of a text that is no URL. */
function urlFault(url: string): string | undefined {
  const [, , , host = ''] = URL_PARTS.exec(url) ?? [];
  const [wrong] = /%(?![0-9a-fA-F]{2}).{0,2}/.exec(url) ?? [];
  if (url.startsWith(':')) return 'missing protocol scheme';
  if (wrong !== undefined) return `invalid URL escape "${wrong}"`;
  return host.startsWith('[') && !host.includes(']') ? "missing ']' in host" : undefined;
}

function webhookUrl(url: string, path: string): Cause[] {
  const fault = urlFault(url);
  if (fault !== undefined) return [required(path, `url must be a valid URL: parse "${url}": ${fault}${URL_FORM}`)];
  const [, scheme = '', user, host = '', query = '', fragment = ''] = URL_PARTS.exec(url) ?? [];
  const causes: Cause[] = [];
  if (scheme !== 'https') causes.push(invalidValue(path, scheme, `'https' is the only allowed URL scheme${URL_FORM}`));
  if (host === '') causes.push(invalidValue(path, '', `host must be specified${URL_FORM}`));
  if (user !== undefined) causes.push(invalidValue(path, user, 'user information is not permitted in the URL'));
  if (fragment !== '') causes.push(invalidValue(path, fragment, 'fragments are not permitted in the URL'));
  if (query !== '') causes.push(invalidValue(path, query, 'query parameters are not permitted in the URL'));
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

/** Webhooks have neither parameters nor variables. */
const hookConditions = conditions({ params: false, authorizer: true, variables: undefined });

const hook: Rule = fields({
  name: hookName,
  rules: items(operationsRule),
  failurePolicy: optional(word(FAILURES)),
  matchPolicy: optional(word(MATCHES)),
  sideEffects: (value, path) =>
    value === undefined
      ? [required(path, 'must specify one of None, NoneOnDryRun')]
      : word(['None', 'NoneOnDryRun'])(value, path),
  timeoutSeconds: (value, path) =>
    typeof value === 'number' && (value < 1 || value > 30)
      ? [invalidValue(path, value, 'the timeout value must be between 1 and 30 seconds')]
      : [],
  namespaceSelector: optional(labelSelector),
  objectSelector: optional(labelSelector),
  reinvocationPolicy: optional(word(['IfNeeded', 'Never'])),
  clientConfig,
  matchConditions: hookConditions,
  admissionReviewVersions: reviewVersions('must specify one of v1, v1beta1'),
});

const differentNames: Rule = (value, path) =>
  listAt(value).flatMap((one, index, list) => {
    const name = textAt(one, 'name');
    const earlier = list.slice(0, index).some((other) => textAt(other, 'name') === name);
    return earlier ? [duplicate(`${path}[${index}].name`, name)] : [];
  });

export const webhookConfiguration: Rule = fields({ webhooks: all(items(hook), differentNames) });

export const apiService: Rule = (object) => {
  const [group, version] = [textAt(object, 'spec', 'group'), textAt(object, 'spec', 'version')];
  const expected = `${version}.${group}`;
  const { insecureSkipTLSVerify, caBundle, groupPriorityMinimum, versionPriority, service } = objectAt(object, 'spec');
  const causes = ['generateName', 'name'].flatMap((field): Cause[] => {
    const given = textAt(object, 'metadata', field);
    const isRead = given !== '' && pathProblems(given).length === 0;
    return isRead && given !== expected
      ? [invalidValue(`metadata.${field}`, given, `must be \`spec.version+"."+spec.group\`: "${expected}"`)]
      : [];
  });
  if (group === '')
    causes.push(
      ...(version === 'v1'
        ? []
        : [required('spec.group', 'only v1 may have an empty group and it better be legacy kube')]),
    );
  else causes.push(...text(subdomainProblems)(group, 'spec.group'));
  for (const problem of serviceProblems(version)) causes.push(invalidValue('spec.version', version, problem));
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
        invalidValue(
          'spec.caBundle',
          `${Buffer.from(String(caBundle), 'base64').length} bytes`,
          'local APIServices may not have a caBundle',
        ),
      );
    if (insecureSkipTLSVerify === true)
      causes.push(
        invalidValue('spec.insecureSkipTLSVerify', true, 'local APIServices may not have insecureSkipTLSVerify'),
      );
    return causes;
  }
  causes.push(...fields({ namespace: needed(), name: needed(), port: servicePort })(service, 'spec.service'));
  if (insecureSkipTLSVerify === true && caBundle)
    causes.push(invalidValue('spec.insecureSkipTLSVerify', true, 'may not be true if caBundle is present'));
  return causes;
};
