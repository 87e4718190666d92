// What every script has: the functions without a table, and those of tables.

import { type Arguments, argumentError, integerAt, tableAt, textAt } from './arguments.ts';
import { call, displayText, equals, lessThan, type Runtime } from './operations.ts';
import { isTruthy, LuaError, type LuaFunction, LuaTable, type LuaValue, toNumber, toText, typeOf } from './values.ts';

export function library(functions: Readonly<Record<string, LuaFunction | number>>): LuaTable {
  const table = new LuaTable();
  for (const [name, value] of Object.entries(functions)) table.set(name, value);
  return table;
}

const next: LuaFunction = (args) => tableAt(args, 1, 'next').next(args[1]) ?? [undefined];

const sequence: LuaFunction = ([table, position]) => {
  const at = (toNumber(position) ?? 0) + 1;
  const value = table instanceof LuaTable ? table.get(at) : undefined;
  return value === undefined ? [undefined] : [at, value];
};

/** As many values as one call can give. */
const MAX_VALUES = 10_000;

const unpack: LuaFunction = (args) => {
  const table = tableAt(args, 1, 'unpack');
  const [first, last] = [integerAt(args, 2, 'unpack', 1), integerAt(args, 3, 'unpack', table.length())];
  if (last - first >= MAX_VALUES) throw new LuaError('too many results to unpack');
  return Array.from({ length: Math.max(0, last - first + 1) }, (_none, offset) => table.get(first + offset));
};

const PLAIN: Readonly<Record<string, LuaFunction>> = {
  ipairs: (args) => [sequence, tableAt(args, 1, 'ipairs'), 0],
  next,
  pairs: (args) => [next, tableAt(args, 1, 'pairs'), undefined],
  rawequal: ([a, b]) => [a === b],
  rawget: (args) => [tableAt(args, 1, 'rawget').get(args[1])],
  rawset: (args) => {
    const table = tableAt(args, 1, 'rawset');
    table.set(args[1], args[2]);
    return [table];
  },
  select: (args) => {
    if (args[0] === '#') return [args.length - 1];
    const at = integerAt(args, 1, 'select');
    if (at === 0) throw argumentError(1, 'select', 'index out of range');
    return at > 0 ? args.slice(at) : args.slice(args.length + at);
  },
  tonumber,
  type: (args) => {
    if (args.length === 0) throw argumentError(1, 'type', 'value expected');
    return [typeOf(args[0])];
  },
  unpack,
};

function tonumber(args: Arguments): readonly LuaValue[] {
  const base = integerAt(args, 2, 'tonumber', 10);
  if (base === 10) return [toNumber(args[0])];
  const text = textAt(args, 1, 'tonumber').trim().toLowerCase();
  const digits = '0123456789abcdefghijklmnopqrstuvwxyz'.slice(0, base);
  const isNumber = text !== '' && [...text].every((digit) => digits.includes(digit));
  return [isNumber ? Number.parseInt(text, base) : undefined];
}

const LIBRARIES = ['math', 'os', 'string', 'table'];

/** What errors and texts depend on is the script that runs. */
function bound(runtime: Runtime): Readonly<Record<string, LuaFunction>> {
  const values = (error: LuaError): LuaValue => (error.isPlaced ? error.message : error.value);
  const protect = (callee: LuaValue, args: Arguments, handle: (value: LuaValue) => readonly LuaValue[]) => {
    const { depth, line } = runtime;
    try {
      return [true, ...call(runtime, callee, args, line)];
    } catch (thrown) {
      if (!(thrown instanceof LuaError)) throw thrown;
      runtime.depth = depth;
      return [false, ...handle(thrown.isPlaced && typeof thrown.value !== 'string' ? thrown.value : values(thrown))];
    }
  };
  return {
    assert: (args) => {
      if (args.length === 0) throw argumentError(1, 'assert', 'value expected');
      if (isTruthy(args[0])) return args;
      throw new LuaError(args[1] ?? 'assertion failed!', true);
    },
    error: ([value, level]) => {
      const isPlain = typeof value !== 'string' || toNumber(level) === 0;
      throw new LuaError(isPlain ? value : `<string>:${runtime.line}: ${value}`, true);
    },
    getmetatable: ([value]) => {
      const metatable = value instanceof LuaTable ? value.metatable : undefined;
      return [metatable?.get('__metatable') ?? metatable];
    },
    pcall: ([callee, ...args]) => protect(callee, args, (value) => [value]),
    print: () => [],
    // There are no modules but the libraries that are there anyway.
    require: (args) => {
      const name = textAt(args, 1, 'require');
      const found = LIBRARIES.includes(name) ? runtime.globals.get(name) : undefined;
      if (found === undefined) throw new LuaError(`module ${name} not found`);
      return [found];
    },
    setmetatable: (args) => {
      const table = tableAt(args, 1, 'setmetatable');
      table.metatable = args[1] === undefined ? undefined : tableAt(args, 2, 'setmetatable');
      return [table];
    },
    tostring: ([value]) => [displayText(runtime, value)],
    xpcall: ([callee, handler]) => protect(callee, [], (value) => call(runtime, handler, [value], runtime.line)),
  };
}

