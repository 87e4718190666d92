import type { Command } from 'commander';
import type { Context } from '../../../context.ts';
import { defineCommand } from '../../../input/command.ts';
import type { Flag, OptionsOf } from '../../../input/flags.ts';
import { checkFormat, outputFlag, writeDocument } from '../../../output/document.ts';
import { INSTALLATION_FLAGS, openInstallation } from '../shared/installation.ts';
import { namespacesInUse } from '../shared/namespaces-in-use.ts';

const FLAGS = [
  ...INSTALLATION_FLAGS,
  { ...outputFlag('wide, json or yaml'), default: 'wide', own: true },
] as const satisfies readonly Flag[];

export function adminNamespacesCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'namespaces',
      description:
        'Lists the registered clusters, each with the namespaces that applications deploy to. Its commands enable-namespaced-mode and disable-namespaced-mode keep clusters to these namespaces, or free them again.',
      flags: FLAGS,
      examples: [{ about: 'Show which namespaces are in use', line: 'hawser admin cluster namespaces' }],
    },
    (options) => runNamespaces(options, context),
  );
}

async function runNamespaces(options: OptionsOf<typeof FLAGS>, context: Context): Promise<void> {
  checkFormat(options.output, ['wide', 'json', 'yaml']);
  const all = await namespacesInUse(await openInstallation(options, context));
  const clusters = all.map(({ server, namespaces }) => ({ server, namespaces }));
  if (await writeDocument(clusters, options.output, context)) return;
  const { style, table } = await context.view();
  const rows = clusters.map(({ server, namespaces }) => [server, namespaces.join(',')]);
  context.io.out.write(table({ head: ['CLUSTER', 'NAMESPACES'], rows }, style));
}
