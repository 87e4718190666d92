import { expect, test } from 'vitest';
import { createLuaThread } from '../../../../src/server/compose/lua-thread.ts';

const clock = { now: () => Date.UTC(2026, 10, 29) };

const plain = (script: string) => ({ script, globals: { obj: { a: 1 } }, usesOpenLibs: true });

test('a script runs beside the program, with what it is given', async () => {
  const run = createLuaThread(clock);
  expect(await run(plain('obj.b = os.date("!%Y"); return obj'))).toEqual({ type: 'table', value: { a: 1, b: '2026' } });
});

test('one that does not end is stopped, not tried again soon, and the next one runs', async () => {
  const run = createLuaThread(clock);
  const endless = plain('while true do end');
  const [stopped, next] = await Promise.all([run(endless), run(plain('return {1}'))]);
  expect(stopped).toEqual({ error: 'context deadline exceeded' });
  expect(next).toEqual({ type: 'table', value: [1] });
  const before = performance.now();
  expect(await run(endless)).toEqual({ error: 'context deadline exceeded' });
  expect(performance.now() - before).toBeLessThan(500);
});

test('nor does one that takes all memory take the program with it', async () => {
  const run = createLuaThread(clock);
  const greedy = plain("local t = {}; while true do t[#t + 1] = ('x'):rep(1000) .. #t end");
  expect(await run(greedy)).toEqual({ error: expect.stringMatching(/not enough memory|context deadline exceeded/) });
  expect(await run(plain('return {}'))).toEqual({ type: 'table', value: [] });
});
