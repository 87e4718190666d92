// Values that may be missing, as the library has them.

export type MakeOptional = (value: unknown) => unknown;

interface Missable {
  readonly hasValue: () => boolean;
  readonly value: () => unknown;
}

export const isMissable = (value: unknown): value is Missable =>
  typeof value === 'object' && value !== null && 'hasValue' in value && 'orValue' in value;

/** What a value that may be missing holds; undefined where it is. */
export function presentOf(value: unknown): unknown {
  if (!isMissable(value)) return value;
  return value.hasValue() ? value.value() : undefined;
}
