// Messages of an API server with a whole object in them, made short enough to read.

const LONGEST_VALUE = 60;
const VALUE = /Invalid value: [\w.]*(?=[{[])/g;

/** The message with its large values cut: what was wrong with them is what counts. */
export function briefMessage(message: string): string {
  let brief = '';
  let done = 0;
  for (const match of message.matchAll(VALUE)) {
    const from = match.index + match[0].length;
    if (from < done) continue;
    const end = endOfValue(message, from);
    if (end - from <= LONGEST_VALUE) continue;
    brief += `${message.slice(done, from)}{…}`;
    done = end;
  }
  return brief + message.slice(done);
}

/** Behind the bracket that closes the one at `from`; brackets in texts do not count. */
function endOfValue(text: string, from: number): number {
  let depth = 0;
  let isQuoted = false;
  for (let index = from; index < text.length; index += 1) {
    const letter = text.charAt(index);
    if (isQuoted && letter === '\\') index += 1;
    else if (letter === '"') isQuoted = !isQuoted;
    else if (!isQuoted && '{['.includes(letter)) depth += 1;
    else if (!isQuoted && '}]'.includes(letter)) depth -= 1;
    if (depth === 0 && !isQuoted) return index + 1;
  }
  return text.length;
}
