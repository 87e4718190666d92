// What operators do, and what metatables make of them.

import { isTruthy, LuaError, LuaTable, type LuaValue, toNumber, toText, typeOf } from './values.ts';

/** One script that runs: where it is, and how deep. */
export interface Runtime {
  readonly globals: LuaTable;
  /** Of texts: none where the library of texts is not there. */
  strings: LuaTable | undefined;
  line: number;
  depth: number;
}

/** As many calls may wait for one another. */
const MAX_DEPTH = 250;

const placed = (line: number, message: string): LuaError => new LuaError(`<string>:${line}: ${message}`, true);

function metamethod(value: LuaValue, name: string): LuaValue {
  return value instanceof LuaTable ? value.metatable?.get(name) : undefined;
}

export function call(runtime: Runtime, callee: LuaValue, args: readonly LuaValue[], line: number): readonly LuaValue[] {
  if (typeof callee !== 'function') {
    const handler = metamethod(callee, '__call');
    if (handler === undefined) throw placed(line, 'attempt to call a non-function object');
    return call(runtime, handler, [callee, ...args], line);
  }
  if (runtime.depth >= MAX_DEPTH) throw placed(line, 'stack overflow');
  runtime.depth += 1;
  runtime.line = line;
  try {
    return callee(args);
  } catch (thrown) {
    if (thrown instanceof LuaError && !thrown.isPlaced && typeof thrown.value === 'string')
      throw placed(line, thrown.value);
    if (thrown instanceof RangeError) throw placed(line, 'stack overflow');
    throw thrown;
  } finally {
    runtime.depth -= 1;
  }
}

/** Chains of tables that stand for each other end somewhere. */
const MAX_CHAIN = 100;

export function index(runtime: Runtime, holder: LuaValue, key: LuaValue, line: number): LuaValue {
  let current = holder;
  for (let step = 0; step < MAX_CHAIN; step++) {
    if (current instanceof LuaTable) {
      const value = current.get(key);
      if (value !== undefined || !current.metatable) return value;
    }
    const handler = typeof current === 'string' ? runtime.strings : metamethod(current, '__index');
    if (handler === undefined) {
      if (current instanceof LuaTable) return undefined;
      throw placed(line, `attempt to index a non-table object(${typeOf(current)})${keyText(key)}`);
    }
    if (typeof handler === 'function') return call(runtime, handler, [current, key], line)[0];
    current = handler;
  }
  throw placed(line, 'too many recursions in gettable');
}

const keyText = (key: LuaValue): string => (toText(key) === undefined ? '' : ` with key '${toText(key)}'`);

export function assign(runtime: Runtime, holder: LuaValue, [key, value]: readonly LuaValue[], line: number): void {
  const handler = metamethod(holder, '__newindex');
  if (!(holder instanceof LuaTable))
    throw placed(line, `attempt to index a non-table object(${typeOf(holder)})${keyText(key)}`);
  if (handler === undefined || holder.get(key) !== undefined) {
    try {
      holder.set(key, value);
    } catch (thrown) {
      throw thrown instanceof LuaError ? placed(line, thrown.message) : thrown;
    }
  } else if (typeof handler === 'function') call(runtime, handler, [holder, key, value], line);
  else assign(runtime, handler, [key, value], line);
}

const NUMBERS: Readonly<Record<string, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  mod: (a, b) => a - Math.floor(a / b) * b,
  pow: (a, b) => a ** b,
};

export type Arithmetic = 'add' | 'sub' | 'mul' | 'div' | 'mod' | 'pow';

interface Operands {
  readonly left: LuaValue;
  readonly right: LuaValue;
  readonly line: number;
}

function viaMetatable(
  runtime: Runtime,
  event: string,
  { left, right, line }: Operands,
): readonly LuaValue[] | undefined {
  const handler = metamethod(left, `__${event}`) ?? metamethod(right, `__${event}`);
  return handler === undefined ? undefined : call(runtime, handler, [left, right], line);
}

export function arithmetic(runtime: Runtime, operation: Arithmetic, operands: Operands): LuaValue {
  const { left, right, line } = operands;
  const [a, b] = [toNumber(left), toNumber(right)];
  const compute = NUMBERS[operation];
  if (a !== undefined && b !== undefined && compute) return compute(a, b);
  const handled = viaMetatable(runtime, operation, operands);
  if (handled) return handled[0];
  throw placed(line, `cannot perform ${operation} operation between ${typeOf(left)} and ${typeOf(right)}`);
}

/** A text that grows without end ends the script before it ends the machine. */
const MAX_TEXT = 16_000_000;

export function concatenate(runtime: Runtime, operands: Operands): LuaValue {
  const { left, right, line } = operands;
  const [a, b] = [toText(left), toText(right)];
  if (a !== undefined && b !== undefined) {
    if (a.length + b.length > MAX_TEXT) throw placed(line, 'string is too long');
    return a + b;
  }
  const handled = viaMetatable(runtime, 'concat', operands);
  if (handled) return handled[0];
  throw placed(line, `cannot perform concat operation between ${typeOf(left)} and ${typeOf(right)}`);
}

export function negate(runtime: Runtime, value: LuaValue, line: number): LuaValue {
  const number = toNumber(value);
  if (number !== undefined) return -number;
  const handler = metamethod(value, '__unm');
  if (handler !== undefined) return call(runtime, handler, [value], line)[0];
  throw placed(line, '__unm undefined');
}

export function lengthOf(runtime: Runtime, value: LuaValue, line: number): LuaValue {
  if (typeof value === 'string') return value.length;
  const handler = metamethod(value, '__len');
  if (handler !== undefined) return call(runtime, handler, [value], line)[0];
  if (value instanceof LuaTable) return value.length();
  throw placed(line, '__len undefined');
}

export function equals(runtime: Runtime, left: LuaValue, right: LuaValue, line: number): boolean {
  if (left === right) return true;
  if (!(left instanceof LuaTable && right instanceof LuaTable)) return false;
  const handler = metamethod(left, '__eq');
  if (handler === undefined || handler !== metamethod(right, '__eq')) return false;
  return isTruthy(call(runtime, handler, [left, right], line)[0]);
}

export function lessThan(runtime: Runtime, operands: Operands, orEqual: boolean): boolean {
  const { left, right, line } = operands;
  if (typeof left === 'number' && typeof right === 'number') return orEqual ? left <= right : left < right;
  if (typeof left === 'string' && typeof right === 'string') return orEqual ? left <= right : left < right;
  const handled = viaMetatable(runtime, orEqual ? 'le' : 'lt', operands);
  if (handled) return isTruthy(handled[0]);
  throw placed(line, `attempt to compare ${typeOf(left)} with ${typeOf(right)}`);
}

export function displayText(runtime: Runtime, value: LuaValue): string {
  const handler = metamethod(value, '__tostring');
  if (handler !== undefined) return toText(call(runtime, handler, [value], runtime.line)[0]) ?? '';
  const text = toText(value);
  if (text !== undefined) return text;
  if (typeof value === 'boolean') return String(value);
  return value === undefined ? 'nil' : `${typeOf(value)}: 0xc000000000`;
}
