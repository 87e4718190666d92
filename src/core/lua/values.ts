// What Lua computes with. Texts hold bytes, one in each character; `text.ts` translates.

export type LuaFunction = (args: readonly LuaValue[]) => readonly LuaValue[];

export type LuaValue = undefined | boolean | number | string | LuaTable | LuaFunction;

/** Every table knows the order in which its keys came, so that the next one is found at once. */
export class LuaTable {
  metatable: LuaTable | undefined;
  readonly #list: LuaValue[] = [];
  readonly #positions = new Map<LuaValue, number>();
  readonly #keys: LuaValue[] = [];
  readonly #values: LuaValue[] = [];

  get(key: LuaValue): LuaValue {
    if (typeof key === 'number' && key >= 1 && key <= this.#list.length && Number.isInteger(key))
      return this.#list[key - 1];
    const position = this.#positions.get(key);
    return position === undefined ? undefined : this.#values[position];
  }

  /** Throws what `LuaError` is made of where the key cannot be one. */
  set(key: LuaValue, value: LuaValue): void {
    if (key === undefined) throw new LuaError('table index is nil');
    if (Number.isNaN(key)) throw new LuaError('table index is NaN');
    const length = this.#list.length;
    if (typeof key === 'number' && key >= 1 && key <= length + 1 && Number.isInteger(key)) {
      if (key <= length) this.#setInList(key, value);
      else if (value !== undefined) this.#append(key, value);
      return;
    }
    const position = this.#positions.get(key);
    if (position !== undefined) this.#values[position] = value;
    else if (value !== undefined) {
      this.#positions.set(key, this.#keys.length);
      this.#keys.push(key);
      this.#values.push(value);
    }
  }

  #setInList(key: number, value: LuaValue): void {
    this.#list[key - 1] = value;
    while (this.#list.length > 0 && this.#list.at(-1) === undefined) this.#list.pop();
  }

  /** What came before its turn moves in behind. */
  #append(key: number, value: LuaValue): void {
    const early = this.#positions.get(key);
    if (early !== undefined) this.#values[early] = undefined;
    this.#list.push(value);
    for (let next = key + 1; ; next++) {
      const position = this.#positions.get(next);
      const moved = position === undefined ? undefined : this.#values[position];
      if (position === undefined || moved === undefined) return;
      this.#list.push(moved);
      this.#values[position] = undefined;
    }
  }

  /** Of a constructor: nil between others counts for the length. */
  place(position: number, value: LuaValue): void {
    if (value === undefined) return;
    while (this.#list.length < position - 1) this.#list.push(undefined);
    this.#list[position - 1] = value;
  }

  length(): number {
    return this.#list.length;
  }

  /** The list itself, for those that change it as one. */
  get list(): LuaValue[] {
    return this.#list;
  }

  /** The entry after a key, the first one after nil; undefined at the end. */
  next(key: LuaValue): readonly [LuaValue, LuaValue] | undefined {
    const length = this.#list.length;
    const inList = typeof key === 'number' && key >= 1 && key <= length && Number.isInteger(key);
    const start = key === undefined ? 0 : inList ? key : length;
    for (let index = start; index < length; index++)
      if (this.#list[index] !== undefined) return [index + 1, this.#list[index]];
    const last = key === undefined || inList ? -1 : (this.#positions.get(key) ?? -1);
    for (let position = last + 1; position < this.#keys.length; position++)
      if (this.#values[position] !== undefined) return [this.#keys[position], this.#values[position]];
    return undefined;
  }

  *entries(): Generator<readonly [LuaValue, LuaValue]> {
    for (let entry = this.next(undefined); entry; entry = this.next(entry[0])) yield entry;
  }
}

/** What a script throws, or does wrong. */
export class LuaError extends Error {
  readonly value: LuaValue;
  /** The place stands in the message already. */
  readonly isPlaced: boolean;

  constructor(value: LuaValue, isPlaced = false) {
    super(typeof value === 'string' || typeof value === 'number' ? String(value) : 'error object is not a string');
    this.value = value;
    this.isPlaced = isPlaced;
  }
}

export type TypeName = 'nil' | 'boolean' | 'number' | 'string' | 'table' | 'function';

export function typeOf(value: LuaValue): TypeName {
  if (value === undefined) return 'nil';
  if (typeof value === 'object') return 'table';
  const name = typeof value;
  return name === 'boolean' || name === 'number' || name === 'string' ? name : 'function';
}

export const isTruthy = (value: LuaValue): boolean => value !== undefined && value !== false;

/** As `%.14g` writes it: no `.0` behind what is whole. */
export function numberText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return value.toFixed(0);
  return String(Number(value.toPrecision(14))).replace(/e([+-])(\d)$/, 'e$10$2');
}

/** A number, or a text that is one. */
export function toNumber(value: LuaValue): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (/^[+-]?0[xX][\da-fA-F]+$/.test(text))
    return (text.startsWith('-') ? -1 : 1) * Number.parseInt(text.replace(/^[+-]/, ''), 16);
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : undefined;
}

/** A text, or a number as one. */
export const toText = (value: LuaValue): string | undefined =>
  typeof value === 'string' ? value : typeof value === 'number' ? numberText(value) : undefined;
