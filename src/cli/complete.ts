// `__complete`: what a shell may offer at the end of a command line. One candidate a line, with what it is after a tab; the
// last line tells the shell whether names of files may follow (0) or not (4), as scripts of the reference's kind expect it.

import { getApplication, listApplications } from '../api/applications.ts';
import type { Entry } from './command-tree.ts';
import { GLOBAL_FLAGS } from './config/globals.ts';
import type { Context } from './context.ts';
import { declaredFlags, visibleFlags } from './input/command.ts';
import type { Flag } from './input/flags.ts';
import { pluginWords } from './plugin.ts';

export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;

interface Candidate {
  readonly word: string;
  readonly about?: string;
}

const FILES = 0;
const NO_FILES = 4;

const ENDED = 'Completion ended with directive: ShellCompDirective';

/** The last of the words is the one that is being typed; it may be empty. */
export async function complete(words: readonly string[], entries: readonly Entry[], context: Context): Promise<void> {
  const prefix = words.at(-1) ?? '';
  // A shell shows no errors: what cannot be asked is not offered.
  const { candidates, files } = await offer(words.slice(0, -1), prefix, { entries, context }).catch(() => NOTHING);
  const fitting = candidates.filter(({ word }) => word.startsWith(prefix));
  const lines = fitting.map(({ word, about }) => (about ? `${word}\t${about}` : word));
  context.io.out.write(`${[...lines, `:${files ? FILES : NO_FILES}`].join('\n')}\n`);
  context.policy.wording.caution(`${ENDED}${files ? 'Default' : 'NoFileComp'}\n`, context);
}

interface Offer {
  readonly candidates: readonly Candidate[];
  /** Whether it may be the name of a file. */
  readonly files: boolean;
}

const NOTHING: Offer = { candidates: [], files: false };

interface Tree {
  readonly entries: readonly Entry[];
  readonly context: Context;
}

async function offer(line: readonly string[], begun: string, { entries, context }: Tree): Promise<Offer> {
  const { entry, path, rest } = descend(line, entries);
  if (!entry?.load) {
    if (rest.length > 0) return NOTHING;
    const words = (entry?.children ?? entries).map(({ name, summary }) => ({ word: name, about: summary }));
    const added = entry ? [] : await addedWords(context);
    const flags = begun.startsWith('-') ? VISIBLE.map(asCandidate) : [];
    return { candidates: [...words, ...added, ...flags], files: false };
  }
  const factory = await entry.load();
  const flags = [...visibleFlags(declaredFlags(factory(context))), ...VISIBLE];
  if (begun.startsWith('-')) return { candidates: flags.map(asCandidate), files: false };
  const awaited = awaitingValue(rest, flags);
  return awaited ? valuesOf(awaited, context) : operands(path, rest.filter(isOperand(flags)), context);
}

/** What this person has added: aliases, and programs on PATH. */
async function addedWords(context: Context): Promise<Candidate[]> {
  const { readAliases } = await import('./config/preferences.ts');
  const aliases = await context.policy.own.add(() => readAliases(context.env).catch(() => ({})), Promise.resolve({}));
  const own = Object.entries(aliases).map(([word, about]) => ({ word, about }));
  return [...own, ...(await pluginWords(context)).map((word) => ({ word }))];
}

const VISIBLE = visibleFlags(GLOBAL_FLAGS);

const asCandidate = ({ name, summary }: Flag): Candidate => ({ word: `--${name}`, about: summary });

/** The command that the words lead to, and what of them is left. */
function descend(
  words: readonly string[],
  tree: readonly Entry[],
): { readonly entry: Entry | undefined; readonly path: string; readonly rest: readonly string[] } {
  let entry: Entry | undefined;
  let entries = tree;
  const path: string[] = [];
  for (const [index, word] of words.entries()) {
    const next = entries.find(({ name, aliases }) => name === word || aliases?.includes(word));
    if (!next) return { entry, path: path.join(' '), rest: words.slice(index) };
    entry = next;
    entries = next.children ?? [];
    path.push(next.name);
    if (next.load) return { entry, path: path.join(' '), rest: words.slice(index + 1) };
  }
  return { entry, path: path.join(' '), rest: [] };
}

/** The flag that the last word is, if a value must follow it. */
function awaitingValue(rest: readonly string[], flags: readonly Flag[]): Flag | undefined {
  const last = rest.at(-1) ?? '';
  const flag = flags.find(({ name, short }) => last === `--${name}` || (short !== undefined && last === `-${short}`));
  return flag?.type === 'bool' ? undefined : flag;
}

/** No flag, and no value of one. */
const isOperand =
  (flags: readonly Flag[]) =>
  (word: string, index: number, words: readonly string[]): boolean =>
    !word.startsWith('-') && awaitingValue(words.slice(0, index), flags) === undefined;

async function valuesOf({ name, summary, value }: Flag, context: Context): Promise<Offer> {
  // The summary of a format is the list of them.
  if (/^out(put)?$/.test(name)) {
    return { candidates: summary.split(/, | or /).map((word) => ({ word })), files: false };
  }
  if (name === 'argocd-context' || name === 'contexts') return { candidates: await contexts(context), files: false };
  const isFile = /file|folder/.test(value ?? '') || /^(local|values|file|config)/.test(name);
  return { candidates: [], files: isFile };
}

async function operands(path: string, earlier: readonly string[], context: Context): Promise<Offer> {
  if (path === 'completion')
    return { candidates: earlier.length === 0 ? SHELLS.map((word) => ({ word })) : [], files: false };
  if (path === 'context') return { candidates: await contexts(context), files: false };
  if (path === 'app rollback' && earlier.length === 1)
    return { candidates: await deployments(earlier[0] ?? '', context), files: false };
  const takesNames = path.startsWith('app ') && !/^app (create|apply)$/.test(path);
  if (!takesNames) return NOTHING;
  const isMany = /^app (sync|wait|delete|list)$/.test(path);
  return earlier.length === 0 || isMany ? { candidates: await applications(context), files: false } : NOTHING;
}

async function contexts(context: Context): Promise<Candidate[]> {
  const config = await (await context.config()).read();
  return [...(config?.contexts ?? []), { name: 'local', server: 'the local system' }].map(({ name, server }) => ({
    word: name,
    about: server,
  }));
}

/** A shell must not wait for a server that does not answer, nor show why. */
const TIMEOUT_MS = 3000;

async function applications(context: Context): Promise<Candidate[]> {
  const { client } = await context.connect();
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const fields = 'items.metadata.name,items.metadata.namespace,items.spec.project,items.spec.destination';
  const { items } = await client.call(listApplications, { fields }, { signal });
  return (items ?? []).map(({ metadata, spec }) => ({ word: metadata.name, about: spec.project }));
}

async function deployments(name: string, context: Context): Promise<Candidate[]> {
  const { client } = await context.connect();
  const { status } = await client.call(getApplication, { name }, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  return [...(status?.history ?? [])]
    .reverse()
    .map(({ id, deployedAt }) => ({ word: String(id), about: deployedAt ?? '' }));
}
