// Two objects for every difference that a transcript shows.

import type { Json } from '../../../src/core/json.ts';
import { manifestsIn } from './shown.ts';

interface Place {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

interface Side {
  readonly live: Json;
  readonly target: Json;
}

/** Two objects for each that a difference is shown of: what stands in other lines than those that differ, nobody knows. */
export function differencesIn(stdout: string): (Side & Place)[] {
  return stdout.split(/^(?====== )/m).flatMap((part) => {
    const [, group = '', kind = '', namespace = '', name = ''] =
      /^===== ([^/]*)\/(\S+) ([^/]*)\/(\S+) ======$/m.exec(part) ?? [];
    if (kind === '') return [];
    const lines = (sign: string): string[] =>
      part
        .split('\n')
        .filter((line) => line.startsWith(`${sign} `))
        .map((line) => line.slice(2));
    const whole = (sign: string): Json => manifestsIn(lines(sign).join('\n'))[0] ?? null;
    const [, changed] = /^(\d+)c\1$/m.exec(part) ?? [];
    const at = (sign: string): Json => padded({ group, kind, namespace, name }, Number(changed), lines(sign)[0] ?? '');
    const side = changed === undefined ? { live: whole('<'), target: whole('>') } : { live: at('<'), target: at('>') };
    return [{ group, kind, namespace, name, ...side }];
  });
}

/** An object in whose YAML one line stands at its number, at its depth. */
function padded({ group, kind, namespace, name }: Place, number: number, line: string): Json {
  const depth = line.search(/\S/) / 2;
  const isItem = line.trimStart().startsWith('- ');
  const parents = isItem ? depth + 1 : depth;
  const value: Json = manifestsIn(line.trim())[0] ?? null;
  const nested = Array.from({ length: parents - 1 }).reduce<Json>((inner) => ({ data: inner }), value);
  const filler = Array.from({ length: Math.max(0, number - 2 - parents) }, (_, index) => [
    `a${String(index).padStart(4, '0')}`,
    'x',
  ]);
  const apiVersion = group === '' ? 'v1' : `${group}/v1`;
  return { ...Object.fromEntries(filler), apiVersion, data: nested, kind, metadata: { name, namespace } };
}
