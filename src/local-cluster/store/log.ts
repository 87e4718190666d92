// What a log holds, and where it is damaged.

import { HawserError } from '../../core/errors.ts';
import { type Json, numberAt, textAt } from '../../core/json.ts';
import { type Decoded, decodeLine, FORMAT, readBatch } from './record.ts';
import type { StoredState, Write } from './store.ts';

export interface LogContent extends StoredState {
  readonly entries: Iterable<Write>;
  /** Bytes that are whole records. */
  readonly length: number;
  /** Of the last record. */
  readonly checksum: number;
  /** 0 for an empty file. */
  readonly format: number;
  readonly records: number;
  /** The last record is whole but for its line end. */
  readonly unfinished: boolean;
  /** About how long the log would be without what has been overwritten since. */
  readonly live: number;
}

/** A write that was not yet acknowledged may have been cut by a crash: it is left out. All else that is not whole throws. */
export function parseLog(text: string, path: string): LogContent {
  const objects = new Map<string, Sized>();
  const lines = text.split('\n');
  const rest = lines.pop() ?? '';
  const state = { revision: 0, length: 0, checksum: 0, format: 0, records: 0 };
  const take = (line: string, { value, checksum }: Decoded): void => {
    if (state.records === 0) state.format = formatOf(value, path);
    else state.revision = applyBatch(objects, { value, size: line.length }, `${path}:${state.records + 1}`);
    state.checksum = checksum;
    state.records += 1;
    state.length += Buffer.byteLength(line);
  };
  const decode = (line: string): Decoded | undefined => decodeLine(line, state.format === 1 ? 0 : state.checksum);
  for (const [index, line] of lines.entries()) {
    const decoded = decode(line);
    if (decoded === undefined) {
      // A cut by a power failure may leave holes of zeros; anything else in a finished line is damage.
      if (index === lines.length - 1 && rest === '' && line.includes('\0')) break;
      throw damaged({ path, record: index + 1, byte: state.length }, 'is damaged, or does not follow the one before');
    }
    take(line, decoded);
    state.length += 1;
  }
  const last = decode(rest);
  if (last !== undefined) take(rest, last);
  const remaining = [...objects.values()];
  const live = remaining.reduce((sum, { size }) => sum + size, 0);
  return { ...state, entries: remaining.map(({ write }) => write), unfinished: last !== undefined, live };
}

function formatOf(value: Json, path: string): number {
  const format = numberAt(value, 'format');
  if (textAt(value, 'hawser') !== 'local-cluster' || format === undefined) {
    throw new HawserError('broken-state', `'${path}' is not the state of a local cluster`);
  }
  if (format > FORMAT) {
    throw new HawserError(
      'broken-state',
      `'${path}' was written by a newer hawser (format ${format}, known is ${FORMAT})`,
      { hint: 'npm install -g hawser@latest' },
    );
  }
  return format;
}

interface Sized {
  readonly write: Write;
  readonly size: number;
}

function applyBatch(
  objects: Map<string, Sized>,
  line: { readonly value: Json; readonly size: number },
  location: string,
): number {
  const batch = readBatch(line.value);
  if (!batch) throw new HawserError('broken-state', `'${location}': the record cannot be read`);
  for (const write of batch.writes) {
    const key = `${write.resource}/${write.namespace}/${write.name}`;
    if (write.object) objects.set(key, { write, size: line.size / batch.writes.length });
    else objects.delete(key);
  }
  return batch.revision;
}

/** `goOn`: what else can be done than to restore a copy or to start anew. */
export function damaged(
  { path, record, byte }: { readonly path: string; readonly record: number; readonly byte: number },
  what: string,
  goOn?: string,
): HawserError {
  const folder = dirOf(path);
  const anew = `start anew: hawser local reset --yes --data-dir '${dirOf(folder)}'`;
  return new HawserError('broken-state', `'${path}': record ${record} (byte ${byte}) ${what}; nothing was changed`, {
    hint: [`restore '${folder}' from a copy`, ...(goOn === undefined ? [] : [goOn]), `or ${anew}`].join(', '),
    details: { path, record, byte },
  });
}

const dirOf = (path: string): string => path.replace(/[/\\][^/\\]*$/, '');
