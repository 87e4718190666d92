// A page of help in lines of at most so many columns. Words are never broken: at worst a line is as long as one word.

import type { Style } from './style.ts';
import { widthOf } from './width.ts';

export interface Term {
  readonly term: string;
  readonly about: string;
}

export interface Example {
  readonly about: string;
  /** As it is pasted into a shell. */
  readonly line: string;
}

export interface HelpSection {
  readonly heading?: string;
  readonly text?: string;
  readonly terms?: readonly Term[];
  readonly examples?: readonly Example[];
}

export interface HelpPage {
  readonly description: string;
  /** The command line in general: 'hawser app get <appname> [flags]'. */
  readonly usage?: string;
  readonly sections: readonly HelpSection[];
}

export interface PageSetting {
  readonly columns: number;
  readonly style: Style;
}

/** Longer lines of prose are hard to read. */
const MAX_COLUMNS = 100;
const INDENT = 2;
const GAP = 2;
/** Terms that are longer stand on a line of their own. */
const MAX_TERM = 32;
/** Where less is left beside the terms, each stands above what it is about. */
const MIN_ABOUT = 24;
const STACKED_INDENT = 6;

export function renderHelp({ description, usage, sections }: HelpPage, { columns, style }: PageSetting): string {
  const setting = { columns: Math.min(columns, MAX_COLUMNS), style };
  const blocks = sections.map((section) => sectionLines(section, columnFor(section, sections), setting));
  const call = usage === undefined ? [] : [hanging(`${style.heading('Usage:')} ${usage}`, 7, setting.columns)];
  return `${[wrapWords(description, setting.columns), ...call, ...blocks]
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** Flags stand under each other, and so does everything else. */
function columnFor(section: HelpSection, sections: readonly HelpSection[]): number {
  const alike = sections.filter((other) => listsFlags(other) === listsFlags(section));
  const widths = alike.flatMap(({ terms = [] }) => terms.map(({ term }) => widthOf(term)));
  return Math.max(0, ...widths.filter((width) => width <= MAX_TERM));
}

const listsFlags = ({ terms = [] }: HelpSection): boolean => terms.some(({ term }) => term.startsWith('-'));

function sectionLines({ heading, text, terms, examples }: HelpSection, column: number, setting: PageSetting): string[] {
  const indent = heading === undefined ? 0 : INDENT;
  const body = [
    ...(text === undefined ? [] : indented(wrapWords(text, setting.columns - indent), indent)),
    ...(terms ?? []).flatMap((term) => termLines(term, column, setting)),
    ...(examples ?? []).flatMap((example, index) => [...(index > 0 ? [''] : []), ...exampleLines(example, setting)]),
  ];
  if (body.length === 0) return [];
  return heading === undefined ? body : [setting.style.heading(`${heading}:`), ...body];
}

function termLines({ term, about }: Term, column: number, { columns }: PageSetting): string[] {
  const room = columns - INDENT - column - GAP;
  const termAlone = (): string[] => indented(hanging(term, 4, columns - INDENT), INDENT);
  if (room < MIN_ABOUT)
    return [...termAlone(), ...indented(wrapWords(about, columns - STACKED_INDENT), STACKED_INDENT)];
  const lines = wrapWords(about, room);
  if (widthOf(term) > column) return [...termAlone(), ...indented(lines, columns - room)];
  const [first = '', ...rest] = lines;
  const lead = `${' '.repeat(INDENT)}${term}${' '.repeat(column - widthOf(term) + GAP)}`;
  return [`${lead}${first}`.trimEnd(), ...indented(rest, columns - room)];
}

function exampleLines({ about, line }: Example, { columns, style }: PageSetting): string[] {
  const comment = wrapWords(about, columns - INDENT - 2).map((text) => style.faint(`# ${text}`));
  return indented([...comment, ...line.split('\n').flatMap((one) => continued(one, columns - INDENT))], INDENT);
}

/** A command line over several lines, as a shell joins them again. What is quoted stays together. */
function continued(line: string, columns: number): string[] {
  if (widthOf(line) <= columns) return [line];
  const room = columns - 2;
  const lines = fill(withValues(shellWords(line), room - 4), room, 4);
  return lines.map((text, index) => (index < lines.length - 1 ? `${text} \\` : text));
}

const shellWords = (line: string): string[] => line.match(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g) ?? [];

/** A flag and its value stay on one line where both fit. */
function withValues(words: readonly string[], columns: number): string[] {
  const units: string[] = [];
  for (const word of words) {
    const flag = units.at(-1) ?? '';
    const unit = `${flag} ${word}`;
    if (/^-[^ =]+$/.test(flag) && !word.startsWith('-') && widthOf(unit) <= columns) units.splice(-1, 1, unit);
    else units.push(word);
  }
  return units;
}

/** A text in lines; its own line ends stay. */
export function wrapWords(text: string, columns: number): string[] {
  return text.split('\n').flatMap((line) => {
    const [lead = ''] = /^ */.exec(line) ?? [];
    return indented(fill(line.trim().split(/ +/), columns - lead.length, 0), lead.length);
  });
}

const hanging = (text: string, indent: number, columns: number): string[] => fill(text.split(/ +/), columns, indent);

/** Words in lines; all lines but the first are indented. */
function fill(words: readonly string[], columns: number, indent: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    const longer = line.trim() === '' ? line + word : `${line} ${word}`;
    if (line.trim() !== '' && widthOf(longer) > columns) {
      lines.push(line);
      line = ' '.repeat(indent) + word;
    } else line = longer;
  }
  return [...lines, line];
}

const indented = (lines: readonly string[], indent: number): string[] =>
  lines.map((line) => (line === '' ? '' : ' '.repeat(indent) + line));
