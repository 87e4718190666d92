// A server of many applications in the real server's shape: 8 resources and 10 deployments each. It answers what `fields`
// asks for, as the real one does: of fields that are not in its list, nothing. Every answer is made once.

import { createServer } from 'node:http';
import { deployed } from './deployed.js';

const count = Number(process.argv[2]);
const MOMENT = '2026-01-05T10:00:00Z';

/** What the real server's list sends when it is asked for by name. */
const SENDABLE = [
  ...['name', 'namespace', 'annotations', 'labels', 'creationTimestamp', 'deletionTimestamp'].map(
    (key) => `metadata.${key}`,
  ),
  'spec',
  ...['destination', 'project', 'source', 'sources', 'sourceHydrator', 'syncPolicy'].map((key) => `spec.${key}`),
  ...['sourceHydrator', 'summary', 'health', 'resources', 'sync.status', 'sync.revision'].map((key) => `status.${key}`),
  ...['startedAt', 'finishedAt', 'phase', 'operation.sync'].map((key) => `status.operationState.${key}`),
  'operation.sync',
];

const applications = Array.from({ length: count }, (_, index) => application(`app-${String(index).padStart(4, '0')}`));
const answers = new Map();

const server = createServer((request, response) => {
  const url = new URL(request.url, 'http://bench');
  if (url.pathname.startsWith('/api/v1/stream/')) return stream(url.searchParams.get('name'), response);
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(answerTo(url));
});
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
process.on('disconnect', () => process.exit());

function answerTo(url) {
  const known = answers.get(url.href);
  if (known) return known;
  const made = JSON.stringify(bodyOf(url));
  answers.set(url.href, made);
  return made;
}

function bodyOf({ pathname, searchParams }) {
  if (pathname === '/api/v1/applications') {
    const fields = searchParams
      .get('fields')
      ?.split(',')
      .map((field) => field.replace(/^items\./, ''))
      .filter((field) => SENDABLE.includes(field))
      .map((field) => field.split('.'));
    return {
      metadata: { resourceVersion: '100' },
      items: fields ? applications.map((app) => only(app, fields)) : applications,
    };
  }
  const [, name] = /^\/api\/v1\/applications\/([^/]+)$/.exec(pathname) ?? [];
  if (name) return applications.find((app) => app.metadata.name === name);
  return pathname.endsWith('/syncwindows') ? { canSync: true } : {};
}

function stream(name, response) {
  response.writeHead(200, { 'content-type': 'application/json' });
  const found = applications.find((app) => app.metadata.name === name);
  response.write(`${JSON.stringify({ result: { type: 'ADDED', application: found } })}\n`);
}

/** The object with these fields alone. */
function only(object, fields) {
  const kept = {};
  const groups = new Map();
  for (const [head, ...rest] of fields) groups.set(head, [...(groups.get(head) ?? []), rest]);
  for (const [head, rest] of groups) {
    const value = object?.[head];
    if (value === undefined) continue;
    kept[head] = rest.some((path) => path.length === 0) ? value : only(value, rest);
  }
  return kept;
}

function application(name) {
  return {
    metadata: {
      name,
      namespace: 'argocd',
      uid: '0f0e0d0c-0b0a-4908-8706-050403020100',
      resourceVersion: '100',
      generation: 12,
      creationTimestamp: MOMENT,
      managedFields: [
        {
          manager: 'argocd-server',
          operation: 'Update',
          apiVersion: 'argoproj.io/v1alpha1',
          time: MOMENT,
          fieldsType: 'FieldsV1',
          fieldsV1: { 'f:spec': { 'f:destination': {}, 'f:project': {}, 'f:source': {} } },
        },
      ],
    },
    ...deployed(name),
  };
}
