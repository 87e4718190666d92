// The server behind one transcript: it sends what that transcript shows, and refuses what it says was refused.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { GRPC_STATUS } from '../../../src/api/status.ts';
import { type Json, type JsonObject, objectAt, textAt } from '../../../src/core/json.ts';
import { filled, MOMENT } from './placeholders.ts';
import type { Transcript } from './read.ts';
import { finalOf, ROUTES, running } from './routes.ts';
import { type Asked, type Knowledge, progressOf, type Scene, sceneOf } from './scene.ts';
import { isOutcome, resourceOf, resultOf } from './shown.ts';

export interface World {
  readonly port: number;
  /** Requests that no route knows. */
  readonly unknown: string[];
  close(): Promise<void>;
}

export async function openWorld(recorded: Transcript, known: Knowledge, port: number): Promise<World> {
  const scene = sceneOf(
    { ...recorded, stdout: recorded.cut ? '' : filled(recorded.stdout), stderr: filled(recorded.stderr) },
    known,
  );
  const unknown: string[] = [];
  const answered = new Map<string, number>();
  const server = createServer(async (request, response) => {
    const asked = await read(request);
    if (asked.path === '/api/v1/stream/applications') return stream(scene, asked, response);
    if (asked.path.endsWith('/logs')) return logs(scene, response);
    const key = `${asked.method} ${asked.path}`;
    const before = answered.get(key) ?? 0;
    answered.set(key, before + 1);
    if (scene.refusal && isRefused(scene, asked)) return refuse(scene.refusal, response);
    const answer = ROUTES.find(({ method, path }) => method === asked.method && path.test(asked.path))?.answer(
      scene,
      asked,
      before,
    );
    if (answer === undefined) unknown.push(key);
    send(response, answer === undefined ? 418 : 200, answer ?? {});
  });
  await listen(server, port);
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    unknown,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('listening', resolve);
    // Another one may have the port that chance chose.
    server.on('error', (thrown) => (port === 0 ? server.listen(fourDigits(), '127.0.0.1') : reject(thrown)));
    server.listen(port || fourDigits(), '127.0.0.1');
  });
}

/** As wide as the port that stands in the transcripts, so that columns are as wide as theirs. */
const fourDigits = (): number => 2000 + Math.floor(Math.random() * 7000);

async function read(request: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const text = Buffer.concat(chunks).toString('utf8');
  const url = new URL(request.url ?? '/', 'http://world');
  return {
    method: request.method ?? 'GET',
    path: decodeURIComponent(url.pathname),
    query: url.searchParams,
    body: text === '' ? null : JSON.parse(text),
  };
}

function send(response: ServerResponse, status: number, body: Json): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function refuse({ code, message }: NonNullable<Scene['refusal']>, response: ServerResponse): void {
  send(response, GRPC_STATUS[code] ?? 500, { error: message, code, message });
}

const READING =
  /^(app (get|list|diff|manifests|logs|history|resources|get-resource|wait|actions list)|account (list|get|get-user-info|whoami|can-i)|version)/;

const OPEN = /^\/api\/(version|v1\/settings|v1\/session\/userinfo)$/;

/** Which request it was that the server refused. */
function isRefused({ transcript, words, refusal, shown }: Scene, { method, path }: Asked): boolean {
  if (OPEN.test(path)) return false;
  const line = words.join(' ');
  if (refusal?.code === 16) return true;
  // What is shown was not refused.
  const isShown = shown.some((app) => path.startsWith(`/api/v1/applications/${textAt(app, 'metadata', 'name')}`));
  if (refusal?.message === 'permission denied') return path.includes('/applications/') && !isShown;
  if (/^app (diff|manifests)/.test(line) && transcript.argv.some((word) => word.startsWith('--revision')))
    return path.endsWith('/manifests');
  return READING.test(line) || method !== 'GET';
}

function logs({ transcript, refusal }: Scene, response: ServerResponse): void {
  if (refusal) {
    refuse(refusal, response);
    return;
  }
  response.writeHead(200, { 'content-type': 'application/json' });
  for (const content of transcript.stdout.split('\n').filter((line) => line !== ''))
    response.write(`${JSON.stringify({ result: { content, podName: 'p' } })}\n`);
  response.end(`${JSON.stringify({ result: { last: true } })}\n`);
}

/** The batches as events one after the other, then the state that was shown at the end. */
function stream(scene: Scene, { query }: Asked, response: ServerResponse): void {
  const name = query.get('name') ?? '';
  const final = finalOf(scene, name);
  const write = (type: string, application: JsonObject): void => {
    response.write(`${JSON.stringify({ result: { type, application } })}\n`);
  };
  response.writeHead(200, { 'content-type': 'application/json' });
  const isLate = /timed out|context canceled/.test(scene.transcript.stderr);
  const isDeletion = scene.transcript.argv.includes('--delete');
  const during = (app: JsonObject): JsonObject => (isLate || isDeletion ? app : running(app));
  const states = new Map<string, readonly string[]>();
  for (const batch of progressOf(scene, name)) {
    for (const state of batch) states.set(state.slice(0, 4).join('/'), state);
    write('MODIFIED', during(withStates(final, [...states.values()])));
  }
  if (states.size === 0) write('MODIFIED', during(withStates(final, [])));
  if (isDeletion && !isLate) write('DELETED', final);
  else write('MODIFIED', final);
}

/** An application as it was when these rows were printed. */
function withStates(app: JsonObject, states: readonly (readonly string[])[]): JsonObject {
  const told = states.filter((state) => (state[7] ?? '') !== '' || isOutcome(state));
  const status = objectAt(app, 'status');
  const before = objectAt(status, 'operationState');
  const results = { revision: '', ...objectAt(before, 'syncResult'), resources: told.map(resultOf) };
  return {
    ...app,
    status: {
      ...status,
      resources: states.filter((state) => !isOutcome(state)).map(resourceOf),
      ...(told.length > 0 || before['phase'] !== undefined
        ? {
            operationState: {
              phase: 'Running',
              startedAt: MOMENT,
              operation: { sync: {} },
              ...before,
              syncResult: results,
            },
          }
        : {}),
    },
  };
}