function insert(args: Arguments): readonly LuaValue[] {
  const table = tableAt(args, 1, 'insert');
  if (args.length < 2) throw new LuaError("wrong number of arguments to 'insert'");
  if (args.length === 2) table.set(table.length() + 1, args[1]);
  else {
    const at = integerAt(args, 2, 'insert');
    if (at >= 1 && at <= table.length()) table.list.splice(at - 1, 0, args[2]);
    else table.set(at, args[2]);
  }
  return [];
}

function remove(args: Arguments): readonly LuaValue[] {
  const table = tableAt(args, 1, 'remove');
  const length = table.length();
  const at = integerAt(args, 2, 'remove', length);
  if (length === 0 || at < 1 || at > length) return [undefined];
  return table.list.splice(at - 1, 1);
}

function concat(args: Arguments): readonly LuaValue[] {
  const table = tableAt(args, 1, 'concat');
  const separator = args[1] === undefined ? '' : textAt(args, 2, 'concat');
  const [first, last] = [integerAt(args, 3, 'concat', 1), integerAt(args, 4, 'concat', table.length())];
  const texts: string[] = [];
  for (let at = first; at <= last; at++) {
    const text = toText(table.get(at));
    if (text === undefined)
      throw new LuaError(`invalid value (${typeOf(table.get(at))}) at index ${at} in table for concat`);
    texts.push(text);
  }
  return [texts.join(separator)];
}

function sorted(runtime: Runtime, args: Arguments): readonly LuaValue[] {
  const { list } = tableAt(args, 1, 'sort');
  const order = args[1];
  const { line } = runtime;
  const isBefore = (left: LuaValue, right: LuaValue): boolean =>
    order === undefined
      ? lessThan(runtime, { left, right, line }, false)
      : isTruthy(call(runtime, order, [left, right], line)[0]);
  const copy = [...list].sort((a, b) =>
    equals(runtime, a, b, line) ? 0 : isBefore(a, b) ? -1 : isBefore(b, a) ? 1 : 0,
  );
  for (const [at, value] of copy.entries()) list[at] = value;
  return [];
}

function largestKey(table: LuaTable): number {
  let largest = 0;
  for (const [key] of table.entries()) if (typeof key === 'number' && key > largest) largest = key;
  return largest;
}

function each(
  runtime: Runtime,
  args: Arguments,
  entries: Iterable<readonly [LuaValue, LuaValue]>,
): readonly LuaValue[] {
  for (const [key, value] of entries) {
    const [found] = call(runtime, args[1], [key, value], runtime.line);
    if (found !== undefined) return [found];
  }
  return [];
}

const tables = (runtime: Runtime): LuaTable =>
  library({
    concat,
    foreach: (args) => each(runtime, args, tableAt(args, 1, 'foreach').entries()),
    foreachi: (args) =>
      each(
        runtime,
        args,
        tableAt(args, 1, 'foreachi').list.map((value, at): [number, LuaValue] => [at + 1, value]),
      ),
    getn: (args) => [tableAt(args, 1, 'getn').length()],
    insert,
    maxn: (args) => [largestKey(tableAt(args, 1, 'maxn'))],
    remove,
    sort: (args) => sorted(runtime, args),
    unpack,
  });

export function openBase(runtime: Runtime): void {
  const { globals } = runtime;
  for (const [name, run] of Object.entries({ ...PLAIN, ...bound(runtime) })) globals.set(name, run);
  globals.set('_G', globals);
  globals.set('_VERSION', 'Lua 5.1');
  globals.set('table', tables(runtime));
}
