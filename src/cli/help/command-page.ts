// The page of help of a command, made from what the command declares.

import type { Command } from 'commander';
import type { Example, HelpPage, HelpSection, Term } from '../../render/help-page.ts';
import { pathOf } from '../command-tree.ts';
import { declaredExamples, declaredFlags, spelledFlag, visibleFlags } from '../input/command.ts';
import type { Flag } from '../input/flags.ts';
import { TOPICS } from './topics.ts';

/** What the page of the program says of Hawser alone. */
export interface RootAdditions {
  readonly flags: readonly Term[];
  readonly footer: readonly string[];
}

export const NO_ADDITIONS: RootAdditions = { flags: [], footer: [] };

export const HAWSER_ADDITIONS: RootAdditions = {
  flags: [{ term: '-v, --version', about: 'show the version of the client' }],
  footer: ['The word app can be left out: hawser sync shop'],
};

export function commandPage(command: Command, additions: RootAdditions): HelpPage {
  const program = programOf(command);
  const sections = [
    ...commandSections(command),
    { heading: 'Arguments', terms: argumentTerms(command) },
    { heading: 'Examples', examples: declaredExamples(command).map((example) => forProgram(example, program)) },
    ...(command.parent ? flagSections(command) : []),
    ...(command.parent ? [] : [{ heading: 'Topics', terms: topicTerms() }, ...flagSections(command, additions.flags)]),
    { text: footer(command, additions).join('\n') },
  ];
  return { description: command.description(), usage: usageOf(command), sections };
}

const programOf = (command: Command): string => (command.parent ? programOf(command.parent) : command.name());

/** Drop-in mode has another name for the program. */
const forProgram = ({ about, line }: Example, program: string): Example => ({
  about,
  line: line.replaceAll(/\bhawser(?= )/g, program),
});

function usageOf(command: Command): string {
  if (command.commands.length > 0) return `${pathOf(command)} <command> [flags]`;
  const names = command.registeredArguments.map((argument) => {
    const name = argument.variadic ? `${argument.name()}...` : argument.name();
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  return [pathOf(command), ...names, '[flags]'].join(' ');
}

const argumentTerms = (command: Command): Term[] =>
  command.commands.length > 0
    ? []
    : command.registeredArguments
        .filter(({ description }) => description !== '')
        .map((argument) => ({ term: `<${argument.name()}>`, about: argument.description }));

function commandSections(command: Command): HelpSection[] {
  const named = command.commands.map((child) => ({
    group: child.helpGroup() || 'Commands',
    term: [child.name(), ...child.aliases()].join(', '),
    about: child.summary(),
  }));
  return grouped(named);
}

/** What help calls the part of a spec that a flag describes. */
const BLOCKS: Readonly<Record<string, string>> = {
  source: 'Source',
  destination: 'Destination',
  sync: 'Sync policy',
  helm: 'Helm',
  kustomize: 'Kustomize',
  directory: 'Directory and Jsonnet',
  plugin: 'Plugin',
  hydrator: 'Hydrator',
};

const PLAIN_GROUP = 'Flags';
const ROOT_GROUP = 'Flags of every command';

/** Flags that mean the same wherever they are. */
const GROUPS: readonly (readonly [RegExp, string])[] = [
  [/^(output|out|no-headers|watch|prefix|progress|junit)$/, 'Output'],
  [/^(async|wait|timeout|on-timeout|on-degraded|if-busy|parallel|keep-going)$/, 'Waiting'],
  [/^retry-/, 'Retries'],
  [/^(revisions|source-positions|source-names)$/, 'Several sources'],
  [/^(local|local-|server-side-generate)/, 'Local folder'],
  [/^(sso-|callback$)/, 'Single sign-on'],
];

/** A page with fewer flags needs no headings to find one. */
const MANY_FLAGS = 9;

const groupOf = ({ name, group, block }: Flag): string | undefined =>
  group ?? BLOCKS[block ?? ''] ?? GROUPS.find(([pattern]) => pattern.test(name))?.[1];

const HELP_TERM: Term = { term: '-h, --help', about: 'show help for a command' };

/** Flags without a group come first. */
function flagSections(command: Command, added: readonly Term[] = []): HelpSection[] {
  const visible = visibleFlags(declaredFlags(command));
  const plainGroup = command.parent ? PLAIN_GROUP : ROOT_GROUP;
  const flags = visible.map((flag) => ({
    group: visible.length < MANY_FLAGS ? plainGroup : (groupOf(flag) ?? plainGroup),
    term: spelledFlag(flag),
    about: aboutFlag(flag),
  }));
  const plain = flags.filter(({ group }) => group === plainGroup);
  if (!command.parent) plain.push(...[HELP_TERM, ...added].map((term) => ({ ...term, group: plainGroup })));
  return grouped([...plain, ...flags.filter(({ group }) => group !== plainGroup)]);
}

const NOTHING: readonly unknown[] = [undefined, '', -1, false];

/** A default that is nothing, that the summary says, or that is only sent is not said. */
function aboutFlag({ summary, default: preset, typedOnly }: Flag): string {
  const isNothing = NOTHING.includes(preset) || typedOnly || Array.isArray(preset);
  return isNothing || summary.includes('(default') ? summary : `${summary} (default: ${String(preset)})`;
}

function grouped(items: readonly (Term & { readonly group: string })[]): HelpSection[] {
  const groups = new Map<string, Term[]>();
  for (const { group, ...term } of items) groups.set(group, [...(groups.get(group) ?? []), term]);
  return [...groups].map(([heading, terms]) => ({ heading, terms }));
}

const topicTerms = (): Term[] => TOPICS.map(({ name, summary }) => ({ term: name, about: summary }));

function footer(command: Command, additions: RootAdditions): string[] {
  const program = programOf(command);
  const ofChild = `Help for a command: ${pathOf(command)} <command> --help`;
  if (!command.parent) return [ofChild, `Help on a topic: ${program} help <topic>`, ...additions.footer];
  const ofAll = `Flags of every command: ${program} --help`;
  return command.commands.length > 0 ? [ofChild, ofAll] : [ofAll];
}
