// What a rule may cost at most, by how large its schema lets texts, lists and maps be.

import type { Schema } from '../../../objects/schema.ts';
import { type Cause, forbiddenField } from '../../status.ts';
import { RULES } from '../schema-parts.ts';
import { estimateOf } from './estimate-node.ts';
import { times } from './estimate-part.ts';
import { parsedAsWritten } from './language.ts';
import { allowedItems, mostInRequest } from './sizes.ts';
import { valuesOf } from './types.ts';

const LIMIT = 10_000_000;
export const ONCE = 1;

/** How many of a value there may be in one object; undefined for as many as a request has room for. */
export type Count = number | undefined;

/** How many of an inner schema there may be where there are so many of the outer one. */
export function within(outer: Schema, inner: Schema, count: Count): Count {
  if (inner !== outer.items && inner !== valuesOf(outer)) return count;
  const most = allowedItems(outer);
  return count === undefined || most === undefined ? undefined : times(count, most);
}

/** What an expression may cost at a schema of which there may be so many; 0 for what cannot be told. */
export function mostCost(expression: string, schema: Schema, count: Count): number {
  const ast = parsedAsWritten(expression);
  if (!ast) return 0;
  const { cost } = estimateOf(ast, { root: schema, variables: new Map() });
  return times(cost, count ?? mostInRequest(schema));
}

/** What an expression may cost, told where it stands. */
export interface Cost {
  readonly field: string;
  readonly cost: number;
}

export const costFaults = (word: 'rule' | 'messageExpression', { field, cost }: Cost): Cause[] =>
  cost <= LIMIT ? [] : [forbiddenField(field, `estimated ${word} cost ${exceeds(cost / LIMIT)}`)];

/** What is wrong where the expressions of a schema together may cost too much. */
export function totalFaults(path: string, costs: readonly Cost[]): Cause[] {
  const total = costs.reduce((sum, { cost }) => sum + cost, 0);
  if (total <= TOTAL_LIMIT) return [];
  const told = costs
    .filter(({ cost }) => cost > SMALL)
    .toSorted((a, b) => b.cost - a.cost)
    .slice(0, TOLD_COSTS);
  return [
    ...told.map(({ field }) => forbiddenField(field, CONTRIBUTED)),
    forbiddenField(
      path,
      `${RULES} estimated rule cost total for entire OpenAPIv3 schema ${exceeds(total / TOTAL_LIMIT)}`,
    ),
  ];
}

const TOTAL_LIMIT = 100_000_000;
/** Of those that together cost too much, the largest are told. */
const TOLD_COSTS = 4;
const SMALL = 1_000_000;
const CONTRIBUTED = 'contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema';

const exceeds = (factor: number): string => `exceeds budget by factor of ${factorText(factor)} (${HINT})`;

function factorText(factor: number): string {
  if (factor > 100) return 'more than 100x';
  return factor < 1.5 ? `${factor.toFixed(6)}x` : `${factor.toFixed(1)}x`;
}

const HINT =
  'try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared';
