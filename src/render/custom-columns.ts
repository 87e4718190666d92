// kubectl's custom columns: 'NAME:.metadata.name,SYNC:.status.sync.status'.

import { HawserError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import { parsePath, textOfJson } from '../core/json-path.ts';
import type { Table } from './table.ts';

export interface CustomColumn {
  readonly head: string;
  readonly path: string;
  readonly find: (value: Json) => readonly Json[];
}

export function parseCustomColumns(spec: string): CustomColumn[] {
  return splitColumns(spec).map((part) => {
    const colon = part.indexOf(':');
    if (colon < 1 || colon === part.length - 1) {
      throw new HawserError('usage', `cannot read the column '${part}'`, {
        hint: 'write it like -o custom-columns=NAME:.metadata.name,SYNC:.status.sync.status',
      });
    }
    const path = part.slice(colon + 1);
    return { head: part.slice(0, colon), path, find: parsePath(path) };
  });
}

/** At commas, but not at those in brackets. */
function splitColumns(spec: string): string[] {
  return spec.match(/(?:\[[^\]]*\]|[^,[])+/g) ?? [spec];
}

export function customTable(items: readonly Json[], columns: readonly CustomColumn[]): Table {
  return {
    head: columns.map(({ head }) => head),
    rows: items.map((item) => columns.map(({ find }) => find(item).map(textOfJson).join(',') || '<none>')),
  };
}
