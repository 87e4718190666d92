/** A word as a POSIX shell takes it: quoted where it holds anything that the shell would read. */
export const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
