// `-o`: one answer in the format that was asked for.

import { HawserError, type Reasons } from '../../core/errors.ts';
import { formatJson } from '../../render/json.ts';
import type { Context } from '../context.ts';
import type { Flag } from '../input/flags.ts';

/** `-o`, with the formats that a command has. */
export const outputFlag = (summary: string) =>
  ({ name: 'output', short: 'o', type: 'string', value: 'format', summary }) as const satisfies Flag;

export const isDocument = (format: string): boolean => format === 'json' || format === 'yaml';

/** Writes JSON or YAML; false when the format is another one. */
export async function writeDocument(value: unknown, format: string, context: Context): Promise<boolean> {
  if (format === 'json') context.io.out.write(formatJson(value));
  else if (format === 'yaml') {
    const { formatYaml } = await import('../../core/yaml.ts');
    context.io.out.write(formatYaml(value, { sortKeys: true }));
  } else return false;
  return true;
}

/** A command that the reference ends in a way of its own. */
type Special = Reasons['unknown-format']['command'];

export function unknownFormat(format: string, formats: readonly string[], command?: Special): HawserError {
  return new HawserError('usage', `unknown output format: ${format}`, {
    hint: `valid formats: ${formats.filter((name) => name !== '').join(', ')}`,
    reason: { kind: 'unknown-format', format, command },
  });
}

/** Refuses a format that a command does not have, before it does anything. */
export function checkFormat(format: string, formats: readonly string[], command?: Special): void {
  if (!formats.includes(format)) throw unknownFormat(format, formats, command);
}
