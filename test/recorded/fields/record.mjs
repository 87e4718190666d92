// Asks a real API server what it says of every change of one field, and keeps of each kind the answers that tell something:
//   NODE_TLS_REJECT_UNAUTHORIZED=0 node test/recorded/fields/record.mjs URL TOKEN [KIND...]
// Nothing is stored there but a namespace with its service account: all else is a dry run.

import { readFileSync, writeFileSync } from 'node:fs';
import { loadAll } from 'js-yaml';
import { recordOf, settled } from './answers.mjs';
import { mutated, mutationsOf } from './mutations.mjs';

const [url, token, ...only] = process.argv.slice(2);
const here = new URL('.', import.meta.url);
const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'application/json' };

/** What the templates of workloads hold is the same as what a Pod holds. */
const isSkipped = (kind) => (path) =>
  path.startsWith('metadata.managedFields') ||
  (path.startsWith('metadata.') && kind !== 'ConfigMap') ||
  (kind !== 'Pod' && /template\.(spec|metadata)\.\w+\./i.test(path));

const { definitions } = await get('/openapi/v2');
const namespace = 'fields';
await post('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
await post(`/api/v1/namespaces/${namespace}/serviceaccounts`, {
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: 'default' },
});

for (const base of loadAll(readFileSync(new URL('bases.yaml', here), 'utf8'))) {
  if (only.length === 0 || only.includes(base.kind)) await record(base);
}

async function record(base) {
  const { apiVersion, kind, metadata } = base;
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const { resources } = await get(root);
  const resource = resources.find((one) => one.kind === kind && !one.name.includes('/'));
  const path = `${root}${resource.namespaced ? `/namespaces/${namespace}` : ''}/${resource.name}?dryRun=All`;
  const answer = await post(path, base);
  if (answer.status >= 300) throw new Error(`${kind} ${metadata.name}: ${answer.body.message}`);
  const usual = settled(answer.body);
  const cases = [];
  const told = new Set();
  for (const mutation of mutationsOf(base, typeOf(base), { definitions, isSkipped: isSkipped(kind) })) {
    const answered = await post(path, mutated(base, mutation)).catch(() => undefined);
    if (!answered) continue;
    const kept = recordOf(answered, usual);
    if (isNew(told, mutation, kept)) cases.push({ path: mutation.path, ...given(mutation), ...kept });
  }
  const name = `${kind.toLowerCase()}-${metadata.name.replace(/[^a-z0-9-]/g, '-')}.json`;
  const lines = cases.map((one) => JSON.stringify(one)).join(',\n');
  writeFileSync(
    new URL(name, here),
    `{"path":${JSON.stringify(path)},\n"object":${JSON.stringify(base)},\n"answer":${JSON.stringify(usual)},\n"cases":[\n${lines}\n]}\n`,
  );
  process.stdout.write(`${name} ${cases.length}\n`);
}

function given({ value }) {
  return value === undefined ? {} : { value };
}

/** A case is kept when one of its sentences, or of the fields that it changes, was not there before. */
function isNew(told, { path }, { status, message = '', changes = {} }) {
  const said = message.split(/, (?=[a-z]\w*[.:[])/).map((sentence) =>
    sentence
      .replace(/^.*?([\w\]]+): /, '$1: ')
      .replace(/"(?:[^"\\]|\\.)*"|\d+|\{.*\}|\[.*?\]/g, '')
      .slice(0, 120),
  );
  const names = Object.keys(changes).map((changed) => changed.split('/').at(-1));
  const parts = status < 300 ? [`${path.at(-1)} ${[...new Set(names)].sort()}`] : said;
  const fresh = parts.filter((part) => !told.has(part));
  for (const part of fresh) told.add(part);
  return fresh.length > 0;
}

function typeOf({ apiVersion, kind }) {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const isOf = (type) => type.group === group && type.version === version && type.kind === kind;
  const [name] =
    Object.entries(definitions).find(([, { 'x-kubernetes-group-version-kind': types = [] }]) => types.some(isOf)) ?? [];
  return `#/definitions/${name}`;
}

async function get(path) {
  return (await fetch(`${url}${path}`, { headers })).json();
}

async function post(path, object) {
  const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(object) });
  return { status: answer.status, body: await answer.json(), warning: answer.headers.get('warning') };
}
