// A script in Lua 5.1, as settings have them: globals in, values out; no files, no processes, no modules. It ends when it ends:
// whoever runs it in a thread stops the thread.

import type { Json } from '../json.ts';
import { openBase } from './base-library.ts';
import { tokenize } from './lexer.ts';
import { openMath, openTime } from './number-libraries.ts';
import type { Runtime } from './operations.ts';
import { type Compiler, createScope, fail, peek } from './scope.ts';
import { block } from './statements.ts';
import { openStrings } from './string-library.ts';
import { bytesOf, fromJson, textOf, toJsonValue } from './text.ts';
import { LuaError, LuaTable, type LuaValue, typeOf } from './values.ts';

export interface ScriptRequest {
  readonly script: string;
  readonly globals: Readonly<Record<string, Json>>;
  /** The libraries of texts and numbers, too. */
  readonly usesOpenLibs: boolean;
  readonly now: number;
}

export type ScriptResult =
  | { readonly type: 'table'; readonly value: Json }
  /** Nothing, or what no script should return. */
  | { readonly type: Exclude<ReturnType<typeof typeOf>, 'table'> }
  | { readonly error: string };

/** The first value that the script returns. Never throws. */
export function runScript({ script, globals, usesOpenLibs, now }: ScriptRequest): ScriptResult {
  const runtime: Runtime = { globals: new LuaTable(), strings: undefined, line: 0, depth: 0 };
  try {
    openBase(runtime);
    openTime(runtime, now);
    if (usesOpenLibs) {
      openStrings(runtime);
      openMath(runtime);
    }
    for (const [name, value] of Object.entries(globals)) runtime.globals.set(name, fromJson(value));
    const value = execute(bytesOf(script), runtime);
    return value instanceof LuaTable ? { type: 'table', value: toJsonValue(value) } : { type: plainType(value) };
  } catch (thrown) {
    if (thrown instanceof LuaError) return { error: textOf(thrown.message) };
    return { error: thrown instanceof RangeError ? 'stack overflow' : String(thrown) };
  }
}

function plainType(value: LuaValue): Exclude<ReturnType<typeof typeOf>, 'table'> {
  const type = typeOf(value);
  return type === 'table' ? 'nil' : type;
}

function execute(source: string, runtime: Runtime): LuaValue {
  const compiler: Compiler = { tokens: tokenize(source), index: 0, scope: createScope(undefined, true), levels: 0 };
  const body = block(compiler);
  if (peek(compiler).type !== 'end') fail(compiler);
  const outcome = body({ locals: [], upvalues: [], varargs: [], runtime });
  return Array.isArray(outcome) ? outcome[0] : undefined;
}
