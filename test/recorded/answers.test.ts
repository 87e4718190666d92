// Every request that was recorded of a real Argo CD and that our contract knows is asked for in the same words. Whole answers
// are read without loss, or refused as the server refused; of those that were kept in part the request alone is looked at.

import { describe, expect, test } from 'vitest';
import { decode, type Endpoint, matchPath, queryOf } from '../../src/api/endpoint.ts';
import { systemClock } from '../../src/cli/io/system-clock.ts';
import { type Client, createClient } from '../../src/client/client.ts';
import { HawserError } from '../../src/core/errors.ts';
import { isObject, textAt } from '../../src/core/json.ts';
import { CONTRACT } from '../support/contract.ts';
import { type Step, scenarios, stepsOf } from '../support/scripted-server.ts';

/** What the reference has too. */
const SHARED = CONTRACT.filter(({ path }) => /^\/api\/(v1\/|version$)/.test(path));

interface Case {
  readonly title: string;
  readonly endpoint: Endpoint<unknown, unknown>;
  readonly input: unknown;
  readonly step: Step;
}

/** The steps that our client could have sent. */
function casesOf(scenario: string): Case[] {
  return stepsOf(scenario).flatMap((step, index) => {
    for (const endpoint of SHARED) {
      const variables = endpoint.method === step.method ? matchPath(endpoint, step.path) : undefined;
      if (!variables) continue;
      const title = `${scenario} ${index}: ${step.method} ${step.path}?${step.query}`;
      const input = inputOf(endpoint, variables, step);
      return input === undefined ? [] : [{ title, endpoint, input, step }];
    }
    return [];
  });
}

/** Undefined for what no input of ours becomes. */
function inputOf(endpoint: Endpoint<unknown, unknown>, variables: object, step: Step): unknown {
  const names = [...step.query.keys()];
  const query = queryOf(endpoint);
  if (names.some((name) => name !== '' && !query.has(name))) return undefined;
  const isRepeated = (name: string): boolean => step.query.getAll(name).length > 1 && query.get(name)?.type !== 'list';
  if (names.some(isRepeated)) return undefined;
  try {
    return decode(endpoint, { ...variables }, step.query, step.sent ?? undefined);
  } catch {
    return undefined;
  }
}

const CODES: Readonly<Record<number, string>> = { 401: 'not-logged-in', 404: 'not-found' };

/** What came, or why nothing came; the first event of a stream. */
async function answerTo(client: Client, endpoint: Endpoint<unknown, unknown>, input: unknown): Promise<unknown> {
  try {
    if (!endpoint.stream) return await client.call(endpoint, input);
    return (await client.stream(endpoint, input).next()).value;
  } catch (thrown) {
    return thrown;
  }
}

const cases = scenarios().flatMap(casesOf);

/** What no scenario asks for. */
const UNRECORDED: readonly string[] = [
  'POST /api/v1/applicationsets/generate',
  'GET /api/v1/stream/applicationsets',
  'PUT /api/v1/account/password',
  'POST /api/v1/clusters',
  'PUT /api/v1/clusters/{id.value}',
  'POST /api/v1/clusters/{id.value}/rotate-auth',
  'POST /api/v1/clusters/{id.value}/invalidate-cache',
  'POST /api/v1/gpgkeys',
  'DELETE /api/v1/gpgkeys',
  'DELETE /api/v1/projects/{project}/roles/{role}/token/{iat}',
  'PUT /api/v1/repositories/{repo.repo}',
  'POST /api/v1/repositories/{repo}/validate',
  'GET /api/v1/repositories/{repo}/oci-tags',
  'GET /api/v1/repositories/{repo}/helmcharts',
  'GET /api/v1/write-repocreds',
  'POST /api/v1/write-repocreds',
  'PUT /api/v1/write-repocreds/{creds.url}',
  'DELETE /api/v1/write-repocreds/{url}',
  'GET /api/v1/applications/{name}/pods/{podName}/logs',
  'GET /api/v1/write-repositories',
  'GET /api/v1/write-repositories/{repo}',
  'POST /api/v1/write-repositories',
  'PUT /api/v1/write-repositories/{repo.repo}',
  'DELETE /api/v1/write-repositories/{repo}',
  'POST /api/v1/write-repositories/{repo}/validate',
];

test('there are cases of every part of the contract', () => {
  expect(cases.length).toBeGreaterThan(400);
  const asked = new Set(cases.map(({ endpoint }) => endpoint));
  const unasked = SHARED.filter((endpoint) => !asked.has(endpoint)).map(({ method, path }) => `${method} ${path}`);
  expect(unasked.sort()).toEqual([...UNRECORDED].sort());
});

describe('what a real Argo CD answered', () => {
  test.each(cases)('$title', async ({ endpoint, input, step }) => {
    let asked = { method: '', url: '', body: undefined as unknown };
    const client = createClient({
      transport: {
        dispatch: async (request) => {
          asked = { method: request.method, url: request.url, body: request.body };
          return {
            status: step.status,
            headers: { 'content-type': 'application/json' },
            body: { json: step.body ?? {} },
          };
        },
      },
      address: 'the recording',
      clock: systemClock,
      tellAbsence: false,
    });
    const answer = await answerTo(client, endpoint, input);
    const [path, search = ''] = asked.url.split('?');
    expect([asked.method, decodeURIComponent(path ?? '')]).toEqual([step.method, decodeURIComponent(step.path)]);
    for (const [key, value] of step.query)
      if (key !== '') expect(new URLSearchParams(search).getAll(key)).toContain(value);
    if (isObject(step.sent)) {
      // What the path says need not be said again.
      const { name, ...rest } = step.sent;
      expect(asked.body).toMatchObject(name === undefined || endpoint.path.includes('{name}') ? rest : step.sent);
    }
    if (step.body === undefined || endpoint.stream) return;
    if (step.status < 400) return expect(answer).toEqual(step.body);
    expect(answer).toBeInstanceOf(HawserError);
    if (!(answer instanceof HawserError)) return;
    if (CODES[step.status]) expect(answer.code).toBe(CODES[step.status]);
    expect(answer.message).toContain(textAt(step.body, 'message'));
  });
});
