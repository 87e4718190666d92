// Names, labels and annotations.

import type { JsonObject } from '../../core/json.ts';
import { labelValueProblems, qualifiedProblems, SUBDOMAIN, SUBDOMAIN_RULE } from '../../objects/label-names.ts';
import { type Cause, invalidValue } from '../status.ts';

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SERVICE = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;

const LABEL_RULE =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const SERVICE_RULE =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

const IDENTIFIER_RULE =
  "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName', regex used for validation is '[A-Za-z_][A-Za-z0-9_]*')";

/** A name as programs have them. */
export const identifierProblems = (value: string): string[] =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(value) ? [] : [IDENTIFIER_RULE];

const KEY_RULE =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

/** What a text breaks of the rule for labels of DNS. */
export function labelProblems(value: string): string[] {
  const long = value.length > 63 ? ['must be no more than 63 characters'] : [];
  if (LABEL.test(value)) return long;
  return [...long, SUBDOMAIN.test(value) ? 'must not contain dots' : LABEL_RULE];
}

export function subdomainProblems(value: string): string[] {
  const long = value.length > 253 ? ['must be no more than 253 characters'] : [];
  return [...long, ...(SUBDOMAIN.test(value) ? [] : [SUBDOMAIN_RULE])];
}

export function serviceProblems(value: string): string[] {
  return [
    ...(value.length > 63 ? ['must be no more than 63 characters'] : []),
    ...(SERVICE.test(value) ? [] : [SERVICE_RULE]),
  ];
}

/** A key of a ConfigMap or Secret. */
export function configKeyProblems(key: string): string[] {
  if (key === '.' || key === '..') return [`must not be '${key}'`];
  if (key.length > 253) return ['must be no more than 253 characters'];
  return /^[-._a-zA-Z0-9]+$/.test(key) ? [] : [KEY_RULE];
}

/** Names of these kinds may hold what paths may hold. */
export function pathProblems(value: string): string[] {
  if (value === '.' || value === '..') return [`may not be '${value}'`];
  return ['/', '%'].filter((part) => value.includes(part)).map((part) => `may not contain '${part}'`);
}

export function labelCauses(field: string, labels: JsonObject): Cause[] {
  return Object.entries(labels).flatMap(([key, value]) => [
    ...labelNameCauses(field, key),
    ...labelValueProblems(String(value)).map((problem) => invalidValue(field, String(value), problem)),
  ]);
}

/** The name of a label, as it is written. */
export const labelNameCauses = (field: string, name: string): Cause[] => keyCauses(field, name, name);

const WILDCARD_RULE =
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

export function wildcardProblems(value: string): string[] {
  const long = value.length > 253 ? ['must be no more than 253 characters'] : [];
  const fits = value.startsWith('*.') && SUBDOMAIN.test(value.slice(2));
  return [...long, ...(fits ? [] : [WILDCARD_RULE])];
}

/** What a key of labels or annotations breaks; it is told by the text. */
export const keyCauses = (field: string, key: string, text: string): Cause[] =>
  qualifiedProblems(key).map((problem) => invalidValue(field, text, problem));
