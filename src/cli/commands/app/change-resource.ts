// patch-resource and delete-resource: what is done to live objects of an application.

import { Command } from 'commander';
import { deleteResource, patchResource } from '../../../api/resources.ts';
import type { Context } from '../../context.ts';
import { askIfWanted } from '../../input/confirm.ts';
import { withFlags } from '../../input/flags.ts';
import { ALL_FLAG, chosenObjects, OBJECT_FLAGS, type ObjectChoice, PROJECT_FLAG } from './shared/live-objects.ts';
import { NAMESPACE_FLAG } from './shared/target.ts';

export interface PatchResourceOptions extends ObjectChoice {
  readonly all?: boolean;
  readonly patch: string;
  readonly patchType: string;
}

export function patchResourceCommand(context: Context, run = runPatch): Command {
  const command = new Command('patch-resource')
    .description('Changes a live resource of an application by a patch.')
    .argument('<appname>')
    .action((appname: string, flags: Omit<PatchResourceOptions, 'appname'>) => run({ ...flags, appname }, context));
  return withFlags(command, [
    NAMESPACE_FLAG,
    ...OBJECT_FLAGS,
    ALL_FLAG,
    PROJECT_FLAG,
    { name: 'patch', type: 'string', value: 'json', required: true, summary: 'the patch' },
    {
      name: 'patch-type',
      type: 'string',
      default: 'application/merge-patch+json',
      value: 'type',
      summary: 'or application/json-patch+json, application/strategic-merge-patch+json',
    },
  ]);
}

async function runPatch(options: PatchResourceOptions, context: Context): Promise<void> {
  const { client } = await context.connect();
  for (const object of await chosenObjects(options, 'patch', context)) {
    await client.call(patchResource, { ...object, patch: options.patch, patchType: options.patchType });
    context.policy.note(`Resource '${object.resourceName}' patched`, context);
  }
}

export interface DeleteResourceOptions extends ObjectChoice {
  readonly all?: boolean;
  readonly force?: boolean;
  readonly orphan?: boolean;
}

export function deleteResourceCommand(context: Context, run = runDelete): Command {
  const command = new Command('delete-resource')
    .description('Deletes a live resource of an application.')
    .argument('<appname>')
    .action((appname: string, flags: Omit<DeleteResourceOptions, 'appname'>) => run({ ...flags, appname }, context));
  return withFlags(command, [
    NAMESPACE_FLAG,
    ...OBJECT_FLAGS,
    ALL_FLAG,
    PROJECT_FLAG,
    { name: 'force', type: 'bool', summary: 'do not wait for it to end gracefully' },
    { name: 'orphan', type: 'bool', summary: 'leave what it owns' },
  ]);
}

async function runDelete(options: DeleteResourceOptions, context: Context): Promise<void> {
  const { client } = await context.connect();
  for (const object of await chosenObjects(options, 'delete', context)) {
    const title = `${object.group ?? ''}/${object.kind} ${object.namespace ?? ''}/${object.resourceName}`;
    const argocd = `Are you sure you want to delete ${title} ? [y/n]`;
    if (!(await askIfWanted({ message: `Delete ${title}?`, argocd }, context))) {
      context.io.out.write(`The command to delete ${title} was cancelled.\n`);
      continue;
    }
    await client.call(deleteResource, { ...object, force: options.force ?? false, orphan: options.orphan ?? false });
    context.policy.note(`Resource '${object.resourceName}' deleted`, context);
  }
}
