// Conversions of what is written out: the compiler makes them once, and tells what stops them.

import type { ASTNode } from '@marcbachmann/cel-js';
import { programOf, userName } from './language.ts';
import { everyPart } from './syntax.ts';

/** Expressions that may have some. */
export const CONVERTED = /\b(?:bool|double|int|string|uint)\s*\(/;

type Written = 'bytes' | 'number' | 'string';

/** What the library reads as a number, and cel-go does not. */
const isNoNumber = (text: string): boolean => text === '' || text !== text.trim() || /^[-+]?0x/i.test(text);

/** The first conversion of a constant that fails, in cel-go's words. */
export function constantFault(expression: ASTNode): string | undefined {
  for (const node of everyPart(expression)) {
    const argument = converted(node);
    const from = argument && isConstant(argument) ? typeOf(argument) : undefined;
    if (argument && from !== undefined && !isMade(node, argument)) return why(nameOf(node), from);
  }
  return undefined;
}

const nameOf = (node: ASTNode): string => (node.op === 'call' ? userName(node.args[0]) : '');

/** What a conversion is given. */
function converted(node: ASTNode): ASTNode | undefined {
  if (node.op !== 'call' || !Object.hasOwn(INTO, nameOf(node))) return undefined;
  const [argument, ...more] = node.args[1];
  return more.length === 0 ? argument : undefined;
}

const isConstant = (node: ASTNode): boolean => {
  const inner = converted(node);
  if (inner) return isConstant(inner);
  return node.op === 'value' || (node.op === '-_' && node.args.op === 'value');
};

const INTO: Readonly<Record<string, Written | undefined>> = {
  bool: undefined,
  double: 'number',
  int: 'number',
  string: 'string',
  uint: 'number',
};

function typeOf(node: ASTNode): Written | undefined {
  if (converted(node)) return INTO[nameOf(node)];
  const value: unknown = node.op === '-_' ? node.args.args : node.args;
  if (typeof value === 'string') return 'string';
  if (value instanceof Uint8Array) return 'bytes';
  return typeof value === 'boolean' ? undefined : 'number';
}

function isMade(node: ASTNode, argument: ASTNode): boolean {
  const value: unknown = argument.args;
  if (value instanceof Uint8Array) return Buffer.from(Buffer.from(value).toString('utf8')).equals(value);
  if (typeof value === 'string' && INTO[nameOf(node)] === 'number' && isNoNumber(value)) return false;
  try {
    const result = programOf(node.input.slice(node.start, endOf(node)))({});
    return typeof result !== 'bigint' || BigInt.asIntN(64, result) === result;
  } catch {
    return false;
  }
}

/** The library may leave the last bracket out. */
const endOf = ({ input, start, end }: ASTNode): number => {
  const text = input.slice(start, end);
  return text.endsWith(')') && text.split('(').length === text.split(')').length ? end : input.indexOf(')', end) + 1;
};

const OVERFLOW: Readonly<Record<string, string>> = { int: 'integer overflow', uint: 'unsigned integer overflow' };

function why(into: string, from: Written | undefined): string {
  if (from === 'bytes') return 'invalid UTF-8 in bytes, cannot convert to string';
  const overflow = from === 'number' ? OVERFLOW[into] : undefined;
  return overflow ?? `type conversion error from 'string' to '${into}'`;
}
