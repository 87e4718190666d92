import type { Command } from 'commander';
import type { Context } from '../../../context.ts';
import { defineCommand } from '../../../input/command.ts';
import { RESULT_FLAG, writeResult } from '../../../output/result.ts';
import { readProject } from '../shared/read-project.ts';
import { noPolicies, policiesIn, trying, writePolicies } from './shared.ts';

export function listPoliciesCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'list',
      description: 'Lists which commits must be signed in a project, and by whom. update and delete take the IDs.',
      arguments: ['<project>'],
      flags: [RESULT_FLAG],
      examples: [
        { about: 'List the policies', line: 'hawser proj source-integrity git policies list shop' },
        { about: 'Print them as JSON', line: 'hawser proj source-integrity git policies list shop -o json' },
      ],
    },
    ({ output }, project) => runList(project, output, context),
  );
}

async function runList(name: string, output: string | undefined, context: Context): Promise<void> {
  const { spec } = await trying(`failed getting project "${name}"`, () => readProject(name, context));
  const policies = policiesIn(spec);
  if (output !== undefined) return writeResult(policies, { output, text: () => undefined }, context);
  if (policies.length === 0) throw noPolicies(name);
  await writePolicies(policies, context);
}
