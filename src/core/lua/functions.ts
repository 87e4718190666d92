// Functions: parameters, what they take of the functions around them, and their calls.

import type { CompileFunction } from './expressions.ts';
import type { Evaluate } from './operators.ts';
import {
  accept,
  type Cell,
  type Compiler,
  createScope,
  declare,
  expect,
  expectName,
  type Frame,
  isNext,
} from './scope.ts';
import type { LuaValue } from './values.ts';

/** Nothing, or what ends the block early. */
export type Outcome = undefined | 'break' | { readonly label: string } | readonly LuaValue[];

export type Execute = (frame: Frame) => Outcome;

/** The compiler of functions whose bodies are such blocks. */
export const functionsOf =
  (block: (compiler: Compiler) => Execute): CompileFunction =>
  (compiler, isMethod) => {
    const names = parameters(compiler, isMethod);
    const isVararg = names.at(-1) === '...';
    if (isVararg) names.pop();
    return functionOf(compiler, { names, isVararg, block });
  };

function parameters(compiler: Compiler, isMethod: boolean): string[] {
  expect(compiler, '(');
  const names = isMethod ? ['self'] : [];
  while (!isNext(compiler, ')')) {
    if (accept(compiler, '...')) {
      names.push('...');
      break;
    }
    names.push(expectName(compiler));
    if (!accept(compiler, ',')) break;
  }
  expect(compiler, ')');
  return names;
}

interface Signature {
  readonly names: readonly string[];
  readonly isVararg: boolean;
  readonly block: (compiler: Compiler) => Execute;
}

function functionOf(compiler: Compiler, { names, isVararg, block }: Signature): Evaluate {
  const outer = compiler.scope;
  const scope = createScope(outer, isVararg);
  compiler.scope = scope;
  for (const name of names) declare(compiler, name);
  const body = block(compiler);
  expect(compiler, 'end');
  compiler.scope = outer;
  return (frame) => {
    const upvalues = scope.upvalues.map(({ isLocal, index: at }): Cell => {
      const source = isLocal ? frame.locals[at] : frame.upvalues[at];
      return source ?? { value: undefined };
    });
    return (args) => run(body, { args, names, upvalues, runtime: frame.runtime });
  };
}

interface Activation extends Pick<Frame, 'upvalues' | 'runtime'> {
  readonly args: readonly LuaValue[];
  readonly names: readonly string[];
}

function run(body: Execute, { args, names, upvalues, runtime }: Activation): readonly LuaValue[] {
  const locals = names.map((_name, at): Cell => ({ value: args[at] }));
  const outcome = body({ locals, upvalues, varargs: args.slice(names.length), runtime });
  return Array.isArray(outcome) ? outcome : [];
}
