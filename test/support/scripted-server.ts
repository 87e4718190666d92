// An Argo CD of recorded answers: it serves, in the order of a scenario, the steps whose whole body was kept. Of steps that
// kept only picked paths it knows that the request is one that the real server answered. A request that no step made is
// written down, and answered as nothing the real server ever said.

import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { fileURLToPath } from 'node:url';
import { isObject, type Json, type JsonObject, listAt, numberAt, textAt } from '../../src/core/json.ts';
import { anApplication } from './applications.ts';

export interface ScriptedServer {
  /** 'host:port'. */
  readonly address: string;
  /** Requests that the recordings do not know. */
  readonly unknown: string[];
  /** Every request, as 'METHOD path?query'. */
  readonly requests: string[];
  /** The bodies that came with them. */
  readonly bodies: Json[];
  close(): Promise<void>;
}

const RECORDED = fileURLToPath(new URL('../recorded/argocd/', import.meta.url));

const payload = Buffer.from(JSON.stringify({ iss: 'argocd', sub: 'admin:login', exp: 4_000_000_000 })).toString(
  'base64url',
);
/** What stands for each placeholder of the recordings. */
const FILLED: Readonly<Record<string, string>> = {
  '<uid>': '0f0e0d0c-0b0a-4908-8706-050403020100',
  '<rv>': '100',
  '<time>': '2026-01-02T03:04:05Z',
  '<token>': `e30.${payload}.c2ln`,
  '<id>': '1',
};

export async function playScenarios(...names: readonly string[]): Promise<ScriptedServer> {
  const steps = names.flatMap((name) => stepsOf(name));
  const served = new Set<number>();
  const unknown: string[] = [];
  const requests: string[] = [];
  const bodies: Json[] = [];
  const server = createServer(async (request, response) => {
    const url = request.url ?? '/';
    requests.push(`${request.method} ${url}`);
    const able = steps
      .map((step, index) => ({ step, index }))
      .filter(({ step }) => fits(step, request.method ?? '', url));
    // The recording that is asked for by more of its query is the one that is meant.
    const most = Math.max(...able.map(({ step }) => step.query.size));
    const fitting = able.filter(({ step }) => step.query.size === most);
    const whole = fitting.filter(({ step }) => step.body !== undefined);
    const chosen = whole.find(({ index }) => !served.has(index)) ?? whole.at(-1) ?? fitting[0];
    bodies.push(await bodyOf(request));
    if (!chosen && request.method === 'GET' && url.split('?')[0] === LIST) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ metadata: { resourceVersion: '100' }, items: shownWhole(steps) }));
      return;
    }
    if (!chosen) {
      unknown.push(`${request.method} ${url}`);
      response.writeHead(418).end();
      return;
    }
    served.add(chosen.index);
    response.writeHead(chosen.step.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(chosen.step.body ?? standIn(chosen.step)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    address: `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    unknown,
    requests,
    bodies,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const LIST = '/api/v1/applications';

async function bodyOf(request: IncomingMessage): Promise<Json> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? null : JSON.parse(text);
}

/** Where nobody kept the whole of an application: one that has been deployed three times. */
function standIn({ path, status }: Step): Json {
  const [, name] = /^\/api\/v1\/applications\/([\w-]+)(\/(sync|rollback|spec))?$/.exec(path) ?? [];
  if (name === undefined || status !== 200) return {};
  const app = anApplication({ name });
  const history = [0, 1, 2].map((id) => ({
    id,
    deployedAt: '2026-01-02T03:04:05Z',
    revision: '',
    source: app.spec.source,
  }));
  return JSON.parse(JSON.stringify({ ...app, status: { ...app.status, history } }));
}

/** Lists were recorded by picked paths: this one is of the applications that the recordings show whole. */
function shownWhole(steps: readonly Step[]): Json[] {
  const whole = new Map<string, Json>();
  for (const { method, path, status, body } of steps) {
    if (body !== undefined && method === 'GET' && status === 200 && /^\/api\/v1\/applications\/[\w-]+$/.test(path))
      whole.set(path, body);
  }
  return [...whole.values()];
}

/** The whole answers of a scenario, for a test that looks at what becomes of them. */
export function wholeAnswers(name: string): readonly (Pick<Step, 'path' | 'query'> & { readonly body: Json })[] {
  return stepsOf(name).flatMap(({ path, query, body }) => (body === undefined ? [] : [{ path, query, body }]));
}

export interface Step {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly status: number;
  /** Undefined where only picked paths of it were kept. */
  readonly body: Json | undefined;
  /** What came with the request. */
  readonly sent: Json;
}

/** The names of all scenarios. */
export const scenarios = (): readonly string[] =>
  readdirSync(RECORDED).flatMap((file) => (file.endsWith('.json') ? [file.slice(0, -'.json'.length)] : []));

export function stepsOf(name: string): Step[] {
  const scenario: unknown = JSON.parse(readFileSync(`${RECORDED}${name}.json`, 'utf8'));
  return listAt(scenario, 'steps').flatMap((step) => {
    if (!isObject(step)) return [];
    const isWhole = step['only'] === undefined && step['contains'] === undefined && step['watch'] === undefined;
    const [path = '', search = ''] = filledText(textAt(step, 'path')).split('?');
    // Another choice of fields than ours is another answer.
    if (search.includes('fields=')) return [];
    const expect = step['expect'];
    const body = isObject(expect) ? (expect['body'] ?? null) : null;
    return [
      {
        method: textAt(step, 'method'),
        path,
        query: new URLSearchParams(search),
        status: numberAt(expect, 'status') ?? 200,
        body: isWhole
          ? listAt(step, 'json').reduce((whole, at) => asTexts(whole, String(at).split('.')), filled(body))
          : undefined,
        sent: filled(step['body'] ?? null),
      },
    ];
  });
}

/** The same method and path; a query that the recording has must be asked for. */
function fits(step: Step, method: string, url: string): boolean {
  const [path = '', search = ''] = url.split('?');
  if (step.method !== method || step.path !== path) return false;
  const asked = new URLSearchParams(search);
  return [...step.query].every(([key, value]) => asked.get(key) === value);
}

function filled(value: Json): Json {
  if (typeof value === 'string') return filledText(value);
  if (Array.isArray(value)) return value.map(filled);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).flatMap(([key, item]): [string, Json][] =>
    item === undefined ? [] : [[key, filled(item)]],
  );
  return Object.fromEntries(entries) satisfies JsonObject;
}

/** What travels as a text that holds JSON: the recordings show what is in it. */
function asTexts(value: Json, [step, ...rest]: readonly string[]): Json {
  if (step === undefined) return typeof value === 'string' ? value : JSON.stringify(value);
  if (step === '*') return Array.isArray(value) ? value.map((item) => asTexts(item, rest)) : value;
  if (!isObject(value)) return value;
  const item = value[step];
  return item === undefined ? value : { ...value, [step]: asTexts(item, rest) };
}

function filledText(text: string): string {
  return (
    FILLED[text] ??
    text
      .replaceAll(/\$\{repo\|uri\}/g, 'https%3A%2F%2Fgit.example.com%2Fexamples.git')
      .replaceAll(/\$\{repo\}/g, 'https://git.example.com/examples.git')
  );
}
