// One line of the log: the checksum of a JSON text, a space, the text. A batch of writes is one line, so that a cut
// anywhere takes the whole batch.

import { crc32 } from 'node:zlib';
import { isList, isObject, type Json, numberAt, textAt } from '../../core/json.ts';
import { isKubeObject } from '../../objects/object.ts';
import type { Change, Write } from './store.ts';

export const FORMAT = 1;

export function encodeLine(value: Json): string {
  const text = JSON.stringify(value);
  return `${checksum(text)} ${text}\n`;
}

/** The value of a line, or undefined when the line is damaged. */
export function decodeLine(line: string): Json | undefined {
  const text = line.slice(9);
  if (line[8] !== ' ' || line.slice(0, 8) !== checksum(text)) return undefined;
  return JSON.parse(text);
}

export function header(): Json {
  return { hawser: 'local-cluster', format: FORMAT };
}

export function batchOf(changes: readonly (Write | Change)[], revision: number): Json {
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

const checksum = (text: string): string => crc32(text).toString(16).padStart(8, '0');
