import { readFile } from 'node:fs/promises';
import { HawserError, messageOf, systemCode } from '../../core/errors.ts';
import type { Context } from '../context.ts';
import { readTyped } from './typed-document.ts';
import { whyUnreadable } from './unreadable.ts';

/** The text of a file, a URL, or of stdin where it is '-'. */
export async function readSource(from: string, context: Context): Promise<string> {
  if (from === '-') return context.io.input.read();
  if (/^https?:\/\//.test(from)) {
    const { download } = await import('../../client/download.ts');
    return download(from, { signal: context.signal, env: context.env });
  }
  try {
    return await readFile(from, 'utf8');
  } catch (thrown) {
    const isMissing = systemCode(thrown) === 'ENOENT';
    const why = whyUnreadable(thrown, 'file');
    throw new HawserError('usage', `cannot read ${from}: ${why}`, {
      hint: 'give the path of a file, a URL, or - for stdin',
      reason: {
        kind: 'unreadable-input',
        path: from,
        why: isMissing ? 'no such file or directory' : messageOf(thrown),
      },
      cause: thrown,
    });
  }
}

/** The YAML value of a file or URL. */
export async function readSourceValue(from: string, context: Context): Promise<unknown> {
  const { parseYaml } = await import('../../core/yaml.ts');
  const text = await readSource(from, context);
  return readTyped(() => parseYaml(text, from), context);
}
