// `-o` of the commands that list: one table, and every other form of the same items.

import { HawserError } from '../../core/errors.ts';
import { at, type Json } from '../../core/json.ts';
import type { Template } from '../../core/json-path.ts';
import type { ApplicationColumns, ListColumns } from '../../render/applications.ts';
import type { CustomColumn } from '../../render/custom-columns.ts';
import { formatJson } from '../../render/json.ts';
import type { Table } from '../../render/table.ts';
import type { View } from '../../render/view.ts';
import { unknownFormat } from './document.ts';

/** How one kind of thing is listed. */
export interface Listing<T> {
  table(items: readonly T[], columns: ApplicationColumns, now: number): Table;
  name(item: T): string;
}

export type ListFormat =
  | { readonly name: 'default' | 'table' | 'wide' | 'name' | 'json' | 'yaml' | 'csv' }
  | { readonly name: 'jsonpath'; readonly template: Template }
  | { readonly name: 'custom-columns'; readonly columns: readonly CustomColumn[] };

export const LIST_FORMATS = 'table, wide, name, json, yaml, csv, jsonpath=EXPR or custom-columns=SPEC';

/** Reads -o; undefined is what nobody typed, '' the short table. */
export async function readListFormat(output: string | undefined): Promise<ListFormat> {
  if (output === undefined) return { name: 'default' };
  const [, kind = output, argument] = /^([^=]*)=(.*)$/s.exec(output) ?? [];
  if (kind === 'jsonpath') {
    const { parsePath, parseTemplate, textOfJson } = await import('../../core/json-path.ts');
    const expression = neededArgument(kind, argument, '{.items[*].metadata.name}');
    if (!/^[.$][^{]*$/.test(expression)) return { name: 'jsonpath', template: parseTemplate(expression) };
    const find = parsePath(expression);
    return { name: 'jsonpath', template: (value) => find(value).map(textOfJson).join(' ') };
  }
  if (kind === 'custom-columns') {
    const { parseCustomColumns } = await import('../../render/custom-columns.ts');
    return {
      name: 'custom-columns',
      columns: parseCustomColumns(neededArgument(kind, argument, 'NAME:.metadata.name')),
    };
  }
  const plain = PLAIN_FORMATS.find((name) => name === output);
  if (plain) return { name: plain };
  if (output === '') return { name: 'table' };
  throw unknownFormat(output, [...PLAIN_FORMATS, 'jsonpath=EXPR', 'custom-columns=SPEC']);
}

const PLAIN_FORMATS = ['table', 'wide', 'name', 'json', 'yaml', 'csv'] as const;

function neededArgument(kind: string, argument: string | undefined, example: string): string {
  if (argument) return argument;
  throw new HawserError('usage', `-o ${kind} needs an expression`, { hint: `write it like -o '${kind}=${example}'` });
}

export interface ListSetting<T> {
  readonly format: ListFormat;
  readonly headers: boolean;
  readonly listing: Listing<T>;
  readonly view: View;
  /** The columns of a table that nobody asked to be wide. */
  readonly columns: ListColumns;
}

/** The items in the form that was asked for. */
export async function formatList<T>(items: readonly T[], setting: ListSetting<T>): Promise<string> {
  const { format, headers, listing, view, columns } = setting;
  const heading = (table: Table): Table => (headers ? table : { ...table, head: [] });
  switch (format.name) {
    case 'json':
      return formatJson(items);
    case 'yaml':
      return (await import('../../core/yaml.ts')).formatYaml(items, { sortKeys: true });
    case 'name':
      return items.map((item) => `${listing.name(item)}\n`).join('');
    case 'csv':
      return (await import('../../render/csv.ts')).renderCsv(heading(listing.table(items, 'wide', view.now)));
    case 'jsonpath':
      return format.template({ items: items.map(asJson) });
    case 'custom-columns': {
      const { customTable } = await import('../../render/custom-columns.ts');
      const { columnTable } = await import('../../render/table.ts');
      return columnTable(heading(customTable(items.map(asJson), format.columns)), view.style);
    }
    case 'table':
      return view.table(heading(listing.table(items, columns.table, view.now)), view.style);
    case 'wide':
      return view.table({ ...heading(listing.table(items, 'wide', view.now)), uncut: true }, view.style);
    case 'default':
      return view.table(heading(listing.table(items, columns.default, view.now)), view.style);
  }
}

/** An item of the API as the JSON it came as. */
export const asJson = (item: unknown): Json => at(item) ?? null;
