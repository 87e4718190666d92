// Expressions, as functions of the frame that they are worked out in.

import { assign, call, index, lengthOf, negate } from './operations.ts';
import { binary, type Evaluate } from './operators.ts';
import {
  accept,
  advance,
  type Compiler,
  expect,
  expectName,
  type Frame,
  fail,
  isNext,
  nested,
  peek,
  resolve,
} from './scope.ts';
import { isTruthy, LuaTable, type LuaValue } from './values.ts';

export interface Expression {
  readonly one: Evaluate;
  /** Of a call and of `...`: as many values as there are. */
  readonly all?: (frame: Frame) => readonly LuaValue[];
  /** Of what can stand before `=`: works out what is assigned to, before what is assigned. */
  readonly target?: (frame: Frame) => (value: LuaValue) => void;
  readonly isCall?: true;
}

export type CompileFunction = (compiler: Compiler, isMethod: boolean) => Evaluate;

/** The bodies of functions are made of statements, and these of expressions. */
let compileFunction: CompileFunction | undefined;

export function bindFunctions(compile: CompileFunction): void {
  compileFunction = compile;
}

const functionBody = (compiler: Compiler): Evaluate => compileFunction?.(compiler, false) ?? fail(compiler);

export function values(expressions: readonly Expression[]): (frame: Frame) => readonly LuaValue[] {
  const last = expressions.at(-1);
  if (!last?.all) return (frame) => expressions.map(({ one }) => one(frame));
  const { all } = last;
  const first = expressions.slice(0, -1);
  return (frame) => [...first.map(({ one }) => one(frame)), ...all(frame)];
}

export function expressionList(compiler: Compiler): Expression[] {
  const list = [expression(compiler)];
  while (accept(compiler, ',')) list.push(expression(compiler));
  return list;
}

/** How close operators bind, to the left and to the right. */
const BINDING: Readonly<Record<string, readonly [number, number]>> = {
  or: [1, 1],
  and: [2, 2],
  '<': [3, 3],
  '>': [3, 3],
  '<=': [3, 3],
  '>=': [3, 3],
  '~=': [3, 3],
  '==': [3, 3],
  '..': [5, 4],
  '+': [6, 6],
  '-': [6, 6],
  '*': [7, 7],
  '/': [7, 7],
  '%': [7, 7],
  '^': [10, 9],
};
const UNARY = 8;

export function expression(compiler: Compiler, least = 0): Expression {
  return nested(compiler, () => {
    let left = unary(compiler);
    for (;;) {
      const { text, type, line } = peek(compiler);
      const binding = type === 'symbol' || type === 'keyword' ? BINDING[text] : undefined;
      if (!binding || binding[0] <= least) return left;
      advance(compiler);
      const right = expression(compiler, binding[1]);
      left = { one: binary(text, left.one, right.one, line) };
    }
  });
}

function unary(compiler: Compiler): Expression {
  const { line } = peek(compiler);
  if (accept(compiler, 'not')) {
    const { one } = expression(compiler, UNARY);
    return { one: (frame) => !isTruthy(one(frame)) };
  }
  if (accept(compiler, '-')) {
    const { one } = expression(compiler, UNARY);
    return { one: (frame) => negate(frame.runtime, one(frame), line) };
  }
  if (accept(compiler, '#')) {
    const { one } = expression(compiler, UNARY);
    return { one: (frame) => lengthOf(frame.runtime, one(frame), line) };
  }
  return simple(compiler);
}

function simple(compiler: Compiler): Expression {
  const { type, text, number } = peek(compiler);
  if (type === 'number' || type === 'string') {
    advance(compiler);
    const value = type === 'number' ? number : text;
    return { one: () => value };
  }
  if (accept(compiler, 'nil')) return { one: () => undefined };
  if (accept(compiler, 'true')) return { one: () => true };
  if (accept(compiler, 'false')) return { one: () => false };
  if (accept(compiler, '...')) {
    if (!compiler.scope.isVararg) fail(compiler);
    return { one: ({ varargs }) => varargs[0], all: ({ varargs }) => varargs };
  }
  if (accept(compiler, 'function')) return { one: functionBody(compiler) };
  return isNext(compiler, '{') ? tableConstructor(compiler) : suffixed(compiler);
}

