// Keys that stand twice in one object of a JSON text, which JSON.parse keeps to itself.

import { isObject, type Json, type JsonObject } from './json.ts';

export interface RepeatedKey {
  /** Keys and indexes, the repeated key last. */
  readonly steps: readonly (string | number)[];
  /** Where it stands again. */
  readonly offset: number;
}

interface Level {
  /** Undefined for a list. */
  readonly keys: Set<string> | undefined;
  step: string | number;
  awaitsKey: boolean;
}

/** The repeated keys of a text that is valid JSON, in their order. */
export function repeatedKeys(text: string): RepeatedKey[] {
  const repeated: RepeatedKey[] = [];
  const levels: Level[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const mark = text[at];
    const level = levels.at(-1);
    if (mark === '{') levels.push({ keys: new Set(), step: '', awaitsKey: true });
    else if (mark === '[') levels.push({ keys: undefined, step: 0, awaitsKey: false });
    else if (mark === '}' || mark === ']') levels.pop();
    else if (mark === ',' && level) {
      if (typeof level.step === 'number') level.step += 1;
      else level.awaitsKey = true;
    } else if (mark === '"') {
      const end = endOfText(text, at);
      if (level?.awaitsKey && level.keys) {
        level.step = textOf(text.slice(at, end));
        level.awaitsKey = false;
        if (level.keys.has(level.step)) repeated.push({ steps: levels.map(({ step }) => step), offset: at });
        level.keys.add(level.step);
      }
      at = end - 1;
    }
  }
  return repeated;
}

/** Behind the closing quote of the text that begins at a quote. */
function endOfText(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end > 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end + 1;
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text[at - 1 - slashes] === '\\') slashes += 1;
  return slashes % 2 === 1;
}

function textOf(quoted: string): string {
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  const value: unknown = JSON.parse(quoted);
  return typeof value === 'string' ? value : '';
}

/** A number, true, false or null. */
const PLAIN = /[^,\]}\s]+/y;

/** The text as Go reads it into structures: what a repeated key holds is laid over what it held before. */
export function parseMerging(text: string): Json {
  let at = 0;
  const space = (): void => {
    while (/\s/.test(text[at] ?? '')) at += 1;
  };
  const value = (): Json => {
    space();
    const start = at;
    if (text[at] === '{') return object();
    if (text[at] === '[') return list();
    PLAIN.lastIndex = at;
    at = text[at] === '"' ? endOfText(text, at) : at + (PLAIN.exec(text)?.[0].length ?? 1);
    const leaf: Json = JSON.parse(text.slice(start, at));
    return leaf;
  };
  const object = (): Json => {
    const fields = new Map<string, Json>();
    for (at += 1, space(); at < text.length && text[at] !== '}'; space()) {
      if (text[at] === ',') at += 1;
      space();
      const start = at;
      at = endOfText(text, at);
      const key = textOf(text.slice(start, at));
      space();
      at += 1;
      const next = value();
      const before = fields.get(key);
      fields.set(key, isObject(before) && isObject(next) ? merged(before, next) : next);
    }
    at += 1;
    return Object.fromEntries(fields);
  };
  const list = (): Json => {
    const items: Json[] = [];
    for (at += 1, space(); at < text.length && text[at] !== ']'; space()) {
      if (text[at] === ',') at += 1;
      items.push(value());
    }
    at += 1;
    return items;
  };
  return value();
}

function merged(before: JsonObject, next: JsonObject): JsonObject {
  const fields = new Map(Object.entries(before));
  for (const [key, value] of Object.entries(next)) {
    const old = fields.get(key);
    fields.set(key, isObject(old) && isObject(value) ? merged(old, value) : value);
  }
  return Object.fromEntries(fields);
}
