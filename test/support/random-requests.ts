// Requests built from a description of the API, right and wrong: every operation, every query, every field of every body.

import { isObject, listAt, objectAt, textAt } from '../../src/core/json.ts';
import { fieldsOf, operationOf } from '../../src/server/contract/contract.ts';
import { CONTRACT } from './contract.ts';

export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly queries: readonly string[];
  /** The type of the body in the contract. */
  readonly body: string;
  readonly isStream: boolean;
}

export interface RandomRequest {
  readonly method: string;
  readonly url: string;
  readonly body: string | undefined;
  readonly isStream: boolean;
}

/** A number below another one, the same in every run. */
export type Pick = (below: number) => number;

export function generator(seed: number): Pick {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** What our own endpoints say of themselves. */
export const ownOperations = (): readonly Operation[] =>
  CONTRACT.filter(({ right }) => right !== 'local').map(({ method, path, input, stream = false }) => ({
    method,
    path,
    queries: Object.keys(objectAt(input.schema(), 'properties')),
    body: operationOf(method, path)?.body ?? '',
    isStream: stream,
  }));

/** What the reference's description says. */
export const describedOperations = (description: unknown): readonly Operation[] =>
  Object.values(objectAt(description, 'operations')).flatMap((operation): Operation[] => {
    if (!isObject(operation) || operation['grpcOnly'] === true) return [];
    const [method, path] = [textAt(operation, 'method'), textAt(operation, 'path')];
    const queries = listAt(operation, 'parameters').filter((parameter) => textAt(parameter, 'in') === 'query');
    const names = queries.map((parameter) => textAt(parameter, 'name'));
    const body = operationOf(method, path)?.body ?? '';
    return [{ method, path, queries: names, body, isStream: operation['stream'] === true }];
  });

/** Names that lead somewhere, here and there. */
const NAMES = [
  'seen',
  'veiled',
  'open',
  'default',
  'argocd',
  'ann',
  'admin',
  'https://127.0.0.1:1/veiled.git',
  'ssh://git@127.0.0.1:1/veiled.git',
  'https://127.0.0.1:1/app.git',
  'https://127.0.0.1:1',
  'https://kubernetes.default.svc',
];

const TEXTS = [
  ...NAMES,
  '',
  'a',
  'HEAD',
  'true',
  'merge',
  'json',
  '{"spec":{"project":"veiled"}}',
  '[{"op":"remove","path":"/spec"}]',
  '../x',
  '%',
  'é',
  '__proto__',
  'constructor',
  'toString',
  'x'.repeat(300),
  '0',
  '-1',
  '{',
  '\u0000',
  'a/b',
  ' ',
  '2026-01-01T00:00:00Z',
  '9'.repeat(40),
];

const JUNK: readonly unknown[] = [null, 0, -1, 1e20, 1.5, true, '', 'x', [], {}, [null], { a: 1 }, [[[]]], NAMES];

const BROKEN = ['{', 'null', '"x"', '[1', '', '{"a":', '\u0000', '{"__proto__":{"a":1}}', '['.repeat(2000)];

/** Every read of everything that is there: of each name in each place, and of the Secret that an application deploys. */
export function everyRead(operations: readonly Operation[]): readonly RandomRequest[] {
  return operations
    .filter(({ method }) => method === 'GET')
    .flatMap(({ method, path, queries, isStream }) => {
      const query = new URLSearchParams();
      for (const [name, value] of Object.entries(DEPLOYED))
        if (queries.includes(name) && !path.includes(`{${name}`)) query.append(name, value);
      return (path.includes('{') ? NAMES : ['']).flatMap((name) => {
        const url = path.replace(/\{.*?\}/g, encodeURIComponent(name));
        return ['', `?${query}`].map(
          (text): RandomRequest => ({ method, url: `${url}${text}`, body: undefined, isStream }),
        );
      });
    });
}

/** The Secret that the application of the shared server deploys. */
const DEPLOYED: Readonly<Record<string, string>> = {
  kind: 'Secret',
  version: 'v1',
  group: '',
  namespace: 'default',
  resourceName: 'planted',
  applicationName: 'seen',
  refresh: 'hard',
};

export function randomRequest({ method, path, queries, body, isStream }: Operation, pick: Pick): RandomRequest {
  const oneOf = <T>(values: readonly T[]): T | undefined => values[pick(values.length)];
  const text = (): string => oneOf(pick(2) === 0 ? NAMES : TEXTS) ?? '';
  const filled = path.replace(/\{.*?\}/g, () => (pick(20) === 0 ? '%zz' : encodeURIComponent(text() || 'x')));
  const query = new URLSearchParams();
  for (const name of queries) if (pick(5) < 2) query.append(name, text());
  const url = query.size > 0 ? `${filled}?${query}` : filled;
  if (method === 'GET') return { method, url, body: undefined, isStream };
  const content = pick(20) === 0 ? oneOf(BROKEN) : JSON.stringify(randomValue(body, 0));
  return { method, url, body: content, isStream };

  function randomValue(type: string, depth: number): unknown {
    if (pick(8) === 0) return oneOf(JUNK);
    if (depth > 6) return null;
    if (type.startsWith('[]')) return Array.from({ length: pick(3) }, () => randomValue(type.slice(2), depth + 1));
    if (type.startsWith('{}')) return { [text()]: randomValue(type.slice(2), depth + 1) };
    const fields = fieldsOf(type);
    if (fields)
      return Object.fromEntries(
        fields.filter(() => pick(5) < 2).map((field) => [field.name, randomValue(field.type, depth + 1)]),
      );
    if (type === 'bool') return pick(2) === 0;
    if (/^(int|float)/.test(type)) return oneOf([0, 1, -1, 7, 2 ** 40]);
    return type === 'json' ? oneOf(JUNK) : text();
  }
}
