// Label selectors as text ('app=web,tier in (a,b),!old'), read and refused as Kubernetes' own parser does it.

import { HawserError } from '../core/errors.ts';
import { goQuote } from '../core/go-text.ts';
import { compareText } from '../core/order.ts';
import { labelValueProblems, qualifiedProblems } from './label-names.ts';
import type { Requirement } from './label-selector.ts';

/** The requirements of a selector's text; throws `invalid` when it cannot be read. */
export function parseLabelSelector(text: string): Requirement[] {
  const reader = createReader(text);
  const requirements: Requirement[] = [];
  if (!beginsRequirement(reader.next())) {
    if (reader.next() === END) return [];
    throw refused(reader.next(), ", expected: !, identifier, or 'end of string'");
  }
  for (;;) {
    requirements.push(readRequirement(reader));
    const found = reader.take();
    if (found === END) return requirements;
    if (found !== ',') throw refused(found, ", expected: ',' or 'end of string'");
    if (!beginsRequirement(reader.next())) throw refused(reader.next(), ", expected: identifier after ','");
  }
}

const END = '';
const SIGNS: ReadonlySet<string> = new Set(['(', ')', ',', '!', '=', '==', '!=', '>', '<', END]);

/** Also 'in' and 'notin' are names where no operator can stand. */
const isName = (token: string): boolean => !SIGNS.has(token);

const beginsRequirement = (token: string): boolean => token === '!' || isName(token);

interface Reader {
  next(): string;
  take(): string;
}

function createReader(text: string): Reader {
  const tokens = text.match(/[=!]=|[(),!=<>]|[^ \t\r\n(),!=<>\0]+/g) ?? [];
  let at = 0;
  return { next: () => tokens[at] ?? END, take: () => tokens[at++] ?? END };
}

const refused = (found: string, expected: string): HawserError =>
  new HawserError('invalid', `found '${found}'${expected}`);

const unreadable = (why: string): HawserError => new HawserError('invalid', `unable to parse requirement: ${why}`);

const unexpected = (found: string, expected: string): HawserError => unreadable(`found '${found}'${expected}`);

const OPERATORS: Readonly<Record<string, Requirement['operator']>> = {
  in: 'in',
  notin: 'notin',
  '=': 'in',
  '==': 'in',
  '!=': 'notin',
  '>': 'gt',
  '<': 'lt',
};

function readRequirement(reader: Reader): Requirement {
  const isAbsent = reader.next() === '!';
  if (isAbsent) reader.take();
  const key = reader.take();
  if (!isName(key)) throw unexpected(key, ', expected: identifier');
  const problems = qualifiedProblems(key);
  if (problems.length > 0) throw unreadable(`<nil>: Invalid value: ${goQuote(key)}: ${problems.join('; ')}`);
  if (isAbsent) return { key, operator: 'absent', values: [] };
  if (reader.next() === END || reader.next() === ',') return { key, operator: 'exists', values: [] };
  const sign = reader.take();
  const operator = Object.hasOwn(OPERATORS, sign) ? OPERATORS[sign] : undefined;
  if (operator === undefined) throw unexpected(sign, ', expected: in, notin, =, ==, !=, gt, lt');
  const values = isName(sign) ? readSet(reader) : [readValue(reader)];
  checkValues(key, operator, values);
  return { key, operator, values };
}

function readValue(reader: Reader): string {
  if (reader.next() === END || reader.next() === ',') return '';
  const value = reader.take();
  if (!isName(value)) throw unexpected(value, ', expected: identifier');
  return value;
}

/** Values between brackets, sorted; where one is left out it is the empty one. */
function readSet(reader: Reader): string[] {
  const first = reader.take();
  if (first !== '(') throw unexpected(first, " expected: '('");
  const values = new Set<string>();
  if (reader.next() !== ')' && reader.next() !== ',' && !isName(reader.next())) {
    throw unexpected(reader.next(), ", expected: ',', ')' or identifier");
  }
  for (;;) {
    values.add(isName(reader.next()) ? reader.take() : '');
    const found = reader.take();
    if (found === ')') return [...values].sort(compareText);
    if (found !== ',') throw unexpected(found, ", expected: ',' or ')'");
    if (reader.next() !== ')' && reader.next() !== ',' && !isName(reader.next())) {
      throw unexpected(reader.next(), ", expected: ',', or identifier");
    }
  }
}

function checkValues(key: string, operator: Requirement['operator'], values: readonly string[]): void {
  const isOrder = operator === 'gt' || operator === 'lt';
  const faults = values.flatMap((value, index) => {
    const problems = labelValueProblems(value);
    return [
      ...(isOrder && !isInteger(value)
        ? [`values[${index}]: Invalid value: ${goQuote(value)}: for 'Gt', 'Lt' operators, the value must be an integer`]
        : []),
      ...(problems.length > 0
        ? [`values[${index}][${key}]: Invalid value: ${goQuote(value)}: ${problems.join('; ')}`]
        : []),
    ];
  });
  if (faults.length > 0) throw unreadable(faults.length === 1 ? (faults[0] ?? '') : `[${faults.join(', ')}]`);
}

const isInteger = (text: string): boolean =>
  /^[+-]?\d+$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text);
