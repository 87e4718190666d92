// Scripts and conditions that nobody would write: each ends, with an answer or a reason.

import { expect, test } from 'vitest';
import { HawserError } from '../../../../src/core/errors.ts';
import { evaluate } from '../../../../src/core/expr/evaluate.ts';
import { runScript } from '../../../../src/core/lua/script.ts';
import { loadRegExps } from '../../../../src/core/regexp.ts';

function createPicker(): <T>(list: readonly T[]) => T {
  let seed = 7;
  return (list) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    const item = list[Math.floor((seed / 2_147_483_648) * list.length)];
    if (item === undefined) throw new Error('an empty list');
    return item;
  };
}

const LUA =
  'obj x nil true 1 2.5 "a" \'%w+\' [[z]] .. + - * / % ^ == ~= < > <= >= and or not # ( ) { } [ ] , ; : . = local function return if then else elseif end do break goto :: ... pcall error string.rep string.format string.gsub string.find table.concat table.insert setmetatable ipairs pairs next unpack select tostring tonumber os.date os.time math.floor'.split(
    ' ',
  );

test('in Lua', () => {
  const pick = createPicker();
  const outcomes = new Set<string>();
  for (let round = 0; round < 4000; round++) {
    const script = Array.from({ length: pick([3, 6, 10, 20]) }, () => pick(LUA)).join(' ');
    const result = runScript({ script, globals: { obj: { a: [1, null] } }, usesOpenLibs: true, now: 0 });
    outcomes.add('error' in result ? 'error' : result.type);
    if ('error' in result) expect(result.error).not.toMatch(/TypeError|ReferenceError|undefined is not/);
  }
  expect(outcomes).toContain('error');
});

const EXPR =
  'app missing nil true 1 2.5 "a" \'b\' .. + - * / % ** == != < > <= >= and or not in contains matches startsWith ?? ? : . ?. , ( ) [ ] { } # | len( any( all( map( filter( upper( split( sum( let x = ; app.list app.name'.split(
    ' ',
  );

test('in expr', async () => {
  await loadRegExps();
  const pick = createPicker();
  let answers = 0;
  for (let round = 0; round < 4000; round++) {
    const source = Array.from({ length: pick([1, 3, 5, 9]) }, () => pick(EXPR)).join(' ');
    try {
      evaluate(source, { app: { name: 'shop', list: [1, { a: null }] } });
      answers += 1;
    } catch (thrown) {
      if (!(thrown instanceof HawserError)) throw new Error(`${source}: ${String(thrown)}`);
    }
  }
  expect(answers).toBeGreaterThan(100);
});
