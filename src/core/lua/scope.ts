// The state of the compiler: words still to come, and where each name lives.

import { syntaxError, type Token } from './lexer.ts';
import type { Runtime } from './operations.ts';
import type { LuaValue } from './values.ts';

/** A local variable: functions that use it share it. */
export interface Cell {
  value: LuaValue;
}

/** One call of a function. */
export interface Frame {
  readonly locals: Cell[];
  readonly upvalues: readonly Cell[];
  readonly varargs: readonly LuaValue[];
  readonly runtime: Runtime;
}

export interface FunctionScope {
  readonly parent: FunctionScope | undefined;
  /** Names by block, the innermost last. */
  readonly blocks: Map<string, number>[];
  slots: number;
  /** What the function takes of the one around it when it is made. */
  readonly upvalues: { readonly name: string; readonly isLocal: boolean; readonly index: number }[];
  readonly isVararg: boolean;
  loops: number;
}

export interface Compiler {
  readonly tokens: readonly Token[];
  index: number;
  scope: FunctionScope;
  levels: number;
}

export const createScope = (parent: FunctionScope | undefined, isVararg: boolean): FunctionScope => ({
  parent,
  blocks: [new Map()],
  slots: 0,
  upvalues: [],
  isVararg,
  loops: 0,
});

const END: Token = { type: 'end', text: 'EOF', line: 0 };

export const peek = (compiler: Compiler): Token => compiler.tokens[compiler.index] ?? END;

export function advance(compiler: Compiler): Token {
  const token = peek(compiler);
  if (token.type !== 'end') compiler.index += 1;
  return token;
}

export const isNext = (compiler: Compiler, ...texts: readonly string[]): boolean => {
  const { type, text } = peek(compiler);
  return (type === 'keyword' || type === 'symbol') && texts.includes(text);
};

export function accept(compiler: Compiler, text: string): boolean {
  if (!isNext(compiler, text)) return false;
  advance(compiler);
  return true;
}

export function expect(compiler: Compiler, text: string): Token {
  if (isNext(compiler, text)) return advance(compiler);
  return fail(compiler);
}

export function fail(compiler: Compiler): never {
  const { line, text } = peek(compiler);
  throw syntaxError(line, text);
}

export function expectName(compiler: Compiler): string {
  return peek(compiler).type === 'name' ? advance(compiler).text : fail(compiler);
}

/** A new local variable of the innermost block. */
export function declare({ scope }: Compiler, name: string): number {
  const slot = scope.slots;
  scope.slots += 1;
  scope.blocks.at(-1)?.set(name, slot);
  return slot;
}

export function inBlock<T>(compiler: Compiler, work: () => T): T {
  const { scope } = compiler;
  scope.blocks.push(new Map());
  try {
    return work();
  } finally {
    scope.blocks.pop();
  }
}

/** Deeper nesting would overflow the stack. */
const MAX_LEVELS = 190;

export function nested<T>(compiler: Compiler, work: () => T): T {
  compiler.levels += 1;
  if (compiler.levels > MAX_LEVELS) throw syntaxError(peek(compiler).line, peek(compiler).text, 'too many levels');
  try {
    return work();
  } finally {
    compiler.levels -= 1;
  }
}

export type Variable =
  | { readonly kind: 'local'; readonly slot: number }
  | { readonly kind: 'upvalue'; readonly index: number }
  | { readonly kind: 'global' };

export function resolve(scope: FunctionScope, name: string): Variable {
  for (const block of [...scope.blocks].reverse()) {
    const slot = block.get(name);
    if (slot !== undefined) return { kind: 'local', slot };
  }
  const known = scope.upvalues.findIndex((upvalue) => upvalue.name === name);
  if (known >= 0) return { kind: 'upvalue', index: known };
  const outer = scope.parent && resolve(scope.parent, name);
  if (!outer || outer.kind === 'global') return { kind: 'global' };
  const isLocal = outer.kind === 'local';
  scope.upvalues.push({ name, isLocal, index: isLocal ? outer.slot : outer.index });
  return { kind: 'upvalue', index: scope.upvalues.length - 1 };
}
