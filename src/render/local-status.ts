// The local cluster at a glance: facts with their names beside them, what it holds, and what is not well.

import { wrapWords } from './help-page.ts';
import type { Style } from './style.ts';
import { type Row, stateCell, type Table } from './table.ts';

export type Fact = readonly [name: string, value: string];

const NAME_WIDTH = 12;
/** Where less is left beside the names, the values stand below them. */
const MIN_ROOM = 30;

export function renderFacts(facts: readonly Fact[], columns: number, style: Style): string {
  const isNarrow = columns - NAME_WIDTH < MIN_ROOM;
  const indent = isNarrow ? 2 : NAME_WIDTH;
  const lines = facts.flatMap(([name, value]) => {
    const wrapped = wrapWords(value, columns - indent).map((line) => `${' '.repeat(indent)}${line}`);
    if (isNarrow) return [style.faint(name), ...wrapped];
    const [first = '', ...rest] = wrapped;
    return [`${style.faint(name.padEnd(NAME_WIDTH))}${first.slice(indent)}`, ...rest];
  });
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

interface KindCount {
  readonly kind: string;
  readonly group: string;
  readonly count: number;
  readonly namespaces: Readonly<Record<string, number>>;
}

const MOST_NAMESPACES = 3;

export function kindTable(kinds: readonly KindCount[]): Table {
  const rows = kinds.map(({ kind, count, namespaces }): Row => [kind, String(count), namespaceText(namespaces)]);
  return { head: ['KIND', 'OBJECTS', 'NAMESPACES'], rows };
}

function namespaceText(namespaces: Readonly<Record<string, number>>): string {
  const entries = Object.entries(namespaces).sort(([a, x], [b, y]) => y - x || a.localeCompare(b));
  const texts = entries.slice(0, MOST_NAMESPACES).map(([name, count]) => `${name} ${count}`);
  const more = entries.length - texts.length;
  return [...texts, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

interface Problem {
  readonly status: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly message?: string | undefined;
}

export function problemTable(problems: readonly Problem[]): Table {
  const rows = problems.map(({ status, kind, namespace, name, message = '' }): Row => {
    const object = `${kind} ${namespace === '' ? name : `${namespace}/${name}`}`;
    return [stateCell(status), object, message];
  });
  return { head: ['STATUS', 'OBJECT', 'MESSAGE'], rows };
}

const UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB'];

/** '1.4 MB'. */
export function sizeText(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const amount = bytes / 1000 ** power;
  return `${power === 0 || amount >= 100 ? Math.round(amount) : amount.toFixed(1)} ${UNITS[power] ?? ''}`;
}
