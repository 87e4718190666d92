// Words that people bring along from kubectl, gh, git and argocd, and what they mean here.

import type { Entry } from '../command-tree.ts';

interface Shortcut {
  readonly words: string;
  /** What stands for the words. */
  readonly line: string;
  /** Only where another word follows, as the name of an application does. */
  readonly needsName?: boolean;
}

const alike = (line: string, ...all: readonly string[]): Shortcut[] => all.map((words) => ({ words, line }));

const GET = alike('app get', 'view', 'show', 'describe', 'app view', 'app show', 'app describe', 'app status');
const LIST = alike('app list', 'ls', 'apps', 'applications', 'app ls', 'apps ls', 'application ls', 'applications ls');

/** The longest match counts, and of equals the first. */
const SHORTCUTS: readonly Shortcut[] = [
  ...GET,
  { words: 'status', line: 'app get', needsName: true },
  ...LIST,
  ...alike('app delete', 'rm', 'remove', 'app rm', 'app remove'),
  // kubectl: VERB app NAME
  ...['app', 'apps', 'application', 'applications'].flatMap((noun) => [
    { words: `get ${noun}`, line: 'app get', needsName: true },
    ...alike('app list', `get ${noun}`, `list ${noun}`),
    ...alike('app get', `describe ${noun}`, `show ${noun}`, `view ${noun}`),
    ...alike('app edit', `edit ${noun}`),
    ...alike('app delete', `delete ${noun}`),
  ]),
  ...alike('account get-user-info', 'whoami', 'auth whoami', 'auth status'),
  ...alike('account can-i', 'auth can-i'),
  ...alike('login', 'auth login'),
  ...alike('logout', 'auth logout'),
  ...alike('context', 'contexts', 'get contexts', 'config get-contexts', 'config use-context'),
  ...alike('repo list', 'get repos', 'get repositories'),
  ...alike('cluster list', 'get clusters'),
  ...alike('demo', 'tour'),
];

/** What no command does: what to type instead, or that there is nothing yet. */
const HINTS: Readonly<Record<string, string>> = {
  appset: 'Hawser does not manage application sets yet; apply their files with kubectl',
  auth: 'hawser login, hawser logout, hawser account can-i',
  certs: 'hawser cert',
  clusters: 'hawser cluster',
  config: 'hawser context, hawser configure; hawser help config',
  dashboard: 'there is no web interface yet: hawser app list --watch',
  kubectl: 'hawser local kubectl, for the local cluster',
  proj: 'Hawser does not manage projects yet; apply AppProjects with kubectl',
  repos: 'hawser repo',
  start: 'hawser server keeps the local system running; hawser demo is a tour',
  ui: 'there is no web interface yet: hawser app list --watch',
  up: 'hawser server keeps the local system running; hawser demo is a tour',
};

const SAME: Readonly<Record<string, string>> = {
  applicationset: 'appset',
  project: 'proj',
  projects: 'proj',
  repository: 'repos',
};

/** What to type in place of a first word that is no command. */
export const hintFor = (word: string): string | undefined => HINTS[SAME[word] ?? word];

const verbsOfApp = (entries: readonly Entry[]): readonly string[] =>
  entries.find(({ name }) => name === 'app')?.children?.map(({ name }) => name) ?? [];

/** The verbs of `app` that work without it. */
export const bareVerbs = (entries: readonly Entry[]): readonly string[] =>
  verbsOfApp(entries).filter((verb) => !entries.some(({ name }) => name === verb));

/** What stands for the first words of a command line, and for how many of them. */
export function shortcutFor(
  operands: readonly string[],
  entries: readonly Entry[],
): { readonly count: number; readonly words: readonly string[] } | undefined {
  const [first = '', second = ''] = operands;
  // apps get, applications sync
  const isPlural = /^(apps|applications?)$/.test(first);
  if (isPlural && verbsOfApp(entries).includes(second)) return { count: 1, words: ['app'] };
  const fitting = SHORTCUTS.filter((shortcut) => fits(shortcut, operands));
  const [longest] = fitting.sort((a, b) => b.words.split(' ').length - a.words.split(' ').length);
  if (longest) return { count: longest.words.split(' ').length, words: longest.line.split(' ') };
  return bareVerbs(entries).includes(first) ? { count: 1, words: ['app', first] } : undefined;
}

function fits({ words, needsName = false }: Shortcut, operands: readonly string[]): boolean {
  const begin = words.split(' ');
  if (needsName && operands.length <= begin.length) return false;
  return begin.every((word, index) => operands[index] === word);
}
