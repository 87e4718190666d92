// Texts that an expression gives to functions: what cannot be read is told before it is evaluated.

import type { ASTNode } from '@marcbachmann/cel-js';
import { compileRegExp } from '../../../core/regexp.ts';
import { durationOf } from './language.ts';
import { everyPart } from './syntax.ts';
import type { Told } from './syntax-faults.ts';

/** Expressions that may have some. */
export const LITERAL = /\b(?:matches|duration|timestamp)\s*\(\s*(?:[\w.]+\s*,\s*)?[rR]?["']/;

const isRead = (read: () => unknown): boolean => {
  try {
    return read() !== undefined;
  } catch {
    return false;
  }
};

const READERS: Readonly<Record<string, (text: string) => boolean>> = {
  duration: (text) => isRead(() => durationOf(text)),
  matches: (text) => compileRegExp(text) !== undefined,
  timestamp: (text) => !Number.isNaN(Date.parse(text)),
};

export const literalFaults = (expression: ASTNode): Told[] => everyPart(expression).flatMap(literalFault);

function literalFault(node: ASTNode): Told[] {
  if (node.op !== 'rcall' && node.op !== 'call') return [];
  const [name] = node.args;
  const args: unknown = node.op === 'rcall' ? node.args[2] : node.args[1];
  const read = Object.hasOwn(READERS, name) ? READERS[name] : undefined;
  const literal: unknown = Array.isArray(args) ? args.at(-1) : undefined;
  if (!read || !isLiteral(literal) || read(literal.args)) return [];
  return [{ text: `invalid ${name} argument`, at: literal.start }];
}

interface Literal {
  readonly args: string;
  readonly start: number;
}

const isLiteral = (value: unknown): value is Literal =>
  typeof value === 'object' &&
  value !== null &&
  'op' in value &&
  value.op === 'value' &&
  'args' in value &&
  typeof value.args === 'string';
