// What differs between two texts, line by line, as the API server shows it: with three lines around each change.

/** A stretch of lines that both have. */
interface Match {
  readonly a: number;
  readonly b: number;
  readonly size: number;
}

type Change = readonly [fromA: number, toA: number, fromB: number, toB: number, isEqual: boolean];

const AROUND = 3;

export function lineDiff(before: string, after: string): string {
  const [a, b] = [before.split('\n'), after.split('\n')];
  return groups(changes(a, b))
    .map((group) => hunk(group, a, b))
    .join('');
}

function hunk(group: readonly Change[], a: readonly string[], b: readonly string[]): string {
  const [first, last] = [group[0], group.at(-1)];
  if (!first || !last) return '';
  const lines = group.flatMap(([fromA, toA, fromB, toB, isEqual]) => {
    if (isEqual) return a.slice(fromA, toA).map((line) => ` ${line}`);
    return [...a.slice(fromA, toA).map((line) => `-${line}`), ...b.slice(fromB, toB).map((line) => `+${line}`)];
  });
  const head = `@@ -${range(first[0], last[1])} +${range(first[2], last[3])} @@`;
  return [head, ...lines].map((line) => `${line}\n`).join('');
}

function range(from: number, to: number): string {
  const length = to - from;
  if (length === 1) return `${from + 1}`;
  return `${length === 0 ? from : from + 1},${length}`;
}

/** Changes that are near each other stand together. */
function groups(all: readonly Change[]): Change[][] {
  const result: Change[][] = [];
  let group: Change[] = [];
  for (const [index, change] of all.entries()) {
    const [fromA, toA, fromB, toB, isEqual] = change;
    if (!isEqual) {
      group.push(change);
      continue;
    }
    const [isFirst, isLast] = [index === 0, index === all.length - 1];
    const isLong = toA - fromA > 2 * AROUND;
    if (!isFirst && (isLast || isLong)) {
      const end = Math.min(toA, fromA + AROUND);
      group.push([fromA, end, fromB, fromB + end - fromA, true]);
      result.push(group);
      group = [];
    }
    if (isLast) continue;
    const start = isFirst || isLong ? Math.max(fromA, toA - AROUND) : fromA;
    group.push([start, toA, toB - (toA - start), toB, true]);
  }
  return [...result, group].filter((one) => one.some(([, , , , isEqual]) => !isEqual));
}

function changes(a: readonly string[], b: readonly string[]): Change[] {
  const result: Change[] = [];
  let [i, j] = [0, 0];
  for (const { a: atA, b: atB, size } of [...matches(a, b), { a: a.length, b: b.length, size: 0 }]) {
    if (i < atA || j < atB) result.push([i, atA, j, atB, false]);
    [i, j] = [atA + size, atB + size];
    if (size > 0) result.push([atA, i, atB, j, true]);
  }
  return result;
}

/** The longest stretch that both have, then those before and after it; stretches that touch are one. */
function matches(a: readonly string[], b: readonly string[]): Match[] {
  const places = placesOf(b);
  const found: Match[] = [];
  const todo: (readonly [number, number, number, number])[] = [[0, a.length, 0, b.length]];
  for (let part = todo.pop(); part; part = todo.pop()) {
    const [fromA, toA, fromB, toB] = part;
    const match = longest({ a, b, places }, part);
    if (match.size === 0) continue;
    found.push(match);
    if (fromA < match.a && fromB < match.b) todo.push([fromA, match.a, fromB, match.b]);
    const [endA, endB] = [match.a + match.size, match.b + match.size];
    if (endA < toA && endB < toB) todo.push([endA, toA, endB, toB]);
  }
  const joined: Match[] = [];
  for (const match of found.sort((x, y) => x.a - y.a || x.b - y.b)) {
    const last = joined.at(-1);
    if (last && last.a + last.size === match.a && last.b + last.size === match.b)
      joined[joined.length - 1] = { ...last, size: last.size + match.size };
    else joined.push(match);
  }
  return joined;
}

const MANY = 200;

/** Where each line stands; in a long text lines that are everywhere tell nothing. */
function placesOf(lines: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (const [index, line] of lines.entries()) {
    const known = places.get(line);
    if (known) known.push(index);
    else places.set(line, [index]);
  }
  if (lines.length < MANY) return places;
  const most = Math.floor(lines.length / 100) + 1;
  return new Map([...places].filter(([, indexes]) => indexes.length <= most));
}

interface Texts {
  readonly a: readonly string[];
  readonly b: readonly string[];
  readonly places: ReadonlyMap<string, readonly number[]>;
}

/** The first of the longest stretches within a part of both, with what is the same right before and after it. */
function longest({ a, b, places }: Texts, [fromA, toA, fromB, toB]: readonly [number, number, number, number]): Match {
  let best: Match = { a: fromA, b: fromB, size: 0 };
  let lengths = new Map<number, number>();
  for (let i = fromA; i < toA; i += 1) {
    const next = new Map<number, number>();
    for (const j of places.get(a[i] ?? '') ?? []) {
      if (j < fromB || j >= toB) continue;
      const size = (lengths.get(j - 1) ?? 0) + 1;
      next.set(j, size);
      if (size > best.size) best = { a: i - size + 1, b: j - size + 1, size };
    }
    lengths = next;
  }
  let { a: startA, b: startB, size } = best;
  while (startA > fromA && startB > fromB && a[startA - 1] === b[startB - 1]) {
    startA -= 1;
    startB -= 1;
    size += 1;
  }
  while (startA + size < toA && startB + size < toB && a[startA + size] === b[startB + size]) size += 1;
  return { a: startA, b: startB, size };
}
