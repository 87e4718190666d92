import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { isStream } from '../../../src/client/in-process.ts';
import { withSilenceLimit } from '../../../src/client/silence.ts';
import type { Http, HttpAnswer, HttpRequest } from '../../../src/client/transport.ts';

const LIMITS = { lookAfterMs: 40, answerWithinMs: 40, longestMs: 160 };
const REQUEST: HttpRequest = { method: 'GET', url: '/api/v1/applications', headers: {}, stream: false };

/** A server that says pieces of its answer after so many milliseconds each, and may give signs of life. */
function server(pauses: readonly number[], { alive }: { readonly alive: boolean }): Http {
  return async ({ url, signal }): Promise<HttpAnswer> => {
    const pause = (milliseconds: number): Promise<void> => sleep(milliseconds, undefined, { signal });
    const [first = 0, ...rest] = url === '/api/version' ? [alive ? 0 : 60_000] : pauses;
    await pause(first);
    async function* body(): AsyncGenerator<string> {
      yield '0';
      for (const [at, milliseconds] of rest.entries()) {
        await pause(milliseconds);
        yield String(at + 1);
      }
    }
    return { status: 200, headers: {}, body: body() };
  };
}

async function read(http: Http, more: Partial<HttpRequest> = {}): Promise<string> {
  const { body } = await http({ ...REQUEST, ...more });
  if (!isStream(body)) return String(body);
  let text = '';
  for await (const chunk of body) text += chunk;
  return text;
}

describe('a request', () => {
  test('takes as long as its answer comes in pieces', async () => {
    const pauses = [10, 30, 30, 30, 30, 30, 30, 30, 30];
    expect(await read(withSilenceLimit(server(pauses, { alive: false }), LIMITS))).toBe('012345678');
  });

  test('ends when the server gives no sign of life', async () => {
    const silent = withSilenceLimit(server([60_000], { alive: false }), LIMITS);
    await expect(read(silent)).rejects.toMatchObject({ code: 'ESILENT' });
    const cut = withSilenceLimit(server([0, 60_000], { alive: false }), LIMITS);
    await expect(read(cut)).rejects.toMatchObject({ code: 'ESILENT' });
  });

  test('waits for a slow answer of a server that lives, but not for ever', async () => {
    expect(await read(withSilenceLimit(server([120], { alive: true }), LIMITS))).toBe('0');
    const never = withSilenceLimit(server([60_000], { alive: true }), LIMITS);
    await expect(read(never)).rejects.toMatchObject({ code: 'ESILENT' });
  });

  test('for events may be silent for as long as the server lives', async () => {
    const more = { stream: true, endless: true };
    expect(await read(withSilenceLimit(server([0, 300], { alive: true }), LIMITS), more)).toBe('01');
    const dead = withSilenceLimit(server([0, 60_000], { alive: false }), LIMITS);
    await expect(read(dead, more)).rejects.toMatchObject({ code: 'ESILENT' });
  });

  test('is not ended by somebody who is slow to read', async () => {
    const { body } = await withSilenceLimit(server([0, 0], { alive: false }), LIMITS)({ ...REQUEST, stream: true });
    if (!isStream(body)) throw new Error('no stream');
    let text = '';
    for await (const chunk of body) {
      await sleep(100);
      text += chunk;
    }
    expect(text).toBe('01');
  });

  test('ends with the signal of whoever asked', async () => {
    const asked = AbortSignal.timeout(20);
    const pending = read(withSilenceLimit(server([60_000], { alive: true }), LIMITS), { signal: asked });
    await expect(pending).rejects.toMatchObject({ name: 'AbortError' });
  });
});
