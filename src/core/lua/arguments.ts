// What the libraries expect of their arguments, and how they say that it is not so.

import { LuaError, LuaTable, type LuaValue, toNumber, toText, typeOf } from './values.ts';

export type Arguments = readonly LuaValue[];

export const argumentError = (position: number, name: string, problem: string): LuaError =>
  new LuaError(`bad argument #${position} to ${name} (${problem})`);

const got = (args: Arguments, position: number): string =>
  position > args.length ? 'no value' : typeOf(args[position - 1]);

export function tableAt(args: Arguments, position: number, name: string): LuaTable {
  const value = args[position - 1];
  if (value instanceof LuaTable) return value;
  throw argumentError(position, name, `table expected, got ${got(args, position)}`);
}

export function textAt(args: Arguments, position: number, name: string): string {
  const text = toText(args[position - 1]);
  if (text !== undefined) return text;
  throw argumentError(position, name, `string expected, got ${got(args, position)}`);
}

export function numberAt(args: Arguments, position: number, name: string, fallback?: number): number {
  const value = args[position - 1];
  if (value === undefined && fallback !== undefined) return fallback;
  const number = toNumber(value);
  if (number !== undefined) return number;
  throw argumentError(position, name, `number expected, got ${got(args, position)}`);
}

export const integerAt = (args: Arguments, position: number, name: string, fallback?: number): number =>
  Math.trunc(numberAt(args, position, name, fallback));
