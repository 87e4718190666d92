// One line of the log: a checksum, a space, a JSON text. The checksum goes over the text and all that stands before it, so
// that a record can be neither lost nor doubled, moved or replaced by an older one. A batch of writes is one line, so that a
// cut anywhere takes the whole batch.

import { crc32 } from 'node:zlib';
import { isList, isObject, type Json, numberAt, textAt } from '../../core/json.ts';
import { isKubeObject } from '../../objects/object.ts';
import type { StoredChange, Write } from './store.ts';

/** 1 had no tie between its records. */
export const FORMAT = 2;

export interface Line {
  readonly text: string;
  /** What the next line is tied to. */
  readonly checksum: number;
}

export function encodeLine(value: Json, previous: number): Line {
  const text = JSON.stringify(value);
  const checksum = crc32(text, previous);
  return { text: `${hex(checksum)} ${text}\n`, checksum };
}

export interface Decoded {
  readonly value: Json;
  readonly checksum: number;
}

/** Undefined when the line is damaged, or does not follow the one before. */
export function decodeLine(line: string, previous: number): Decoded | undefined {
  const text = line.slice(9);
  const checksum = crc32(text, previous);
  if (line[8] !== ' ' || line.slice(0, 8) !== hex(checksum)) return undefined;
  return { value: JSON.parse(text), checksum };
}

const hex = (checksum: number): string => checksum.toString(16).padStart(8, '0');

export function header(): Json {
  return { hawser: 'local-cluster', format: FORMAT };
}
export function batchOf(changes: readonly (Write | StoredChange)[], revision: number): Json {
  return {
    revision,
    writes: changes.map(({ resource, namespace, name, object }) =>
      object ? { resource, object } : { resource, namespace, name },
    ),
  };
}

export interface Batch {
  readonly revision: number;
  readonly writes: readonly Write[];
}

export function readBatch(value: Json): Batch | undefined {
  const revision = numberAt(value, 'revision');
  const list = isObject(value) ? value['writes'] : undefined;
  if (revision === undefined || !isList(list)) return undefined;
  const writes = list.map((entry): Write => {
    const object = isObject(entry) ? entry['object'] : undefined;
    const resource = textAt(entry, 'resource');
    if (isKubeObject(object)) {
      const { namespace = '', name = '' } = object.metadata;
      return { resource, namespace, name, object };
    }
    return { resource, namespace: textAt(entry, 'namespace'), name: textAt(entry, 'name'), object: undefined };
  });
  return { revision, writes };
}
