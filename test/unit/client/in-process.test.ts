// A dispatcher in place of a network: whatever kind of answer it gives, the client sees what a network would have brought.

import { expect, test } from 'vitest';
import type { AnswerBody } from '../../../src/api/exchange.ts';
import { openHttp } from '../../../src/client/http.ts';
import { isStream } from '../../../src/client/in-process.ts';
import type { HttpAnswer } from '../../../src/client/transport.ts';

async function ask(body: AnswerBody, isStreamed: boolean): Promise<HttpAnswer> {
  const headers = { location: '/home', 'set-cookie': ['a=1', 'b=2'] };
  const http = await openHttp({ dispatch: async () => ({ status: 303, headers, body }) });
  return http({ method: 'GET', url: '/', headers: {}, stream: isStreamed });
}

async function contentOf(body: unknown): Promise<unknown> {
  if (!isStream(body)) return body;
  let text = '';
  for await (const chunk of body) text += Buffer.from(chunk).toString();
  return text;
}

async function* chunks(): AsyncGenerator<string> {
  yield 'a';
  yield 'b';
}

test.each<[string, AnswerBody, boolean, unknown]>([
  ['JSON', { json: { a: 1 } }, false, { a: 1 }],
  ['JSON in place of a stream', { json: { a: 1 } }, true, '{"a":1}'],
  ['bytes', { bytes: Buffer.from('Not Found\n') }, false, 'Not Found\n'],
  ['bytes in place of a stream', { bytes: Buffer.from('Not Found\n') }, true, 'Not Found\n'],
  ['chunks', { chunks: chunks() }, true, 'ab'],
])('%s', async (_, body, isStreamed, content) => {
  const answer = await ask(body, isStreamed);
  expect(await contentOf(answer.body)).toEqual(content);
  expect(answer).toMatchObject({ status: 303, headers: { location: '/home', 'set-cookie': 'a=1,b=2' } });
});
