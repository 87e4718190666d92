// Asks a real API server what it says of every change of one field, and keeps of each kind the answers that tell something:
//   NODE_TLS_REJECT_UNAUTHORIZED=0 node test/recorded/fields/record.mjs URL TOKEN [KIND...]
// Of each kind three files: what it says of a new object, of a change of one that is there (.change) and of its status (.status).
// Nothing stays there but a namespace with its service account: an object that is changed is removed at the end, all else is a dry run.

import { readFileSync, writeFileSync } from 'node:fs';
import { loadAll } from 'js-yaml';
import { recordOf, settled } from './answers.mjs';
import { mutated, mutationsOf, versioned } from './mutations.mjs';

const [url, token, ...only] = process.argv.slice(2);
const here = new URL('.', import.meta.url);
const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'application/json' };

/** What the templates of workloads hold is the same as what a Pod holds; deep in a Pod nothing may change. */
const isSkipped = (kind, isChange) => (path) =>
  path.startsWith('metadata.managedFields') ||
  (path.startsWith('metadata.') && kind !== 'ConfigMap') ||
  (kind === 'Pod' && isChange && path.startsWith('spec.') && path.split('.').length > 3) ||
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
  const { name, namespaced } = resources.find((one) => one.kind === kind && !one.name.includes('/'));
  const path = `${root}${namespaced ? `/namespaces/${namespace}` : ''}/${name}`;
  const own = `${path}/${metadata.name}`;
  await remove(own);
  await keep({ file: '', method: 'POST', path: `${path}?dryRun=All`, base });
  const kept = changeable(base);
  const made = await post(path, kept);
  if (made.status >= 300) throw new Error(`${kind} ${metadata.name}: ${made.body.message}`);
  if (kind === 'CustomResourceDefinition') await established(own);
  const { resourceVersion: version } = (await get(own)).metadata;
  const change = { method: 'PUT', base: kept, version };
  await keep({ ...change, file: '.change', path: `${own}?dryRun=All` });
  const hasStatus = resources.some((one) => one.name === `${name}/status`);
  if (hasStatus) await keep({ ...change, file: '.status', path: `${own}/status?dryRun=All` });
  await remove(own);
}

/** A Pod is given a volume whose name nobody knows before, without which it cannot be changed. */
function changeable(base) {
  return base.kind === 'Pod' ? { ...base, spec: { ...base.spec, automountServiceAccountToken: false } } : base;
}

/** Writes what is said of the object as it is and of its changes. */
async function keep({ file, method, path, base, version }) {
  const { kind, metadata } = base;
  const say = (object, changed) => send(method, path, versioned(object, changed, version));
  const answer = await say(base, []);
  if (method === 'POST' && answer.status >= 300) throw new Error(`${kind} ${metadata.name}: ${answer.body.message}`);
  const usual = settled(answer.body);
  const cases = [];
  const told = new Set();
  const which = { definitions, isSkipped: isSkipped(kind, file !== ''), isStatus: file === '.status' };
  const mutations = [...mutationsOf(base, typeOf(base), which)];
  const answers = await atOnce(mutations, (mutation) => say(mutated(base, mutation), mutation.path));
  for (const [index, mutation] of mutations.entries()) {
    const answered = answers[index];
    if (!answered) continue;
    const kept = recordOf(answered, usual);
    if (isNew(told, mutation, kept)) cases.push({ path: mutation.path, ...given(mutation), ...kept });
  }
  const name = `${kind.toLowerCase()}-${metadata.name.replace(/[^a-z0-9-]/g, '-')}${file}.json`;
  const lines = cases.map((one) => JSON.stringify(one)).join(',\n');
  writeFileSync(
    new URL(name, here),
    `{"path":${JSON.stringify(path)},\n"object":${JSON.stringify(base)},\n"answer":${JSON.stringify(usual)},\n"cases":[\n${lines}\n]}\n`,
  );
  process.stdout.write(`${name} ${cases.length}\n`);
}

/** A definition is written once more by the server itself. */
async function established(path) {
  const { status } = await get(path);
  const isDone = status.conditions?.some(({ type, status: said }) => type === 'Established' && said === 'True');
  if (!isDone) await established(path);
}

/** Nothing there empties a namespace, or takes its finalizers from an object that is going. */
async function remove(path) {
  await send('DELETE', path, { propagationPolicy: 'Background', gracePeriodSeconds: 0 });
  const going = await get(path);
  if (going.kind === 'Status') return;
  const metadata = { ...going.metadata, finalizers: [] };
  if (going.kind === 'Namespace') await send('PUT', `${path}/finalize`, { ...going, spec: {} });
  else await send('PUT', path, { ...going, metadata });
}

/** What is asked of each, some at a time; a question that breaks off has no answer. */
async function atOnce(questions, ask) {
  const answers = [];
  let next = 0;
  const work = async () => {
    while (next < questions.length) {
      const index = next;
      next += 1;
      answers[index] = await ask(questions[index]).catch(() => undefined);
    }
  };
  await Promise.all(Array.from({ length: 6 }, work));
  return answers;
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

function post(path, object) {
  return send('POST', path, object);
}

async function send(method, path, object) {
  const answer = await fetch(`${url}${path}`, { method, headers, body: JSON.stringify(object) });
  return { status: answer.status, body: await answer.json(), warning: answer.headers.get('warning') };
}
