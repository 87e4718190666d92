// What of an answer is recorded: a refusal's sentence, or what is different from the answer to the object as it is.

import { createHash } from 'node:crypto';

const VOLATILE = ['uid', 'resourceVersion', 'creationTimestamp', 'time', 'deletionTimestamp', 'lastTransitionTime'];
const CHOSEN_BY_SERVER = ['clusterIP', 'clusterIPs', 'nodePort', 'healthCheckNodePort', 'lastPhaseTransitionTime'];

/** Without what differs from run to run. */
export function settled(value, key = '') {
  if (Array.isArray(value)) return value.map((item) => settled(item, key));
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).map(([name, inner]) => [name, settled(inner, name)]);
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  }
  if (value && (VOLATILE.includes(key) || CHOSEN_BY_SERVER.includes(key))) return `<${key}>`;
  if (typeof value !== 'string') return value;
  return value
    .replace(/kube-api-access-[a-z0-9]{5}/g, 'kube-api-access-<>')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<uuid>');
}

/** `{ status, message, causes }` of a refusal, `{ status, changes }` of an object; `warnings` where there are some. */
export function recordOf({ status, body, warning }, usual) {
  const warnings = warning ? { warnings: warning.split(/, (?=299)/).sort() } : {};
  if (status >= 400) return { status, message: shortened(settled(body.message ?? '')), ...warnings };
  return { status, changes: Object.fromEntries(changesOf(usual, settled(body), '')), ...warnings };
}

const LONGEST = 1200;

/** Long sentences show whole structures: their start, and a digest of all of them. */
export function shortened(text) {
  if (text.length <= LONGEST) return text;
  return `${text.slice(0, LONGEST / 4)}… ${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
}

function changesOf(a, b, path) {
  if (JSON.stringify(a) === JSON.stringify(b)) return [];
  const areBoth = (test) => test(a) && test(b);
  const isMap = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
  if (!areBoth(isMap) && !areBoth(Array.isArray)) return [[path, b ?? null]];
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return keys.flatMap((key) => changesOf(a[key], b[key], `${path}/${key}`));
}
