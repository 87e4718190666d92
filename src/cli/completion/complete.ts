// `__complete`: what a shell may offer at the end of a command line. One candidate a line, with what it is after a tab; the
// last line tells the shell whether names of files may follow (0) or not (4), as scripts of the reference's kind expect it.

import { type Entry, isNamed } from '../command-tree.ts';
import { GLOBAL_FLAGS } from '../config/globals.ts';
import type { Context } from '../context.ts';
import { TOPICS } from '../help/topics.ts';
import { leadingOperands } from '../input/argv.ts';
import { declaredFlags, visibleFlags } from '../input/command.ts';
import type { Flag } from '../input/flags.ts';
import { pluginWords } from '../plugin.ts';
import { applicationNames, contextNames, deploymentIds } from './names.ts';
import { type Candidate, NOTHING, type Offer, offerOf, wordsOf } from './offer.ts';
import { valuesOf } from './values.ts';

export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;

const FILES = 0;
const NO_FILES = 4;

const ENDED = 'Completion ended with directive: ShellCompDirective';

/** The last of the words is the one that is being typed; it may be empty. */
export async function complete(words: readonly string[], entries: readonly Entry[], context: Context): Promise<void> {
  const { before, prefix, lead } = typing(words);
  // A shell shows no errors: what cannot be asked is not offered.
  const { candidates, files } = await offer(before, prefix, { entries, context }).catch(() => NOTHING);
  const lines = fitting(candidates, prefix).map(({ word, about }) => `${lead}${word}${about ? `\t${about}` : ''}`);
  context.io.out.write(`${[...lines, `:${files ? FILES : NO_FILES}`].join('\n')}\n`);
  context.policy.wording.caution(`${ENDED}${files ? 'Default' : 'NoFileComp'}\n`, context);
}

/** Capital letters need not be typed where nothing fits otherwise. */
function fitting(candidates: readonly Candidate[], prefix: string): readonly Candidate[] {
  const exact = candidates.filter(({ word }) => word.startsWith(prefix));
  if (exact.length > 0) return exact;
  return candidates.filter(({ word }) => word.toLowerCase().startsWith(prefix.toLowerCase()));
}

interface Typing {
  readonly before: readonly string[];
  readonly prefix: string;
  /** What the shell replaces together with the prefix: '--health='. */
  readonly lead: string;
}

/** '--flag=value' is a flag and its value; bash makes three words of it. */
function typing(words: readonly string[]): Typing {
  const last = words.at(-1) ?? '';
  if (words.at(-2) === '=') return { before: words.slice(0, -2), prefix: last, lead: '' };
  if (last === '=') return { before: words.slice(0, -1), prefix: '', lead: '' };
  const [, flag, value] = /^(--[\w-]+)=(.*)$/s.exec(last) ?? [];
  if (flag === undefined || value === undefined) return { before: words.slice(0, -1), prefix: last, lead: '' };
  return { before: [...words.slice(0, -1), flag], prefix: value, lead: `${flag}=` };
}

interface Tree {
  readonly entries: readonly Entry[];
  readonly context: Context;
}

async function offer(line: readonly string[], prefix: string, { entries, context }: Tree): Promise<Offer> {
  const { entry, path, rest } = descend(line, entries);
  const pending = pendingFlag(rest, VISIBLE);
  if (!entry?.load) {
    if (pending) return valuesOf(pending, prefix, context);
    if (rest.some(isOperand(VISIBLE))) return NOTHING;
    const added = entry ? [] : await addedWords(context);
    const flags = prefix.startsWith('-') ? VISIBLE.map(asCandidate) : [];
    return offerOf([...namesOf(entry?.children ?? entries), ...added, ...flags]);
  }
  if (path === 'help') return offerOf(helpWords(rest, entries));
  const factory = await entry.load();
  const flags = [...visibleFlags(declaredFlags(factory(context))), ...VISIBLE];
  const awaited = pendingFlag(rest, flags);
  if (awaited) return valuesOf(awaited, prefix, context);
  if (prefix.startsWith('-')) return offerOf(flags.map(asCandidate));
  const words = rest.filter(isOperand(flags));
  const below = words.length === 0 ? namesOf(entry.children ?? []) : [];
  return offerOf([...below, ...(await operands(path, words, context))]);
}

