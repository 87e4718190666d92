// The language of rules, loaded when a rule is there. Expressions are read once.

import type { ASTNode, Environment, ParseResult } from '@marcbachmann/cel-js';
import { loadRegExps } from '../../../core/regexp.ts';
import { metered } from './cost.ts';
import { withoutStructures } from './structures.ts';
import { childrenOf } from './syntax.ts';
import { widen } from './widen.ts';

interface Language {
  /** Knows no types: what is evaluated is looked at as it is. */
  readonly untyped: Environment;
  /** To be cloned, and given the types of a schema. */
  readonly typed: Environment;
  readonly duration: (text: string) => unknown;
  /** A value that may be missing. */
  readonly optional: (value: unknown) => unknown;
}

let language: Language | undefined;

/** To be awaited before objects of a kind with rules are written: the language is not loaded without need. */
export async function loadRules(): Promise<void> {
  if (language) return;
  const [{ Environment }, { registerFunctions }] = await Promise.all([
    import('@marcbachmann/cel-js'),
    import('./functions.ts'),
    loadRegExps(),
  ]);
  // Texts are formatted from lists of anything.
  const options = { enableOptionalTypes: true, homogeneousAggregateLiterals: false };
  const untyped = new Environment({ ...options, unlistedVariablesAreDyn: true });
  const typed = new Environment(options);
  registerFunctions(untyped, optionalOf);
  registerFunctions(typed, optionalOf);
  const duration = untyped.parse('duration(text)');
  const [present, missing] = [untyped.parse('optional.of(value)'), untyped.parse('optional.none()')];
  language = {
    untyped,
    typed,
    duration: (text) => duration({ text }),
    optional: (value) => (value === undefined ? missing() : present({ value })),
  };
}

export const isLanguageLoaded = (): boolean => language !== undefined;

function loaded(): Language {
  if (!language) throw new Error('the language of rules is not loaded');
  return language;
}

export const durationOf = (text: string): unknown => loaded().duration(text);

export const optionalOf = (value: unknown): unknown => loaded().optional(value);

export const untypedEnvironment = (): Environment => loaded().untyped;

export const typedEnvironment = (): Environment => loaded().typed.clone();

type Program = (context: Readonly<Record<string, unknown>>) => unknown;

const programs = new Map<string, Program>();

/** Throws for what is no expression. */
export function programOf(expression: string): Program {
  const earlier = programs.get(expression);
  if (earlier) return earlier;
  const program = parseWith(loaded().untyped, expression);
  metered(program.ast);
  programs.set(expression, program);
  return program;
}

/** Names of functions that stand for those of the library: RE2 takes a time that the text's length bounds, others differ. */
const OWN_FUNCTIONS: Readonly<Record<string, string>> = {
  lowerAscii: 'lowerAsciiOnly',
  matches: 'matchesRe2',
  string: 'stringOf',
  substring: 'substringOf',
  upperAscii: 'upperAsciiOnly',
};

/** The name that a user knows of a function. */
export const userName = (name: string): string =>
  Object.entries(OWN_FUNCTIONS).find(([, own]) => own === name)?.[0] ?? name;

export function parseWith(environment: Environment, expression: string): ParseResult {
  const parsed = environment.parse(widen(environment, expression));
  rename(parsed.ast, new Set());
  return parsed;
}

/** The parts of an expression as they are written, macros by their names; undefined where they cannot be read so. */
export function parsedAsWritten(expression: string): ASTNode | undefined {
  try {
    return loaded().untyped.parse(withoutStructures(expression)).ast;
  } catch {
    return undefined;
  }
}

function rename(node: ASTNode, done: Set<ASTNode>): void {
  if (done.has(node)) return;
  done.add(node);
  if (node.op === 'rcall' || node.op === 'call') node.args[0] = OWN_FUNCTIONS[node.args[0]] ?? node.args[0];
  for (const child of childrenOf(node)) rename(child, done);
}
