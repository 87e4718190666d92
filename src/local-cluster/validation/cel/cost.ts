// What evaluating costs: counted as it goes, in about the units of cel-go, and stopped where it is too much.

import type { ASTNode } from '@marcbachmann/cel-js';
import { type Call, inOrder } from './order.ts';
import { childrenOf, isPart, type Part } from './syntax.ts';

/** Of one evaluation, and of all rules of an object together. */
export const CALL_LIMIT = 1_000_000;
export const OBJECT_LIMIT = 10_000_000;

/** What a part costs beside its own parts; all others cost one. */
const COSTS: Readonly<Record<string, number>> = { value: 0, list: 10, map: 30 };

let spent = 0;

/** The value of an expression, and what it has cost. */
export function evaluateCounted(evaluate: () => unknown): { readonly value: unknown; readonly cost: number } {
  spent = 0;
  const value = evaluate();
  // Quantifiers swallow faults of their predicates, this one too.
  if (spent > CALL_LIMIT) throw new CostError();
  return { value, cost: spent };
}

export const costSoFar = (): number => spent;

export class CostError extends Error {
  constructor() {
    super('operation cancelled: actual cost limit exceeded');
    this.name = 'CostError';
  }
}

/** Work that functions do, by the length of what they are given. */
export function spend(cost: number): void {
  spent += cost;
  if (spent > CALL_LIMIT) throw new CostError();
}

/** Has every part of an expression count its cost. */
export function metered(node: ASTNode, done: Set<unknown> = new Set()): void {
  if (done.has(node)) return;
  done.add(node);
  if (isPart(node)) meter(node);
  for (const child of childrenOf(node)) metered(child, done);
}

function meter(part: Part): void {
  const own = COSTS[part.op] ?? 1;
  part.evaluate = (evaluator, node, context) => {
    spend(own);
    const value = evaluatePart(part, { evaluator, node, context });
    if (typeof value === 'string' || Array.isArray(value)) spend(value.length / 10);
    return value;
  };
}

/** As the library does: what a macro has become, the macro, or the part itself. */
function evaluatePart({ meta }: Part, call: Call): unknown {
  const { alternate, macro } = meta;
  const { evaluator, context } = call;
  if (isPart(alternate)) return alternate.evaluate(evaluator, alternate, context);
  return isMacro(macro)
    ? macro.evaluate(evaluator, macro, context)
    : inOrder(call, () => meta.evaluate(evaluator, call.node, context));
}

type Macro = Pick<Part, 'evaluate'>;

const isMacro = (value: unknown): value is Macro =>
  typeof value === 'object' && value !== null && 'evaluate' in value && typeof value.evaluate === 'function';