const namesOf = (entries: readonly Entry[]): readonly Candidate[] =>
  entries.map(({ name, summary }) => ({ word: name, about: summary }));

/** Commands, and at first topics. */
function helpWords(words: readonly string[], entries: readonly Entry[]): readonly Candidate[] {
  const { entry, rest } = descend(words, entries);
  if (rest.length > 0 || entry?.load) return [];
  const topics = words.length === 0 ? TOPICS.map(({ name, summary }) => ({ word: name, about: summary })) : [];
  return [...namesOf(entry?.children ?? entries), ...topics];
}

/** What this person has added: aliases, and programs on PATH. */
async function addedWords(context: Context): Promise<readonly Candidate[]> {
  const { readAliases } = await import('../config/preferences.ts');
  const aliases = await context.policy.own.add(() => readAliases(context.env).catch(() => ({})), Promise.resolve({}));
  const own = Object.entries(aliases).map(([word, about]) => ({ word, about }));
  return [...own, ...wordsOf(await pluginWords(context))];
}

const VISIBLE = visibleFlags(GLOBAL_FLAGS);

const asCandidate = ({ name, summary }: Flag): Candidate => ({ word: `--${name}`, about: summary });

interface Descent {
  readonly entry: Entry | undefined;
  readonly path: string;
  readonly rest: readonly string[];
}

/** The command that the words lead to, and what of them is left; flags of every command may stand before it. */
function descend(words: readonly string[], tree: readonly Entry[]): Descent {
  let entry: Entry | undefined;
  let entries = tree;
  const path: string[] = [];
  const leading = leadingOperands(words, GLOBAL_FLAGS);
  for (const [depth, index] of leading.entries()) {
    const next = entries.find((candidate) => isNamed(candidate, words[index] ?? ''));
    if (!next) return { entry, path: path.join(' '), rest: words.slice(index) };
    entry = next;
    entries = next.children ?? [];
    path.push(next.name);
    if (next.load || depth === leading.length - 1) return { entry, path: path.join(' '), rest: words.slice(index + 1) };
  }
  return { entry, path: path.join(' '), rest: words };
}

/** The flag that the last word is, if a value must follow it. */
function pendingFlag(words: readonly string[], flags: readonly Flag[]): Flag | undefined {
  const last = words.at(-1) ?? '';
  const flag = flags.find(({ name, short }) => last === `--${name}` || (short !== undefined && last === `-${short}`));
  return flag?.type === 'bool' ? undefined : flag;
}

/** No flag, and no value of one. */
const isOperand =
  (flags: readonly Flag[]) =>
  (word: string, index: number, words: readonly string[]): boolean =>
    !word.startsWith('-') && pendingFlag(words.slice(0, index), flags) === undefined;

async function operands(path: string, earlier: readonly string[], context: Context): Promise<readonly Candidate[]> {
  if (path === 'completion') return earlier.length === 0 ? wordsOf(SHELLS) : [];
  if (path === 'context' || path === 'logout') return earlier.length === 0 ? contextNames(context) : [];
  if (path === 'alias delete') return aliasNames(context);
  if (path === 'app rollback' && earlier.length === 1) return deploymentIds(earlier[0] ?? '', context);
  const takesNames = path.startsWith('app ') && !/^app (create|apply)$/.test(path);
  if (!takesNames) return [];
  const isMany = /^app (sync|wait|delete|list)$/.test(path);
  return earlier.length === 0 || isMany ? applicationNames(context) : [];
}

async function aliasNames(context: Context): Promise<readonly Candidate[]> {
  const { readAliases } = await import('../config/preferences.ts');
  return Object.entries(await readAliases(context.env)).map(([word, about]) => ({ word, about }));
}
