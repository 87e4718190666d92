import { readFile } from 'node:fs/promises';
import { HawserError, messageOf, systemCode } from '../core/errors.ts';
import type { Context } from './context.ts';

/** The text of a file, a URL, or of stdin where it is '-'. */
export async function readSource(from: string, context: Context): Promise<string> {
  if (from === '-') return context.io.input.read();
  if (/^https?:\/\//.test(from)) {
    const { download } = await import('../client/download.ts');
    return download(from, context.signal);
  }
  try {
    return await readFile(from, 'utf8');
  } catch (thrown) {
    const why = systemCode(thrown) === 'ENOENT' ? 'there is no such file' : messageOf(thrown);
    throw new HawserError('usage', `cannot read ${from}: ${why}`, {
      details: { argocdExit: 20 },
      cause: thrown,
    });
  }
}

/** The YAML value of a file or URL. */
export async function readSourceValue(from: string, context: Context): Promise<unknown> {
  const { parseYaml } = await import('../core/yaml.ts');
  return parseYaml(await readSource(from, context), from);
}
