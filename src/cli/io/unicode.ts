import type { Environment } from './colour.ts';

/** Whether a terminal shows more than ASCII: not a dumb one, nor one whose locale names another character set. */
export function showsUnicode(env: Environment): boolean {
  if (env['TERM'] === 'dumb') return false;
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return locale === '' || /utf-?8/i.test(locale);
}
