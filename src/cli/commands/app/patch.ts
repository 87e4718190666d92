import { Command } from 'commander';
import { patchApplication } from '../../../api/applications.ts';
import { HawserError } from '../../../core/errors.ts';
import { formatYaml } from '../../../core/yaml.ts';
import type { Context } from '../../context.ts';
import { withFlags } from '../../input/flags.ts';
import { NAMESPACE_FLAG, targetOf } from './shared/target.ts';

export interface PatchOptions {
  readonly name: string;
  readonly appNamespace?: string;
  readonly patch?: string;
  readonly type: string;
}

export function patchCommand(context: Context, run = runPatch): Command {
  const command = new Command('patch')
    .description('Changes an application by a JSON patch, or by a merge patch, and prints it.')
    .argument('<appname>')
    .action((name: string, flags: Omit<PatchOptions, 'name'>) => run({ name, ...flags }, context));
  return withFlags(command, [
    NAMESPACE_FLAG,
    { name: 'patch', type: 'string', value: 'json', summary: 'the patch' },
    { name: 'type', type: 'string', default: 'json', value: 'type', summary: 'json or merge' },
  ]);
}

async function runPatch(options: PatchOptions, context: Context): Promise<void> {
  const { patch = '', type } = options;
  if (patch === '' && context.policy.name === 'hawser') {
    throw new HawserError('usage', '--patch is missing', {
      hint: `--type merge --patch '{"spec":{"project":"default"}}'`,
    });
  }
  const { client } = await context.connect();
  const target = targetOf(options.name, options.appNamespace);
  const app = await client.call(patchApplication, { ...target, patch, patchType: type });
  context.io.out.write(`${formatYaml(app, { sortKeys: true })}\n`);
}
