// `-o`: one answer in the format that was asked for.

import { HawserError } from '../../core/errors.ts';
import { formatJson } from '../../render/json.ts';
import type { Context } from '../context.ts';

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

export function unknownFormat(format: string, known: readonly string[], argocdExit = 20): HawserError {
  return new HawserError('usage', `unknown output format: ${format}`, {
    hint: `there are ${known.filter((name) => name !== '').join(', ')}`,
    details: { argocdExit },
  });
}

/** Refuses a format that a command does not have, before it does anything; the exit code is the reference's own. */
export function checkFormat(format: string, known: readonly string[], argocdExit = 20): void {
  if (!known.includes(format)) throw unknownFormat(format, known, argocdExit);
}