export function variable(compiler: Compiler, name: string, line: number): Expression {
  const where = resolve(compiler.scope, name);
  if (where.kind === 'global')
    return {
      one: ({ runtime }) => index(runtime, runtime.globals, name, line),
      target:
        ({ runtime }) =>
        (value) =>
          assign(runtime, runtime.globals, [name, value], line),
    };
  const cellOf =
    where.kind === 'local' ? ({ locals }: Frame) => locals[where.slot] : ({ upvalues }: Frame) => upvalues[where.index];
  return {
    one: (frame) => cellOf(frame)?.value,
    target: (frame) => (value) => {
      const cell = cellOf(frame);
      if (cell) cell.value = value;
    },
  };
}

/** A name or what stands in parentheses, and what is asked of it. */
export function suffixed(compiler: Compiler): Expression {
  let prefix = primary(compiler);
  for (;;) {
    const { line, type } = peek(compiler);
    if (accept(compiler, '.')) {
      const name = expectName(compiler);
      prefix = indexed(prefix.one, () => name, line);
    } else if (accept(compiler, '[')) {
      const { one } = expression(compiler);
      expect(compiler, ']');
      prefix = indexed(prefix.one, one, line);
    } else if (accept(compiler, ':')) prefix = methodCall(compiler, prefix.one, line);
    else if (type === 'string' || isNext(compiler, '(', '{')) prefix = calls(prefix.one, argumentsOf(compiler), line);
    else return prefix;
  }
}

function primary(compiler: Compiler): Expression {
  const { line } = peek(compiler);
  if (accept(compiler, '(')) {
    const { one } = expression(compiler);
    expect(compiler, ')');
    return { one };
  }
  return variable(compiler, expectName(compiler), line);
}

function indexed(holder: Evaluate, key: Evaluate, line: number): Expression {
  return {
    one: (frame) => index(frame.runtime, holder(frame), key(frame), line),
    target: (frame) => {
      const [table, name] = [holder(frame), key(frame)];
      return (value) => assign(frame.runtime, table, [name, value], line);
    },
  };
}

function argumentsOf(compiler: Compiler): Expression[] {
  const { type, text } = peek(compiler);
  if (type === 'string') {
    advance(compiler);
    return [{ one: () => text }];
  }
  if (isNext(compiler, '{')) return [tableConstructor(compiler)];
  expect(compiler, '(');
  const list = isNext(compiler, ')') ? [] : expressionList(compiler);
  expect(compiler, ')');
  return list;
}

function calls(callee: Evaluate, args: readonly Expression[], line: number): Expression {
  const list = values(args);
  const all = (frame: Frame): readonly LuaValue[] => {
    const target = callee(frame);
    return call(frame.runtime, target, list(frame), line);
  };
  return { one: (frame) => all(frame)[0], all, isCall: true };
}

function methodCall(compiler: Compiler, holder: Evaluate, line: number): Expression {
  const name = expectName(compiler);
  const list = values(argumentsOf(compiler));
  const all = (frame: Frame): readonly LuaValue[] => {
    const self = holder(frame);
    return call(frame.runtime, index(frame.runtime, self, name, line), [self, ...list(frame)], line);
  };
  return { one: (frame) => all(frame)[0], all, isCall: true };
}

type Fill = (table: LuaTable, frame: Frame) => void;

function tableConstructor(compiler: Compiler): Expression {
  const { line } = expect(compiler, '{');
  const fills: Fill[] = [];
  let position = 0;
  let rest: Expression['all'];
  while (!isNext(compiler, '}')) {
    const field = tableField(compiler);
    rest = undefined;
    if ('key' in field) {
      const { key, value } = field;
      fills.push((table, frame) => assign(frame.runtime, table, [key(frame), value(frame)], line));
    } else {
      position += 1;
      const at = position;
      rest = field.all;
      fills.push((table, frame) => table.place(at, field.one(frame)));
    }
    if (!accept(compiler, ',') && !accept(compiler, ';')) break;
  }
  expect(compiler, '}');
  const spread = rest;
  const last = spread ? fills.pop() && position : 0;
  return {
    one: (frame) => {
      const table = new LuaTable();
      for (const fill of fills) fill(table, frame);
      if (spread) for (const [offset, value] of spread(frame).entries()) table.place((last ?? 0) + offset, value);
      return table;
    },
  };
}

function tableField(compiler: Compiler): Expression | { readonly key: Evaluate; readonly value: Evaluate } {
  if (accept(compiler, '[')) {
    const { one: key } = expression(compiler);
    expect(compiler, ']');
    expect(compiler, '=');
    return { key, value: expression(compiler).one };
  }
  const [{ type, text }, after] = [peek(compiler), compiler.tokens[compiler.index + 1]];
  if (type === 'name' && after?.type === 'symbol' && after.text === '=') {
    compiler.index += 2;
    return { key: () => text, value: expression(compiler).one };
  }
  return expression(compiler);
}
