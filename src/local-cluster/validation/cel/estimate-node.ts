// What an expression may cost: each part by itself, its parts, and how often macros go through them.

import type { ASTNode } from '@marcbachmann/cel-js';
import type { Schema } from '../../../objects/schema.ts';
import { estimateCall } from './estimate-call.ts';
import {
  ANY,
  BOOL,
  BYTES,
  costsOf,
  DOUBLE,
  type Estimate,
  INT,
  isAny,
  isScalar,
  listOf,
  mapOf,
  type Scope,
  settled,
  sizeOf,
  TEXT,
  times,
  UNKNOWN,
  type Variable,
} from './estimate-part.ts';
import { firstStep, INDICES, ITEMS, KEYS, step, VALUES } from './go-path.ts';
import { fieldIn } from './sizes.ts';
import { isPart } from './syntax.ts';
import { seen, valuesOf } from './types.ts';

const LIST_COST = 10;
const MAP_COST = 30;

export function estimateOf(node: ASTNode, scope: Scope): Estimate {
  switch (node.op) {
    case 'value':
      return literal(node.args);
    case 'id':
      return variable(node.args, scope);
    case '.':
    case '.?':
      return field(node.op === '.?', estimateOf(node.args[0], scope), node.args[1]);
    case '[]':
    case '[?]':
      return element(node.op === '[?]', estimateOf(node.args[0], scope), estimateOf(node.args[1], scope));
    case 'list':
      return made(LIST_COST, scope, { entries: node.args, of: listOf });
    case 'map':
      return made(MAP_COST, scope, { entries: node.args.map(([, value]) => value), keys: node.args, of: mapOf });
    case '?:':
      return eitherOf(node.args, scope);
    case 'call':
    case 'rcall':
      return called(node, scope);
    default:
      return operated(node.op, partsOf(node.args), scope);
  }
}

/** With its size as it is known before the next part is looked at. */
const settledOf = (node: ASTNode, scope: Scope): Estimate => settled(estimateOf(node, scope), scope);

function operated(op: string, [only, ...rest]: readonly ASTNode[], scope: Scope): Estimate {
  if (!only) return { cost: 0, type: ANY };
  const first = settledOf(only, scope);
  // A number below zero is a number, not the negative of one.
  if (op === '-_' && only.op === 'value') return { ...first, number: first.number && -first.number };
  return estimateCall(op, [first, ...rest.map((part) => settledOf(part, scope))]);
}

const partsOf = (args: unknown): ASTNode[] => (Array.isArray(args) ? args : [args]).filter(isPart);

function literal(value: unknown): Estimate {
  if (typeof value === 'string') {
    const { length } = [...value];
    return { cost: 0, type: TEXT, size: length, least: length };
  }
  if (value instanceof Uint8Array) return { cost: 0, type: BYTES, size: value.length, least: value.length };
  if (typeof value === 'bigint') return { cost: 0, type: INT, number: Number(value) };
  return { cost: 0, type: typeof value === 'boolean' ? BOOL : value === null ? { type: 'null' } : DOUBLE };
}

function variable(name: string, { root, variables }: Scope): Estimate {
  const known = variables.get(name);
  if (known) return { cost: 1, type: known.type, path: known.path, size: known.size };
  const type = name === 'self' || name === 'oldSelf' ? root : { type: 'type' };
  return { cost: 1, type, path: firstStep(name) };
}

/** A field costs one where it is certain to be one of an object. */
function field(mayMiss: boolean, from: Estimate, name: string): Estimate {
  const type = from.type.type === 'optional' ? (from.type.items ?? ANY) : from.type;
  const inner = (isAny(type) ? undefined : fieldIn(type, name)) ?? ANY;
  if (mayMiss) return { cost: from.cost + 1, type: { type: 'optional', items: inner } };
  if (from.type.type === 'optional') return { cost: from.cost, type: { type: 'optional', items: inner } };
  return { cost: from.cost + (from.type.type === 'object' ? 1 : 0), type: inner, path: step(from.path, name) };
}

function element(mayMiss: boolean, from: Estimate, key: Estimate): Estimate {
  const type = from.type.items ?? valuesOf(seen(from.type)) ?? ANY;
  const cost = from.cost + key.cost + 1;
  if (mayMiss) return { cost, type: { type: 'optional', items: type } };
  return { cost, type, size: from.entry, path: step(from.path, from.type.type === 'object' ? VALUES : ITEMS) };
}

