// Parts in the order in which cel-go evaluates them, so that the same one of several faults is told: the library begins with
// the last argument, and of two sides that fail tells the right one.

import { isPart, type Part } from './syntax.ts';

export interface Call {
  readonly evaluator: unknown;
  readonly node: unknown;
  readonly context: unknown;
}

/** What the library works out of a call whose arguments are known. */
type Handle = (...given: readonly unknown[]) => unknown;

/** The value of a part; `usual` is how the library finds it. */
export function inOrder(call: Call, usual: () => unknown): unknown {
  const { node } = call;
  if (!isPart(node)) return usual();
  const decisive = DECISIVE[node.op];
  if (decisive !== undefined) return eitherSide(partsOf(node.args), { call, decisive, usual });
  const parts = argumentsOf(node);
  if (parts === undefined) return usual();
  const values = parts.map((part) => evaluated(part, call));
  if (node.op === 'list') return values;
  const handle = handleOf(node);
  if (!handle) return usual();
  return node.op === 'call' ? handle(values, node, call.evaluator) : handle(values, call.evaluator, node);
}

const DECISIVE: Readonly<Record<string, boolean | undefined>> = { '&&': false, '||': true };

const evaluated = (part: Part, { evaluator, context }: Call): unknown => part.evaluate(evaluator, part, context);

const partsOf = (args: unknown): readonly Part[] => (Array.isArray(args) ? args.filter(isPart) : []);

function argumentsOf({ op, args }: Part): readonly Part[] | undefined {
  if (op === 'list') return partsOf(args);
  const given: readonly unknown[] = Array.isArray(args) ? args : [];
  if (op === 'call') return partsOf(given[1]);
  return op === 'rcall' ? [...partsOf([given[1]]), ...partsOf(given[2])] : undefined;
}

const handleOf = (node: object): Handle | undefined =>
  'handle' in node && isHandle(node.handle) ? node.handle : undefined;

const isHandle = (value: unknown): value is Handle => typeof value === 'function';

interface Sides {
  readonly call: Call;
  readonly decisive: boolean;
  readonly usual: () => unknown;
}

type Attempt = { readonly value: unknown } | { readonly thrown: unknown };

function attempt(part: Part, call: Call): Attempt {
  try {
    return { value: evaluated(part, call) };
  } catch (thrown) {
    return { thrown };
  }
}

/** A side that decides makes good a fault of the other. */
function eitherSide([left, right]: readonly Part[], { call, decisive, usual }: Sides): unknown {
  if (!left || !right) return usual();
  const first = attempt(left, call);
  if ('value' in first && first.value === decisive) return decisive;
  const second = attempt(right, call);
  if ('value' in second && second.value === decisive) return decisive;
  if ('thrown' in first) throw first.thrown;
  if ('thrown' in second) throw second.thrown;
  return typeof first.value === 'boolean' && typeof second.value === 'boolean' ? second.value : usual();
}
