// Where the values of a YAML text stand in it, for what is said of them.

import * as yaml from 'js-yaml';

export interface Position {
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

/** A key of a map, an index of a list. */
export type YamlPath = readonly (string | number)[];

export interface YamlPositions {
  /** Of the key or item at a path of a document (from 0); of the nearest value around it where there is none. */
  at(document: number, path: YamlPath): Position;
  /** The keys that a map has twice, and the line of what they hold there. */
  readonly repeated: readonly { readonly key: string; readonly position: Position; readonly valueLine: number }[];
}

interface Entry {
  readonly offset: number;
  readonly entries: Map<string | number, Entry>;
}

/** The text must be readable; what its aliases repeat stands where it is written. */
export function yamlPositions(source: string): YamlPositions {
  const reader = new Reader(source);
  const documents = reader.documents();
  const lines = lineStarts(source);
  const position = (offset: number): Position => positionAt(lines, offset);
  return {
    at(document, path) {
      let entry = documents[document];
      for (const part of path) {
        const inner = entry?.entries.get(part);
        if (inner === undefined) break;
        entry = inner;
      }
      return position(entry?.offset ?? 0);
    },
    repeated: reader.repeated.map(({ key, offset, valueOffset }) => ({
      key,
      position: position(offset),
      valueLine: position(valueOffset).line,
    })),
  };
}

class Reader {
  readonly repeated: { readonly key: string; readonly offset: number; readonly valueOffset: number }[] = [];
  private next = 0;
  private readonly source: string;
  private readonly events: readonly yaml.Event[];

  constructor(source: string) {
    this.source = source;
    this.events = yaml.parseEvents(source, {});
  }

  documents(): Entry[] {
    const documents: Entry[] = [];
    while (this.next < this.events.length) {
      const event = this.take();
      if (event?.type !== yaml.EVENT_DOCUMENT) continue;
      documents.push(this.peek()?.type === yaml.EVENT_POP ? { offset: 0, entries: new Map() } : this.value(undefined));
    }
    return documents;
  }

  private value(offset: number | undefined): Entry {
    const event = this.take();
    const entries = new Map<string | number, Entry>();
    if (event?.type === yaml.EVENT_MAPPING) {
      const first = this.fill(entries);
      return { offset: offset ?? first ?? event.start, entries };
    }
    if (event?.type === yaml.EVENT_SEQUENCE) {
      for (let index = 0; this.peek() && this.peek()?.type !== yaml.EVENT_POP; index += 1)
        entries.set(index, this.value(undefined));
      this.take();
      return { offset: offset ?? event.start, entries };
    }
    const start = event?.type === yaml.EVENT_SCALAR ? event.valueStart : 0;
    return { offset: offset ?? Math.max(0, start), entries };
  }

  /** Answers where the first key stands. */
  private fill(entries: Map<string | number, Entry>): number | undefined {
    let first: number | undefined;
    while (this.peek() && this.peek()?.type !== yaml.EVENT_POP) {
      const event = this.peek();
      const isText = event?.type === yaml.EVENT_SCALAR;
      const key = isText ? yaml.getScalarValue(this.source, event) : '';
      const { offset } = this.value(undefined);
      first ??= offset;
      const held = this.value(undefined);
      if (entries.has(key)) this.repeated.push({ key, offset, valueOffset: held.offset });
      entries.set(key, { ...held, offset });
    }
    this.take();
    return first;
  }

  private peek(): yaml.Event | undefined {
    return this.events[this.next];
  }

  private take(): yaml.Event | undefined {
    this.next += 1;
    return this.events[this.next - 1];
  }
}

function lineStarts(source: string): readonly number[] {
  const starts = [0];
  for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function positionAt(lines: readonly number[], offset: number): Position {
  let low = 0;
  let high = lines.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((lines[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (lines[low] ?? 0) + 1 };
}
