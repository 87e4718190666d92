// Our command tree beside the reference's: every flag of a command we have is there with its alias, type and default, and
// what we do not have yet is named here. The lists below only shrink.

import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Entry, pathOf } from '../../src/cli/command-tree.ts';
import { COMMANDS } from '../../src/cli/commands.ts';
import { GLOBAL_FLAGS } from '../../src/cli/config/globals.ts';
import { declaredFlags } from '../../src/cli/input/command.ts';
import type { Flag } from '../../src/cli/input/flags.ts';
import { anything, list, type Of, object, optional, parse, text } from '../../src/core/shape.ts';
import { idleContext } from '../support/hawser.ts';

const flagShape = object({
  name: text,
  short: optional(text),
  type: text,
  default: anything,
});

interface ReferenceFlag extends Of<typeof flagShape> {}

const referenceCommand = object({
  command: text,
  aliases: list(text),
  flags: list(flagShape),
  subcommands: optional(list(text)),
});

const shape = object({
  globalFlags: list(flagShape),
  commands: list(referenceCommand),
});

const file = new URL('../../../shared/reference/argocd-cli.json', import.meta.url);
const reference = parse(shape, JSON.parse(readFileSync(file, 'utf8')), 'reference');

/** Groups of the reference that are whole issues of their own, and commands still to come. */
const MISSING =
  /^argocd (admin (app .*-results|cluster (shards|stats)|dashboard|notifications|redis-initial-password)|completion( |$))/;

/** Registered by the reference on groups, where they do nothing for the commands below. */
const GROUPS = new Set(reference.commands.filter((known) => known.subcommands).map((known) => known.command));

const ours = new Map<string, Command>();

async function collect(entries: readonly Entry[], path: string): Promise<void> {
  for (const entry of entries) {
    const own = `${path} ${entry.name}`;
    if (entry.load) ours.set(own, (await entry.load())(idleContext()).aliases(entry.aliases ?? []));
    await collect(entry.children ?? [], own);
  }
}

beforeAll(() => collect(COMMANDS, 'argocd'));

const wanted = reference.commands.filter((known) => known.command !== 'argocd' && !MISSING.test(known.command));
const leaves = wanted.filter((known) => !GROUPS.has(known.command));

describe('the command tree', () => {
  test('holds every command but those that are still to come', () => {
    expect(leaves.map(({ command }) => command).filter((command) => !ours.has(command))).toEqual([]);
    expect(leaves.length).toBeGreaterThan(30);
  });

  test.each(leaves)('$command has its flags', ({ command, flags, aliases }) => {
    const found = ours.get(command);
    if (!found) throw new Error(`${command} is not there`);
    expect(found.aliases()).toEqual(aliases);
    const declared = declaredFlags(found);
    expect(flags.map(normal)).toEqual(flags.map(({ name }) => described(declared, name)));
    const additions = declared.filter((flag) => !flag.own && !flags.some(({ name }) => name === `--${flag.name}`));
    expect(additions.map(({ name }) => `${pathOf(found)} --${name}`)).toEqual([]);
  });

  test('every global flag is there', () => {
    const named = reference.globalFlags.filter(({ name }) => name !== '--help');
    expect(named.map(normal)).toEqual(named.map(({ name }) => described(GLOBAL_FLAGS, name)));
  });
});

const normal = (flag: ReferenceFlag): unknown => ({
  name: flag.name,
  short: flag.short ?? null,
  type: flag.type,
  default: flag.default ?? null,
});

function described(flags: readonly Flag[], name: string): unknown {
  const flag = flags.find((known) => `--${known.name}` === name);
  if (!flag) return { name, missing: true };
  return {
    name,
    short: flag.short === undefined ? null : `-${flag.short}`,
    type: flag.type,
    default: flag.default ?? null,
  };
}
