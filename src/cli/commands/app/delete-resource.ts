import type { Command } from 'commander';
import { deleteResource } from '../../../api/resources.ts';
import { LINE_QUESTIONS } from '../../compat/questions.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import { confirmIfAsked, endDeclined } from '../../input/confirm.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { NAMESPACE_FLAG } from '../../input/target.ts';
import { RESULT_FLAG, writeResult } from '../../output/result.ts';
import { ALL_FLAG, chosenObjects, OBJECT_FLAGS, PROJECT_FLAG, resourceResult } from './shared/live-objects.ts';

const DELETE_RESOURCE_FLAGS = [
  NAMESPACE_FLAG,
  ...OBJECT_FLAGS,
  ALL_FLAG,
  PROJECT_FLAG,
  { name: 'force', type: 'bool', summary: 'delete immediately, without a grace period' },
  { name: 'orphan', type: 'bool', summary: 'orphan the resources that it owns' },
  RESULT_FLAG,
] as const satisfies readonly Flag[];

export type DeleteResourceOptions = OptionsOf<typeof DELETE_RESOURCE_FLAGS> & { readonly appname: string };

export function deleteResourceCommand(context: Context, run = runDelete): Command {
  return defineCommand(
    {
      name: 'delete-resource',
      description: 'Deletes a live resource of an application.',
      arguments: ['<appname>'],
      flags: DELETE_RESOURCE_FLAGS,
      examples: [
        {
          about: 'Delete a Pod: its Deployment makes a new one',
          line: 'hawser app delete-resource shop --kind Pod --resource-name web-1',
        },
        { about: 'Delete all Jobs', line: 'hawser app delete-resource shop --kind Job --group batch --all' },
        {
          about: 'Delete a Deployment, and keep its Pods',
          line: 'hawser app delete-resource shop --kind Deployment --resource-name web --orphan',
        },
      ],
    },
    (options, appname) => run({ ...options, appname }, context),
  );
}

async function runDelete(options: DeleteResourceOptions, context: Context): Promise<void> {
  const { client } = await context.connect();
  const { output } = options;
  const resources: object[] = [];
  let isDeclined = false;
  for (const object of await chosenObjects(options, 'delete', context)) {
    const title = `${object.group ?? ''}/${object.kind} ${object.namespace ?? ''}/${object.resourceName}`;
    const question = { message: `Delete ${title}?`, line: LINE_QUESTIONS.deleteResource(title) };
    if (!(await confirmIfAsked(question, context))) {
      if (output === undefined) context.io.out.write(`The command to delete ${title} was cancelled.\n`);
      resources.push(resourceResult(object, 'cancelled'));
      isDeclined = true;
      continue;
    }
    await client.call(deleteResource, { ...object, force: options.force ?? false, orphan: options.orphan ?? false });
    resources.push(resourceResult(object, 'deleted'));
    if (output === undefined) context.policy.wording.note(`Resource '${object.resourceName}' deleted`, context);
  }
  await writeResult({ resources }, { output, text: () => undefined }, context);
  if (isDeclined) endDeclined(context);
}