interface Made {
  readonly entries: readonly ASTNode[];
  readonly keys?: readonly (readonly [ASTNode, ASTNode])[];
  readonly of: (schema: Schema) => Schema;
}

function made(own: number, scope: Scope, { entries, keys, of }: Made): Estimate {
  const keyed = keys?.map(([key]) => estimateOf(key, scope)) ?? [];
  const values = entries.map((entry) => settledOf(entry, scope));
  const entry = values.length === 0 ? undefined : Math.max(...values.map((value) => sizeOf(value, scope)));
  const size = values.length;
  return { cost: own + costsOf(keyed) + costsOf(values), type: of(values[0]?.type ?? ANY), size, least: size, entry };
}

function eitherOf([asked, first, second]: readonly [ASTNode, ASTNode, ASTNode], scope: Scope): Estimate {
  const [condition, one, other] = [asked, first, second].map((part) => settledOf(part, scope));
  if (!condition || !one || !other) return { cost: 0, type: ANY };
  return {
    cost: condition.cost + Math.max(one.cost, other.cost),
    type: one.type,
    size: Math.max(sizeOf(one, scope), sizeOf(other, scope)),
    entry: one.entry === undefined || other.entry === undefined ? undefined : Math.max(one.entry, other.entry),
  };
}

/** Variables that functions are named by. */
const NAMESPACES: ReadonlySet<string> = new Set(['format', 'ip', 'lists', 'math', 'optional', 'sets', 'strings']);

type Call = Extract<ASTNode, { op: 'call' | 'rcall' }>;

function called(node: Call, scope: Scope): Estimate {
  const settledParts = (parts: readonly ASTNode[]): Estimate[] => parts.map((part) => settledOf(part, scope));
  if (node.op === 'call') {
    const [name, args] = node.args;
    const [only] = args;
    // Whether a field is there costs nothing beside what it is a field of.
    if (name === 'has' && only?.op === '.') return { cost: estimateOf(only.args[0], scope).cost, type: BOOL };
    return (
      (Object.hasOwn(MADE, name) ? MADE[name]?.(args, scope) : undefined) ?? estimateCall(name, settledParts(args))
    );
  }
  const [name, receiver, args] = node.args;
  if (receiver.op === 'id' && NAMESPACES.has(receiver.args) && !scope.variables.has(receiver.args))
    return estimateCall(`${receiver.args}.${name}`, settledParts(args));
  const macro = Object.hasOwn(MACROS, name) ? MACROS[name] : undefined;
  const form = macro && loopOf(macro, args);
  if (form) return looped(form, estimateOf(receiver, scope), scope);
  if (name === 'optMap' || name === 'optFlatMap') return optionally(name, { receiver, args, scope });
  if (name === 'sortBy') return sortedBy(receiver, args, scope);
  return estimateCall(`.${name}`, settledParts([receiver, ...args]));
}

const itemsIn = (list: ASTNode | undefined): readonly ASTNode[] => (list?.op === 'list' ? list.args : []);

/** What lists and maps with values that may be missing are written as. */
const MADE: Readonly<Record<string, (args: readonly ASTNode[], scope: Scope) => Estimate>> = {
  listOf: ([values], scope) => made(LIST_COST, scope, { entries: itemsIn(values), of: listOf }),
  structOf: ([keys, values], scope) => {
    const entries = itemsIn(values);
    const pairs = itemsIn(keys).flatMap((key, index) =>
      entries.slice(index, index + 1).map((value) => [key, value] as const),
    );
    return made(MAP_COST, scope, { entries, keys: pairs, of: mapOf });
  },
};

interface Macro {
  /** What it begins with costs. */
  readonly before: number;
  /** Each item, beside what is asked and made of it. */
  readonly each: number;
  /** Each item that is kept. */
  readonly kept?: number;
  readonly after: number;
  readonly result: 'bool' | 'list' | 'map' | 'same';
}

const MACROS: Readonly<Record<string, Macro>> = {
  all: { before: 0, each: 3, after: 1, result: 'bool' },
  exists: { before: 0, each: 4, after: 1, result: 'bool' },
  exists_one: { before: 0, each: 2, after: 2, result: 'bool' },
  existsOne: { before: 0, each: 2, after: 2, result: 'bool' },
  filter: { before: LIST_COST, each: 13, after: 1, result: 'same' },
  map: { before: LIST_COST, each: 12, after: 1, result: 'list' },
  transformList: { before: LIST_COST, each: 12, after: 1, result: 'list' },
  transformMap: { before: MAP_COST, each: 3, after: 1, result: 'map' },
  transformMapEntry: { before: MAP_COST, each: 2, after: 1, result: 'map' },
};

