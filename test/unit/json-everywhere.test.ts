// Every command answers in JSON, but for those whose answer is a program's own or a file.

import { expect, test } from 'vitest';
import type { Entry } from '../../src/cli/command-tree.ts';
import { COMMANDS } from '../../src/cli/commands.ts';
import { declaredFlags } from '../../src/cli/input/command.ts';
import { idleContext } from '../support/hawser.ts';

const WITHOUT: Readonly<Record<string, string>> = {
  'admin cluster kubeconfig': 'a kubeconfig',
  'admin export': 'documents in YAML; -o names a file',
  'admin proj generate-allow-list': 'a manifest, in JSON with --format; -o names a file',
  'app edit': 'an editor in a terminal',
  'proj edit': 'an editor in a terminal',
  completion: 'a script of a shell',
  demo: 'a tour for people',
  help: 'pages for people',
  'local kubectl': "kubectl's own formats",
  'local serve': 'a server that runs until it is stopped',
  top: 'a screen in a terminal',
  server: 'a server that runs until it is stopped',
};

const leaves = (entries: readonly Entry[], parent: string): (readonly [string, Entry])[] =>
  entries.flatMap((entry) => {
    const path = `${parent}${entry.name}`;
    return entry.children ? leaves(entry.children, `${path} `) : [[path, entry] as const];
  });

test.each(leaves(COMMANDS, ''))('hawser %s', async (path, { load }) => {
  const make = await load?.();
  const flags = make ? declaredFlags(make(idleContext())) : [];
  const answersInJson = flags.some(({ name, summary }) => /^out(put)?$/.test(name) && summary.includes('json'));
  expect(answersInJson).toBe(WITHOUT[path] === undefined);
  expect(flags.some(({ name }) => name === 'jq')).toBe(answersInJson);
});
