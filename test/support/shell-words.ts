// Example lines of help as a shell would split them: as much of it as examples use.

/** The words of each call of `hawser` in a line: behind pipes, `;`, `&&`, `||` and line ends, and within `$( )` and `<( )`. */
export function hawserCalls(line: string): string[][] {
  const nested = [...line.matchAll(/[$<]\(([^()]*)\)/g)].map(([, inner = '']) => inner);
  const outer = line.replace(/[$<]\([^()]*\)/g, 'value').replaceAll(/ \\\n */g, ' ');
  return [...outer.split(/\n|\s\|\|?\s|;|&&/), ...nested]
    .map(shellWords)
    .map((words) => words.slice(words.findIndex((word) => !/^[A-Z_]+=/.test(word))))
    .filter(([program]) => program === 'hawser')
    .map((words) => words.slice(1));
}

/** Words without their quotes and redirections. */
export function shellWords(text: string): string[] {
  const bare = text.replace(/(^|\s)[12]?[<>]\s*\S+/g, ' ');
  return (bare.match(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g) ?? []).map((word) =>
    word.replace(/'([^']*)'|"([^"]*)"/g, (_quoted, single?: string, double?: string) => single ?? double ?? ''),
  );
}