interface Loop {
  readonly macro: Macro;
  readonly names: readonly string[];
  readonly bodies: readonly ASTNode[];
}

/** The variables of a macro, and what it does with them; undefined for what only has its name. */
function loopOf(macro: Macro, [first, ...others]: readonly ASTNode[]): Loop | undefined {
  if (first?.op !== 'id' || others.length === 0) return undefined;
  const [second, ...more] = others;
  const isPair = second?.op === 'id' && more.length > 0 && macro !== MACROS['map'];
  return isPair
    ? { macro, names: [first.args, second.args], bodies: more }
    : { macro, names: [first.args], bodies: others };
}

function looped({ macro, names, bodies }: Loop, range: Estimate, scope: Scope): Estimate {
  const inner: Scope = { ...scope, variables: new Map([...scope.variables, ...boundTo(range, names)]) };
  const parts = bodies.map((body) => estimateOf(body, inner));
  const result = parts.at(-1);
  const entry = result === undefined ? undefined : sizeOf(result, inner);
  // What the body steps through may have changed what the range is known by.
  const count = sizeOf(range, scope);
  const cost = range.cost + macro.before + times(count, macro.each + costsOf(parts)) + macro.after;
  const { items = valuesOf(range.type) ?? ANY } = range.type;
  if (macro.result === 'bool') return { cost, type: BOOL };
  if (macro.result === 'map') return { cost, type: mapOf(result?.type ?? ANY), size: count };
  if (macro.result === 'list') return { cost, type: listOf(result?.type ?? ANY), size: count, entry };
  const [item] = boundTo(range, names);
  const kept = item && sizeOf({ cost: 0, ...item[1] }, scope);
  return { cost, type: listOf(range.type.items ? items : TEXT), size: count, entry: kept };
}

/** The variables of a macro, and how what they stand for is reached. */
function boundTo({ type, path }: Estimate, names: readonly string[]): (readonly [string, Variable])[] {
  const isMap = type.type === 'object';
  const [first = '', second] = names;
  const value = type.items ?? valuesOf(seen(type)) ?? ANY;
  if (second === undefined) return [[first, { path: step(path, isMap ? KEYS : ITEMS), type: isMap ? TEXT : value }]];
  return [
    [first, { path: step(path, isMap ? KEYS : INDICES), type: isMap ? TEXT : INT }],
    [second, { path: step(path, isMap ? VALUES : ITEMS), type: value }],
  ];
}

interface Optionally {
  readonly receiver: ASTNode;
  readonly args: readonly ASTNode[];
  readonly scope: Scope;
}

/** What is made of a value if it is there: it is asked for, and bound to a name. */
function optionally(name: string, { receiver, args, scope }: Optionally): Estimate {
  const [bound, body] = args;
  const asked = estimateOf(receiver, scope);
  const type = asked.type.items ?? ANY;
  const value: Variable = { type, path: undefined, size: isScalar(type) ? 1 : UNKNOWN };
  const variables = new Map([...scope.variables, [bound?.op === 'id' ? bound.args : '', value] as const]);
  const result = body ? estimateOf(body, { ...scope, variables }) : { cost: 0, type: ANY };
  const [inner, wrapping] = name === 'optMap' ? [result.type, 1] : [result.type.items ?? ANY, 0];
  const cost = asked.cost + 1 + LIST_COST + asked.cost + 1 + result.cost + wrapping;
  return { cost, type: { type: 'optional', items: inner } };
}

/** The list is bound to a name, mapped to what it is sorted by, and sorted. */
function sortedBy(receiver: ASTNode, args: readonly ASTNode[], scope: Scope): Estimate {
  const list = estimateOf(receiver, scope);
  const loop = MACROS['map'] && loopOf(MACROS['map'], args);
  if (!loop) return { cost: list.cost, type: list.type };
  const bound = { ...list, cost: 1 };
  const keys = looped(loop, bound, scope);
  return estimateCall('.sortBy', [
    settled({ ...list, cost: LIST_COST + list.cost + bound.cost }, scope),
    settled(keys, scope),
  ]);
}
