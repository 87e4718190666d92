import type { Command } from 'commander';
import { patchResource } from '../../../api/resources.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { NAMESPACE_FLAG } from '../../input/target.ts';
import { RESULT_FLAG, writeResult } from '../../output/result.ts';
import { ALL_FLAG, chosenObjects, OBJECT_FLAGS, PROJECT_FLAG, resourceResult } from './shared/live-objects.ts';

const PATCH_RESOURCE_FLAGS = [
  NAMESPACE_FLAG,
  ...OBJECT_FLAGS,
  ALL_FLAG,
  PROJECT_FLAG,
  { name: 'patch', type: 'string', value: 'json', required: true, summary: 'the patch' },
  {
    name: 'patch-type',
    type: 'string',
    suggestions: [
      'application/merge-patch+json',
      'application/json-patch+json',
      'application/strategic-merge-patch+json',
    ],
    default: 'application/merge-patch+json',
    value: 'type',
    summary:
      'patch type: application/merge-patch+json, application/json-patch+json or application/strategic-merge-patch+json',
  },
  RESULT_FLAG,
] as const satisfies readonly Flag[];

export type PatchResourceOptions = OptionsOf<typeof PATCH_RESOURCE_FLAGS> & { readonly appname: string };

export function patchResourceCommand(context: Context, run = runPatch): Command {
  return defineCommand(
    {
      name: 'patch-resource',
      description: 'Patches a live resource of an application.',
      arguments: ['<appname>'],
      flags: PATCH_RESOURCE_FLAGS,
      examples: [
        {
          about: 'Scale a Deployment',
          line: `hawser app patch-resource shop --kind Deployment --resource-name web --patch '{"spec": {"replicas": 3}}'`,
        },
        {
          about: 'Remove a label by a JSON patch',
          line: `hawser app patch-resource shop --kind Service --resource-name web --patch-type application/json-patch+json --patch '[{"op":"remove","path":"/metadata/labels/old"}]'`,
        },
        {
          about: 'Annotate all ConfigMaps',
          line: `hawser app patch-resource shop --kind ConfigMap --all --patch '{"metadata":{"annotations":{"checked":"yes"}}}'`,
        },
      ],
    },
    (options, appname) => run({ ...options, appname }, context),
  );
}

async function runPatch(options: PatchResourceOptions, context: Context): Promise<void> {
  const { client } = await context.connect();
  const { output, patch, patchType } = options;
  const resources: object[] = [];
  for (const object of await chosenObjects(options, 'patch', context)) {
    await client.call(patchResource, { ...object, patch, patchType });
    resources.push(resourceResult(object, 'patched'));
    if (output === undefined) context.policy.wording.note(`Resource '${object.resourceName}' patched`, context);
  }
  await writeResult({ resources }, { output, text: () => undefined }, context);
}
