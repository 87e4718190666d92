// How the API server remembers by which fields a value is reached: in slices of Go that share their memory. A step that is added
// may change what another path says, which shows in what rules are told to cost.

export const ITEMS = '@items';
export const KEYS = '@keys';
export const INDICES = '@indices';
export const VALUES = '@values';

/** The names that a path goes by; beyond its length there may be room that others write to. */
export interface GoPath {
  readonly names: string[];
  readonly length: number;
  readonly room: number;
}

export const firstStep = (name: string): GoPath => ({ names: [name], length: 1, room: 1 });

/** The path with one more step, written into the same memory where there is room. */
export function step(path: GoPath | undefined, name: string): GoPath {
  if (!path) return firstStep(name);
  const { names, length, room } = path;
  const grown = length < room ? path : { names: names.slice(0, length), room: room * 2 };
  grown.names[length] = name;
  return { names: grown.names, length: length + 1, room: grown.room };
}

/** The steps after the variable that a path begins with. */
export const stepsAfterVariable = ({ names, length }: GoPath): readonly string[] => names.slice(1, length);
