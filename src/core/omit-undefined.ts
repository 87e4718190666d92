/** The fields that have a value: what is undefined would be written to YAML, and counts as a field. */
export function omitUndefined<T extends object>(fields: T): Partial<T> {
  const copy: Partial<T> = { ...fields };
  for (const key in copy) if (copy[key] === undefined) delete copy[key];
  return copy;
}
