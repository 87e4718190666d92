// A run of random requests, and what each came to.

import { faultsOf } from './random-faults.ts';
import type { Operation } from './random-requests.ts';
import { generator, type RandomRequest, randomRequest } from './random-requests.ts';
import type { SharedServer } from './shared-server.ts';

export interface Asked extends RandomRequest {
  readonly who: 'admin' | 'ann' | 'nobody';
  readonly status: number;
  readonly text: string;
}

export interface Run {
  readonly server: SharedServer;
  readonly operations: readonly Operation[];
  readonly who: Asked['who'];
  readonly count: number;
  readonly seed: number;
}

/** Streams are left after this time. */
const STREAM_MS = 150;
const ANSWER_MS = 20_000;
/** How many are on their way at the same time. */
const LANES = 8;

export interface RunResult {
  /** What was wrong with an answer, or with what the server said of it. */
  readonly faults: readonly string[];
  readonly statuses: ReadonlySet<number>;
  /** What may not be seen is as it was. */
  readonly isUnchanged: boolean;
}

export async function runAtRandom(run: Run): Promise<RunResult> {
  const { server, who } = run;
  const before = JSON.stringify(await server.hidden());
  const faults: string[] = [];
  const statuses = new Set<number>();
  await askAtRandom(run, (asked) => {
    statuses.add(asked.status);
    faults.push(...faultsOf(asked, server.secrets));
  });
  const said = { who, method: 'LOG', url: '', body: '', isStream: false, status: 200 };
  faults.push(...server.log.flatMap((text) => faultsOf({ ...said, text }, server.secrets)));
  return { faults, statuses, isUnchanged: JSON.stringify(await server.hidden()) === before };
}

/** What is wrong with the answers to so many requests, and all that they said. */
export async function askEach(
  server: SharedServer,
  who: Asked['who'],
  requests: readonly RandomRequest[],
): Promise<{ readonly faults: readonly string[]; readonly text: string }> {
  const waiting = [...requests];
  const faults: string[] = [];
  let all = '';
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const asked = await ask(server, who, next);
      faults.push(...faultsOf(asked, server.secrets));
      all += asked.text;
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return { faults, text: all };
}

async function askAtRandom({ server, operations, who, count, seed }: Run, look: (asked: Asked) => void): Promise<void> {
  const pick = generator(seed);
  let left = count;
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const operation = operations[pick(operations.length)];
      if (!operation || (operation.isStream && pick(10) > 0)) continue;
      const request = randomRequest(operation, pick);
      look(await ask(server, who, request));
      if (who === 'admin' && left % 100 === 0) await server.plant();
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

async function ask({ url, tokens }: SharedServer, who: Asked['who'], request: RandomRequest): Promise<Asked> {
  const { method, body, isStream } = request;
  const headers = new Headers({ 'content-type': 'application/json' });
  if (tokens[who] !== '') headers.set('authorization', `Bearer ${tokens[who]}`);
  const signal = AbortSignal.timeout(isStream ? STREAM_MS : ANSWER_MS);
  let [status, text] = [0, ''];
  try {
    const response = await fetch(`${url}${request.url}`, {
      method,
      headers,
      body: body ?? null,
      signal,
      redirect: 'manual',
    });
    status = response.status;
    const decoder = new TextDecoder();
    if (response.body) for await (const chunk of response.body) text += decoder.decode(chunk, { stream: true });
  } catch (thrown) {
    if (!(isStream && signal.aborted))
      text += `no answer: ${String(thrown)} ${String(thrown instanceof Error ? thrown.cause : '')}`;
  }
  return { ...request, who, status, text };
}
