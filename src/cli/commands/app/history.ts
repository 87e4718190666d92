import { Command } from 'commander';
import { getApplication } from '../../../api/applications.ts';
import { renderHistory } from '../../../render/history.ts';
import type { Context } from '../../context.ts';
import { withFlags } from '../../flags.ts';
import { writeDocument } from '../../output.ts';
import { NAMESPACE_FLAG, targetOf } from './target.ts';

export interface HistoryOptions {
  readonly name: string;
  readonly appNamespace?: string;
  readonly output: string;
}

export function historyCommand(context: Context, run = runHistory): Command {
  const command = new Command('history')
    .description('Lists what was deployed when, oldest first. The ID is what `app rollback` takes.')
    .argument('<appname>')
    .action((name: string, flags: Omit<HistoryOptions, 'name'>) => run({ name, ...flags }, context));
  return withFlags(command, [
    NAMESPACE_FLAG,
    { name: 'output', short: 'o', type: 'string', default: 'wide', value: 'format', summary: 'wide, id, json or yaml' },
  ]);
}

async function runHistory(options: HistoryOptions, context: Context): Promise<void> {
  const { client } = await context.connect();
  const app = await client.call(getApplication, targetOf(options.name, options.appNamespace));
  const history = app.status?.history ?? [];
  if (await writeDocument(history, options.output, context)) return;
  if (options.output === 'id') {
    context.io.out.write(history.map(({ id }) => `${id}\n`).join(''));
    return;
  }
  context.io.out.write(renderHistory(history, await context.view()));
}
