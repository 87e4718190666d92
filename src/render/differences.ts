import type { JsonObject } from '../core/json.ts';
import { formatYaml } from '../core/yaml.ts';
import type { Meaning, Style } from './style.ts';

export interface ObjectDifference {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Absent: it is to be made. */
  readonly live: JsonObject | undefined;
  /** Absent: it is to be removed. */
  readonly target: JsonObject | undefined;
}

export const differenceTitle = ({ group, kind, namespace, name }: ObjectDifference): string =>
  `===== ${group}/${kind} ${namespace}/${name} ======`;

/** The YAML of both sides, live first; an absent side is ''. */
export function sidesOf({ live, target }: ObjectDifference): readonly [string, string] {
  const text = (state: JsonObject | undefined): string => (state ? formatYaml(state, { sortKeys: true }) : '');
  return [text(live), text(target)];
}

const CONTEXT_LINES = 3;
const PATIENCE = 2000;

/** Unified differences of all objects, coloured; values of Secrets come masked, their keys are named. */
export async function renderDifferences(differences: readonly ObjectDifference[], style: Style): Promise<string> {
  const { structuredPatch } = await import('diff');
  const parts = differences.map((difference) => {
    const [live, target] = sidesOf(difference);
    const options = { context: CONTEXT_LINES, timeout: PATIENCE };
    const patch = structuredPatch('live', 'target', live, target, undefined, undefined, options);
    const hunks = patch?.hunks ?? [];
    const lines = hunks.flatMap((hunk) => [
      style.busy(`@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@`),
      ...hunk.lines.map((line) => style[meaningOfLine(line)](line)),
    ]);
    const whole = patch === undefined ? [...prefixed('-', live), ...prefixed('+', target)] : lines;
    return `${style.heading(differenceTitle(difference))}\n${whole.join('\n')}\n`;
  });
  return parts.join('\n');
}

/** Texts too different to compare in time are shown one after the other. */
const prefixed = (sign: string, text: string): string[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => sign + line);

function meaningOfLine(line: string): Meaning {
  if (line.startsWith('+')) return 'good';
  return line.startsWith('-') ? 'bad' : 'plain';
}
