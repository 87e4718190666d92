// What a workflow of GitHub Actions reads in the lines of a step, and in the files that it names.

/** `::error title=…::…`: what has a meaning in such a line is escaped. */
export function workflowCommand(name: string, properties: Readonly<Record<string, string>>, data: string): string {
  const pairs = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(value)}`);
  return `::${name}${pairs.length > 0 ? ` ${pairs.join(',')}` : ''}::${escapeData(data)}\n`;
}

const escapeData = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const escapeProperty = (text: string): string => escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** GitHub shows ten annotations of a step, and cuts a message at 64 KB. */
const MOST_ANNOTATIONS = 10;
const LONGEST = 60_000;

export interface Annotation {
  readonly title: string;
  readonly message: string;
}

/** The failures as annotations; what is beyond the tenth is counted in the last. */
export function annotations(failures: readonly Annotation[]): string {
  const [head, rest] = [failures.slice(0, MOST_ANNOTATIONS), failures.slice(MOST_ANNOTATIONS)];
  return head
    .map(({ title, message }, index) => {
      const isLast = index === MOST_ANNOTATIONS - 1 && rest.length > 0;
      const tail = isLast ? `\nand ${rest.length} more: ${rest.map((failure) => failure.title).join(', ')}` : '';
      return workflowCommand('error', { title: cut(title, 200) }, cut(`${message}${tail}`, LONGEST));
    })
    .join('');
}

/** Cut to so many bytes of UTF-8, between two characters. */
function cut(text: string, bytes: number): string {
  const encoded = new TextEncoder().encode(text);
  if (encoded.length <= bytes) return text;
  const end = new TextDecoder().decode(encoded.subarray(0, bytes - 3)).replace(/\ufffd$/, '');
  return `${end}…`;
}

/** Lines for the file of a step's outputs: a value has one line. */
export const outputLines = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${value.replaceAll(/[\r\n]+/g, ' ')}\n`)
    .join('');
