import type { Command } from 'commander';
import { LINE_QUESTIONS } from '../../../compat/questions.ts';
import type { Context } from '../../../context.ts';
import { defineCommand } from '../../../input/command.ts';
import type { Flag, OptionsOf } from '../../../input/flags.ts';
import { RESULT_FLAG } from '../../../output/result.ts';
import { readId } from '../shared/refusals.ts';
import { changePolicies } from './change.ts';
import { policiesIn, policyAt } from './shared.ts';

const DELETE_FLAGS = [
  { name: 'yes', short: 'y', type: 'bool', summary: 'skip confirmation' },
  RESULT_FLAG,
] as const satisfies readonly Flag[];

type DeleteOptions = OptionsOf<typeof DELETE_FLAGS> & { readonly project: string; readonly ids: readonly string[] };

export function deletePoliciesCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'delete',
      description: 'No longer requires commits to be signed. The policies after it move up: their IDs change.',
      arguments: ['<project>', '<policy_id...>'],
      flags: DELETE_FLAGS,
      examples: [
        { about: 'Delete a policy', line: 'hawser proj source-integrity git policies delete shop 0 --yes' },
        { about: 'Show the policies and their IDs', line: 'hawser proj source-integrity git policies list shop' },
      ],
    },
    (options, project, ids) => runDelete({ ...options, project, ids }, context),
  );
}

async function runDelete({ project, ids, output, yes }: DeleteOptions, context: Context): Promise<void> {
  const listed = ids.map((id) => readId(id, 'policy')).join(', ');
  const question = {
    message: `Delete policies ${listed} of project '${project}'?`,
    line: LINE_QUESTIONS.deleteIntegrityPolicies(listed, project),
  };
  const edit = (read: Parameters<typeof policyAt>[1]) => {
    const gone = ids.map((id) => policyAt(id, read));
    return policiesIn(read.spec).filter((_, at) => !gone.includes(at));
  };
  await changePolicies({ project, output, edit, shows: 'never', ...(yes ? {} : { question }) }, context);
}
