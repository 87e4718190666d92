// What a rule may cost at most, by how many items its schema lets lists and maps have. What is not known counts as little:
// a rule is refused only where it is certain to be too costly.

import type { ASTNode } from '@marcbachmann/cel-js';
import { numberAt } from '../../../core/json.ts';
import type { Schema } from '../../../objects/schema.ts';
import { parseWith, untypedEnvironment } from './language.ts';
import { isPart } from './syntax.ts';
import { seen, valuesOf } from './types.ts';
import { celName } from './values.ts';

const LIMIT = 10_000_000;
const REQUEST_BYTES = 3 * 1024 * 1024;
export const ONCE = 1;

/** How much room a value takes at least. */
function smallest({ type, properties, required = [] }: Schema): number {
  if (type === 'boolean') return 4;
  if (type === 'integer' || type === 'number') return 1;
  if (type !== 'object' || !properties) return 2;
  return Object.entries(properties)
    .filter(([name, { default: usual }]) => required.includes(name) && usual === undefined)
    .reduce((sum, [name, one]) => sum + name.length + 4 + smallest(one), 2);
}

/** How many items there may be: as many as are allowed, or as many as a request has room for. */
function mostItems(schema: Schema): number {
  const inner = schema.items ?? valuesOf(schema);
  const most = numberAt(schema, schema.items ? 'maxItems' : 'maxProperties');
  if (most !== undefined) return most;
  const room = schema.items ? 1 : 6;
  return inner ? Math.floor((REQUEST_BYTES - 2) / (smallest(inner) + room)) : 1;
}

/** How many of an inner schema there may be where there are so many of the outer one. */
export const within = (outer: Schema, inner: Schema, count: number): number =>
  inner === outer.items || inner === valuesOf(outer) ? count * mostItems(outer) : count;

/** Why a rule is too costly; undefined for one that is not. */
export function costFault(expression: string, schema: Schema, count: number): string | undefined {
  const { ast } = parseWith(untypedEnvironment(), expression);
  const cost =
    costOf(
      ast,
      new Map([
        ['self', schema],
        ['oldSelf', schema],
      ]),
    ) * count;
  if (cost <= LIMIT) return undefined;
  const factor = cost / LIMIT;
  const text = factor > 100 ? 'more than 100x' : factor < 1.5 ? `${factor.toFixed(6)}x` : `${factor.toFixed(1)}x`;
  return `estimated rule cost exceeds budget by factor of ${text} (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`;
}

type Scope = ReadonlyMap<string, Schema>;

const LOOPS: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'filter', 'map']);
/** What going on to the next item costs. */
const STEP = 3;

function costOf(node: ASTNode, scope: Scope): number {
  if (node.op === 'rcall' && LOOPS.has(node.args[0])) {
    const [, receiver, args] = node.args;
    const [variable, ...bodies] = args;
    const list = schemaOf(receiver, scope);
    const item = list?.items ?? (list && valuesOf(list) ? KEY : undefined);
    const inner = new Map(scope);
    if (variable?.op === 'id') {
      inner.delete(variable.args);
      if (item) inner.set(variable.args, item);
    }
    const body = bodies.reduce((sum, one) => sum + costOf(one, inner), STEP);
    return costOf(receiver, scope) + (list ? mostItems(list) : 1) * body;
  }
  return childNodes(node).reduce((sum, child) => sum + costOf(child, scope), node.op === 'value' ? 0 : 1);
}

const KEY: Schema = { type: 'string' };

/** The parts of an expression as it is written. */
function childNodes({ args }: ASTNode): ASTNode[] {
  const parts = (value: unknown): ASTNode[] => {
    if (isPart(value)) return [value];
    return Array.isArray(value) ? value.flatMap(parts) : [];
  };
  return parts(args);
}

/** What an expression leads to in the schema; undefined for what is made. */
function schemaOf(node: ASTNode, scope: Scope): Schema | undefined {
  if (node.op === 'id') return scope.get(node.args);
  if (node.op === '.' || node.op === '.?') {
    const [from, name] = node.args;
    const outer = schemaOf(from, scope);
    if (!outer) return undefined;
    const own = Object.entries(seen(outer).properties ?? {}).find(([field]) => celName(field) === name);
    return own?.[1] ?? valuesOf(outer);
  }
  if (node.op === '[]' || node.op === '[?]') {
    const outer = schemaOf(node.args[0], scope);
    return outer?.items ?? (outer && valuesOf(outer));
  }
  return undefined;
}
