// What the transcripts replaced, put back on one side and taken out on the other, so that both can be compared.

import { structuredPatch } from 'diff';

const payload = Buffer.from(JSON.stringify({ iss: 'argocd', sub: 'admin:login', iat: 1767607200, exp: 1767607200 }));
/** The token that stands for every '<token>'. */
export const TOKEN = `e30.${payload.toString('base64url')}.c2ln`;

/** The moment that stands for every '<time>'. */
export const MOMENT = '2026-01-05T10:00:00Z';
const LONG = '2026-01-05 10:00:00 +0000 UTC';
const OFFSET = '2026-01-05T10:00:00+00:00';

const VERSION = '7777777';

/** A recorded text as a server would send it. */
export function filled(text: string): string {
  return text
    .replaceAll('<time>', MOMENT)
    .replaceAll('<version>', VERSION)
    .replaceAll('<age>', '0s')
    .replace(/<(uid|pod|hash|ip|token|port|random|duration)>/g, '~$1~');
}

/** Our output with the transcripts' placeholders. */
export function replaced(text: string): string {
  return text
    .replaceAll(LONG, '<time> +0000 UTC')
    .replaceAll(OFFSET, '<time>+00:00')
    .replaceAll(MOMENT, '<time>')
    .replaceAll(VERSION, '<version>')
    .replaceAll(TOKEN, '<token>')
    .replace(/~([a-z]+)~/g, '<$1>')
    .replace(/^(Duration: +)\S+$/gm, '$1<duration>')
    .replace(/\$2[aby]\$10\$[\w./]{53}/g, '$2a$10$$<hash>')
    .replace(/(?<= )0s(?= {2,}|$)/gm, '<age>');
}

/** What comes out otherwise each time, known by its form. For both sides: a transcript keeps its counts of generations. */
const FORMS: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0000 UTC/g, '<time> +0000 UTC'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|(?=\+00:00))/g, '<time>'],
  [/\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d/g, '<time>'],
  [/\b[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\b/g, '<uid>'],
  [/(resourceVersion"?: )"\d+"/g, '$1"<version>"'],
  [/(generation"?: )\d+/g, '$1<generation>'],
  [/(manager"?: "?)argocd[\w-]*/g, '$1argocd'],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, '<token>'],
  [/\$2[aby]\$10\$[\w./]{53}/g, '$2a$10$$<hash>'],
  [/\b1[789]\d{8}\b/g, '1767607200'],
  [/(?<=, duration: )\d+(\.\d+)?m?s\b/g, '<duration>'],
  [/\((now|\d+ (second|minute|hour|day)s? (ago|from now))\)/g, '<ago>'],
];

export function replacedByForm(text: string): string {
  return FORMS.reduce((result, [form, placeholder]) => result.replace(form, placeholder), text);
}

/** Lines that hold a placeholder lost their exact width when they were written down: their gaps say nothing. */
function comparable(text: string): string {
  return withSortedTrees(text)
    .split('\n')
    .map((line) => (/<[a-z]+>/.test(line) ? line.replace(/ {2,}/g, '  ').trimEnd() : line))
    .join('\n');
}

/** What separates our text from the recorded one, line by line; '' when nothing does. */
export function differenceOf(ours: string, recorded: string): string {
  const [left, right] = [comparable(recorded), comparable(ours)];
  return left === right
    ? ''
    : structuredPatch('', '', left, right, '', '', { context: 0 })
        .hunks.flatMap(({ lines }) => lines)
        .join('\n');
}

/** The order of the roots of a tree is chance in the reference. */
function withSortedTrees(text: string): string {
  const [lead = '', ...trees] = text.split(/^(?=(?:KIND\/NAME|GROUP +KIND +NAMESPACE +NAME +ORPHANED).*$)/m);
  const sorted = trees.map((tree) => {
    const [head = '', ...roots] = tree.split(/^(?![│├└ ]+[─ ])/m);
    return head + roots.sort().join('');
  });
  return lead + sorted.join('');
}
