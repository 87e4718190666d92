import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { createKubeListener } from '../../../src/local-cluster/listen.ts';

const PIECE = `${'x'.repeat(200_000)}\n`;
const PIECES = 40;

async function* pieces(): AsyncGenerator<string> {
  for (let index = 0; index < PIECES; index += 1) yield PIECE;
}

const warnings: Error[] = [];
const keep = (warning: Error): void => void warnings.push(warning);
process.on('warning', keep);
afterEach(() => process.off('warning', keep));

test('a watch that is read slowly loses nothing, and leaves no listeners behind', async () => {
  const handle = async () => ({ status: 200, headers: { 'content-type': 'application/json' }, body: pieces() });
  const server = createServer(createKubeListener(handle, { token: 'test-token' }));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const response: IncomingMessage = await new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port }, resolve).on('error', reject);
  });
  let length = 0;
  for await (const chunk of response) {
    length += Buffer.byteLength(chunk);
    await setImmediate();
  }
  server.close();
  expect(length).toBe(PIECE.length * PIECES);
  expect(warnings).toEqual([]);
});
