// The same as a comment on a pull request: bounded, because hosts refuse what is longer, and what was left out is said.

import {
  type ApplicationDifference,
  differenceSentence,
  failureSentence,
  isNews,
  objectSentence,
  type RepositoryDifference,
} from './application-differences.ts';
import { renderDifferences } from './differences.ts';
import { PLAIN } from './style.ts';

const MARKS = { added: '🟢', changed: '🟡', removed: '🔴', failed: '❌', unchanged: '' } as const satisfies Record<
  ApplicationDifference['change'],
  string
>;

/** Room for what is said at the end about what was left out. */
const RESERVE = 400;
const MAX_ROWS = 200;

export async function renderMarkdown(result: RepositoryDifference, limit: number): Promise<string> {
  const news = result.applications.filter(isNews);
  let text = await headOf(result, news);
  let left = news.length;
  for (const one of news) {
    const room = limit - text.length - RESERVE;
    const block = fitted(await blockOf(one), room);
    if (block === undefined) break;
    text += block;
    left -= 1;
  }
  if (left > 0)
    text += `\n_The differences of ${left} more application${left === 1 ? ' were' : 's were'} cut: the text is limited to ${limit} characters._\n`;
  return text.length <= limit ? text : `${text.slice(0, Math.max(0, limit - 40))}\n\n_cut at ${limit} characters_\n`;
}

async function headOf(result: RepositoryDifference, news: readonly ApplicationDifference[]): Promise<string> {
  const { base, head, notes } = result;
  const title = `### Preview: ${code(base.name)} → ${code(head.name)}\n\n${differenceSentence(result)}.\n`;
  const rows = news
    .slice(0, MAX_ROWS)
    .map((one) => `| ${cell(one.name)} | ${MARKS[one.change]} ${one.change} | ${cell(summaryOf(one))} |\n`)
    .join('');
  const more = news.length > MAX_ROWS ? `\n_and ${news.length - MAX_ROWS} more_\n` : '';
  const table = news.length > 0 ? `\n| Application | Change | Resources |\n|---|---|---|\n${rows}${more}` : '';
  return `${title}${table}${notes.map((note) => `\n> ${line(note)}\n`).join('')}`;
}

const summaryOf = (one: ApplicationDifference): string =>
  one.failures.length > 0 ? one.failures.map(failureSentence).join('; ').slice(0, 300) : objectSentence(one);

interface Block {
  readonly title: string;
  readonly body: string;
}

async function blockOf(one: ApplicationDifference): Promise<Block> {
  const failures = one.failures.map((failure) => `! ${line(failureSentence(failure))}\n`).join('');
  const body = `${failures}${await renderDifferences(one.differences, PLAIN)}`;
  const what = one.change === 'failed' ? one.change : `${one.change}, ${objectSentence(one)}`;
  return { title: `${one.name}: ${what} (${one.origin})`, body };
}

/** A block that is too long keeps its first lines; undefined where not even these fit. */
function fitted({ title, body }: Block, room: number): string | undefined {
  const whole = details(title, body, '');
  if (whole.length <= room) return whole;
  const lines = body.split('\n');
  const frame = details(title, '', `${lines.length} more lines were cut`).length;
  let length = frame;
  let count = 0;
  for (const text of lines) {
    if (length + text.length + 1 > room) break;
    length += text.length + 1;
    count += 1;
  }
  if (count < 5) return undefined;
  return details(title, `${lines.slice(0, count).join('\n')}\n`, `${lines.length - count} more lines were cut`);
}

function details(title: string, body: string, note: string): string {
  const fence = '`'.repeat(Math.max(3, ...[...body.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  const end = note === '' ? '' : `\n_${note}_\n`;
  return `\n<details><summary>${html(title)}</summary>\n\n${fence}diff\n${body}${fence}\n${end}\n</details>\n`;
}

const line = (text: string): string => text.replace(/\s+/g, ' ').trim();

const html = (text: string): string =>
  line(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const cell = (text: string): string => html(text).replaceAll('|', '\\|');

const code = (text: string): string => `\`${line(text).replaceAll('`', "'")}\``;
