// The parts of an expression, also those that the library keeps to itself: what a macro was made of.

import type { ASTNode } from '@marcbachmann/cel-js';

/** A type of the library's. */
export interface PartType {
  readonly name: string;
  readonly kind: string;
  readonly keyType?: PartType;
  readonly valueType?: PartType;
}

/** The library's checker, as its parts are checked with it. */
interface Checker {
  readonly check: (part: ASTNode, context: unknown) => PartType;
  readonly createError: (code: string, summary: string, part: ASTNode) => unknown;
  readonly objectTypes: ReadonlyMap<string, { readonly fields?: Readonly<Record<string, PartType>> }>;
}

export type CheckPart = (checker: Checker, part: Part, context: unknown) => PartType;

/** What a macro is to the library. */
export interface Macro {
  typeCheck: (checker: Checker, macro: Macro, context: unknown) => PartType;
}

/** How the library evaluates a part. */
export interface Evaluation {
  evaluate: (evaluator: unknown, node: unknown, context: unknown) => unknown;
  readonly meta: {
    readonly evaluate: (evaluator: unknown, node: unknown, context: unknown) => unknown;
    /** What a macro has become. */
    readonly alternate?: unknown;
    readonly macro?: Macro;
    /** How its type is found. */
    check: CheckPart;
  };
}

export type Part = ASTNode & Evaluation & { checkedType?: unknown };

export function isPart(value: unknown): value is Part {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value && 'meta' in value;
}

/** The parts within a value of the library's own. */
function partsWithin(value: unknown): Part[] {
  if (isPart(value)) return [value];
  if (Array.isArray(value)) return value.flatMap(partsWithin);
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(partsWithin);
}

/** The parts that an expression is made of, as it is written and as it is evaluated. */
export function childrenOf(node: ASTNode): Part[] {
  if (!isPart(node)) return [];
  const { alternate, macro } = node.meta;
  return [...partsWithin(node.args), ...partsWithin(alternate), ...(isPart(macro) ? [] : partsWithin(macro))];
}

/** An expression and its parts, each once, what is within before what holds it: what a macro becomes may hold itself. */
export function everyPart(node: ASTNode, done = new Set<ASTNode>()): ASTNode[] {
  if (done.has(node)) return [];
  done.add(node);
  return [...childrenOf(node).flatMap((child) => everyPart(child, done)), node];
}
