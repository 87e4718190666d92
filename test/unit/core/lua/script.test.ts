import { describe, expect, test } from 'vitest';
import type { Json } from '../../../../src/core/json.ts';
import { runScript, type ScriptResult } from '../../../../src/core/lua/script.ts';

const NOW = Date.UTC(2026, 10, 29, 8, 5, 9);

const run = (script: string, globals: Record<string, Json> = {}, usesOpenLibs = true): ScriptResult =>
  runScript({ script, globals, usesOpenLibs, now: NOW });

/** What an expression comes to. */
const resultOf = (expression: string, globals?: Record<string, Json>): unknown => {
  const result = run(`return {${expression}}`, globals);
  return 'value' in result ? result.value : result;
};

describe('a script in Lua', () => {
  test.each<[string, unknown]>([
    ['1 + 2 * 3 ^ 2', 19],
    ['2 ^ 3 ^ 2', 512],
    ['-2 ^ 2', -4],
    ['7 % 3, -7 % 3', [1, 2]],
    ['10 / 4', 2.5],
    ["'a' .. 1 .. 2.5", 'a12.5'],
    ["10 / 2 .. ''", '5'],
    ["1e15 .. '', 2^53 .. ''", ['1000000000000000', '9007199254740992']],
    ["0.1 .. ''", '0.1'],
    ["1/3 .. ''", '0.33333333333333'],
    ["'10' + 5", 15],
    ['#{1, 2, 3}', 3],
    ['#{1, nil, 3}', 3],
    ['select("#", unpack({1, nil, 3}))', 3],
    ["#'äö'", 4],
    ['not nil, not 0', [true, false]],
    ['nil and 1 or 2', 2],
    ['false == nil', false],
    ["'a' < 'b'", true],
    ['0x10', 16],
    ["'a\\65\\n'", 'aA\n'],
    ['[[\nlong]]', 'long'],
    ['[==[a]]b]==]', 'a]]b'],
    ["unpack({'a', 'b'})", ['a', 'b']],
    ['table.getn({1, 2})', 2],
    ["select('#', 1, nil, 3)", 3],
    ["tonumber('0x1F'), tonumber(' 12 '), tonumber('ff', 16)", [31, 12, 255]],
    ["type(nil), type({}), type(print), type('')", ['nil', 'table', 'function', 'string']],
    ["table.concat({1, 2, 3}, ', ')", '1, 2, 3'],
    ['(function(...) return select(2, ...) end)(1, 2, 3)', [2, 3]],
    ["os.date('!%Y-%m-%dT%XZ')", '2026-11-29T08:05:09Z'],
    ["os.date('!%Y-%m-%dT%H:%M:%SZ', 0)", '1970-01-01T00:00:00Z'],
    ['os.time()', NOW / 1000],
    ['os.time({year = 1970, month = 1, day = 2, hour = 0})', 86400],
    ['math.floor(2.7), math.max(1, 9, 3), math.huge > 1', [2, 9, true]],
  ])('%s is %j', (expression, expected) => {
    const found = resultOf(expression);
    expect(Array.isArray(expected) ? found : Array.isArray(found) ? found[0] : found).toEqual(expected);
  });

  test.each<[string, unknown]>([
    ["('hello world'):find('o w')", [5, 7]],
    ["('key=value'):match('(%w+)=(%w+)')", ['key', 'value']],
    ["string.gsub('hello', 'l+', 'L')", ['heLo', 1]],
    ["string.gsub('abc', '%w', '%0%0')", ['aabbcc', 3]],
    ["string.gsub('$name is $age', '%$(%w+)', {name = 'Ann', age = 7})", ['Ann is 7', 2]],
    ["string.gsub('abc', '', '-')", ['-a-b-c-', 4]],
    ["('  trim '):match('^%s*(.-)%s*$')", ['trim']],
    ["('f(a(b)c)d'):match('%b()')", ['(a(b)c)']],
    ["('THE (quick) fox'):find('%f[%a]%a+%f[%A]')", [1, 3]],
    ["string.format('%5.2f|%-4s|%03d|%x|%q', 3.14159, 'ab', 7, 255, 'a\"b')", [' 3.14|ab  |007|ff|"a\\"b"']],
    ["string.format('%s %s', nil, true)", ['nil true']],
    ["string.format('%d%%', 50.9)", ['50%']],
    [
      "('abc'):sub(-2), ('abc'):upper(), ('abc'):rep(2), ('abc'):reverse(), ('abc'):byte(1)",
      ['bc', 'ABC', 'abcabc', 'cba', 97],
    ],
    ["string.find('a.b', '.', 1, true)", [2, 2]],
    ["string.find('abc', 'x')", [null]],
  ])('of texts: %s', (expression, expected) => {
    const found = resultOf(expression);
    expect(found).toEqual(Array.isArray(expected) && expected[0] === null ? [] : expected);
  });

  test('loops, closures, goto and several values', () => {
    const script = `
      local out = {}
      for i = 1, 3 do out[#out + 1] = function() return i end end
      local sum = 0
      for _, f in ipairs(out) do sum = sum + f() end
      for i = 10, 1, -4 do sum = sum + i end
      local n = 0
      while true do n = n + 1; if n > 5 then break end end
      repeat local done = n > 7; n = n + 1 until done
      for i = 1, 3 do
        if i == 2 then goto continue end
        sum = sum + 100
        ::continue::
      end
      local a, b, c = (function() return 1, 2, 3 end)()
      local t = {n = n, swap = {b, a}, c = c}
      function t.method(self, x) return self.n + x end
      function t:other(x) return self.n * x end
      return {sum = sum, n = n, method = t:method(1), other = t:other(2), swap = t.swap, c = c}`;
    expect(run(script)).toEqual({
      type: 'table',
      value: { sum: 6 + 18 + 200, n: 9, method: 10, other: 18, swap: [2, 1], c: 3 },
    });
  });

  test('metatables, pcall and error', () => {
    const script = `
      local base = {greet = function(self) return 'hi ' .. self.name end}
      local object = setmetatable({name = 'Ann'}, {__index = base, __tostring = function() return 'T' end,
        __add = function(a, b) return 'added' end, __call = function(self, x) return x * 2 end})
      local ok, problem = pcall(function() error('no') end)
      local ok2, problem2 = pcall(function() error({code = 5}) end)
      local ok3, problem3 = pcall(function() local x = nil; return x.y end)
      return {object:greet(), tostring(object), object + 1, object(4), ok, problem, problem2.code, problem3}`;
    expect(resultOf('1') && run(script)).toEqual({
      type: 'table',
      value: [
        'hi Ann',
        'T',
        'added',
        8,
        false,
        '<string>:5: no',
        5,
        "<string>:7: attempt to index a non-table object(nil) with key 'y'",
      ],
    });
  });

  test('objects go in and come out as they are, but that an empty table is a list', () => {
    const object = { a: [1, { b: 'ä€😀' }], c: { d: true, e: 1.5 }, f: {}, g: null };
    expect(run('obj.c.n = #obj.a; return obj', { obj: object })).toEqual({
      type: 'table',
      value: { a: [1, { b: 'ä€😀' }], c: { d: true, e: 1.5, n: 2 }, f: [] },
    });
  });

  test.each([
    ['return 1', { type: 'number' }],
    ['', { type: 'nil' }],
    ["return 'x'", { type: 'string' }],
    ['local x = nil\nreturn x.y', { error: "<string>:2: attempt to index a non-table object(nil) with key 'y'" }],
    ['nothing()', { error: '<string>:1: attempt to call a non-function object' }],
    ['return 1 + {}', { error: '<string>:1: cannot perform add operation between number and table' }],
    ["return 'a' .. nil", { error: '<string>:1: cannot perform concat operation between string and nil' }],
    ['return 1 < nil', { error: '<string>:1: attempt to compare number with nil' }],
    ["error('out of order')", { error: '<string>:1: out of order' }],
    ['local function f() return f() + 1 end\nreturn f()', { error: '<string>:1: stack overflow' }],
    ["local os = require('os')\nreturn {require('io')}", { error: '<string>:2: module io not found' }],
    ["return ipairs('x')", { error: '<string>:1: bad argument #1 to ipairs (table expected, got string)' }],
    ['return {a = 1, 2}', { error: 'cannot encode mixed or invalid key types' }],
    ['local t = {}; t.t = t; return t', { error: 'cannot encode recursively nested tables to JSON' }],
    ["local s = 'x'; while true do s = s .. s end", { error: '<string>:1: string is too long' }],
    ["return ('a'):rep(1e9)", { error: '<string>:1: string is too long' }],
    ["return (('a'):rep(50)):match(('a*'):rep(30) .. 'b')", { error: '<string>:1: pattern too complex' }],
  ])('%s', (script, expected) => {
    expect(run(script)).toEqual(expected);
  });

  test.each(['if', 'x =', 'for i = 1 do end', "'open", 'return (', 'a.b', 'end', '(('.repeat(300)])(
    '%s is no script',
    (script) => {
      expect(run(script)).toEqual({ error: expect.stringContaining('<string> line:1') });
    },
  );

  test.each(['io', 'loadstring', 'dofile', 'os.execute', 'os.getenv', 'os.remove', 'package', 'debug'])(
    'there is no %s',
    (name) => {
      expect(run(`return {tostring(${name})}`)).toEqual({ type: 'table', value: ['nil'] });
    },
  );

  test('without the open libraries there are tables and the time, but no texts', () => {
    const bare = (script: string): ScriptResult => run(script, {}, false);
    expect(bare("return {table.concat({'a'}), os.date('!%Y')}")).toEqual({ type: 'table', value: ['a', '2026'] });
    expect(bare("return ('a'):upper()")).toEqual({
      error: "<string>:1: attempt to index a non-table object(string) with key 'upper'",
    });
    expect(bare('return math.floor(1)')).toEqual({
      error: "<string>:1: attempt to index a non-table object(nil) with key 'floor'",
    });
  });
});
