import { Command } from 'commander';
import { type ApplicationTarget, getApplication } from '../../../../api/applications.ts';
import { renderDeployments } from '../../../../render/deployments.ts';
import { renderHistory } from '../../../../render/history.ts';
import { uncut } from '../../../../render/view.ts';
import type { Context } from '../../../context.ts';
import { withFlags } from '../../../input/flags.ts';
import { checkFormat, writeDocument } from '../../../output/document.ts';
import { NAMESPACE_FLAG, targetOf } from '../shared/target.ts';
import { deploymentsOf } from './deployments.ts';

export interface HistoryOptions {
  readonly name: string;
  readonly appNamespace?: string;
  readonly output?: string;
}

const FORMATS = ['wide', 'id', 'json', 'yaml', ''] as const;

export function historyCommand(context: Context, run = runHistory): Command {
  const command = new Command('history')
    .description(
      'Lists what was deployed when, oldest first, by whom and why. The ID is what `app rollback` takes; a row without one is an operation that deployed nothing, or not yet.',
    )
    .argument('<appname>')
    .action((name: string, flags: Omit<HistoryOptions, 'name'>) => run({ name, ...flags }, context));
  return withFlags(command, [
    NAMESPACE_FLAG,
    {
      name: 'output',
      short: 'o',
      type: 'string',
      default: 'wide',
      typedOnly: true,
      value: 'format',
      summary: 'wide, id, json or yaml',
    },
  ]);
}

async function runHistory(options: HistoryOptions, context: Context): Promise<void> {
  const output = options.output ?? '';
  const { io, policy } = context;
  if (policy.checksFormats) checkFormat(output, FORMATS);
  const { client } = await context.connect();
  const target: ApplicationTarget = targetOf(options.name, options.appNamespace);
  const app = await client.call(getApplication, target);
  const history = app.status?.history ?? [];
  if (output === 'id') {
    io.out.write(history.map(({ id }) => `${id}\n`).join(''));
    return;
  }
  if (!policy.tellsHistory) {
    if (!(await writeDocument(history, output, context))) io.out.write(renderHistory(history, await context.view()));
    return;
  }
  const deployments = await deploymentsOf(app, target, context);
  if (await writeDocument(deployments, output, context)) return;
  const view = await context.view();
  io.out.write(renderDeployments(deployments, output === 'wide' ? uncut(view) : view));
}
