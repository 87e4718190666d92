import type { Command } from 'commander';
import { type ApplicationTarget, getApplication } from '../../../../api/applications.ts';
import type { Application } from '../../../../model/application.ts';
import { renderDeployments } from '../../../../render/deployments.ts';
import { renderHistory } from '../../../../render/history.ts';
import { uncut } from '../../../../render/view.ts';
import type { Layout } from '../../../compat/layout.ts';
import type { Context } from '../../../context.ts';
import { applicationPicker } from '../../../input/application-picker.ts';
import { defineCommand } from '../../../input/command.ts';
import type { Flag, OptionsOf } from '../../../input/flags.ts';
import { NAMESPACE_FLAG, targetOf } from '../../../input/target.ts';
import { outputFlag, unknownFormat, writeDocument } from '../../../output/document.ts';
import { deploymentsOf } from './deployments.ts';

const FORMATS: readonly string[] = ['wide', 'id', 'json', 'yaml', ''];

const HISTORY_FLAGS = [
  NAMESPACE_FLAG,
  { ...outputFlag('wide, id, json or yaml'), default: 'wide', typedOnly: true },
] as const satisfies readonly Flag[];

export type HistoryOptions = OptionsOf<typeof HISTORY_FLAGS> & { readonly name: string };

export function historyCommand(context: Context, run = runHistory): Command {
  return defineCommand(
    {
      name: 'history',
      description:
        'Lists the deployments of an application, oldest first, with who started each and why. Pass an ID to `app rollback`. A row without an ID is an operation that has not deployed anything.',
      arguments: ['<appname>'],
      asks: applicationPicker(context),
      flags: HISTORY_FLAGS,
      examples: [
        { about: 'Show who deployed what, and when', line: 'hawser app history shop' },
        { about: 'Print the IDs, for app rollback', line: 'hawser app history shop -o id' },
        { about: 'Print everything as JSON', line: 'hawser app history shop -o json' },
      ],
    },
    (options, name) => run({ name, ...options }, context),
  );
}

async function runHistory(options: HistoryOptions, context: Context): Promise<void> {
  const output = options.output ?? '';
  const { io, policy } = context;
  if (!FORMATS.includes(output)) policy.own.refuse(unknownFormat(output, FORMATS));
  const { client } = await context.connect();
  const target: ApplicationTarget = targetOf(options.name, options.appNamespace);
  const app = await client.call(getApplication, target);
  if (output === 'id') {
    io.out.write((app.status?.history ?? []).map(({ id }) => `${id}\n`).join(''));
    return;
  }
  await WRITERS[policy.layout.history]({ app, target, output }, context);
}

interface Request {
  readonly app: Application;
  readonly target: ApplicationTarget;
  readonly output: string;
}

type Writer = (request: Request, context: Context) => Promise<void>;

const writeDeployments: Writer = async ({ app, target, output }, context) => {
  const deployments = await deploymentsOf(app, target, context);
  if (await writeDocument(deployments, output, context)) return;
  const view = await context.view();
  context.io.out.write(renderDeployments(deployments, output === 'wide' ? uncut(view) : view));
};

const writeStatus: Writer = async ({ app, output }, context) => {
  const history = app.status?.history ?? [];
  if (await writeDocument(history, output, context)) return;
  context.io.out.write(renderHistory(history, await context.view()));
};

const WRITERS: Readonly<Record<Layout['history'], Writer>> = { deployments: writeDeployments, status: writeStatus };
