import type { Command } from 'commander';
import { deleteProject } from '../../../api/projects.ts';
import { LINE_QUESTIONS } from '../../compat/questions.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import { confirmIfAsked } from '../../input/confirm.ts';
import { RESULT_FLAG, writeResult } from '../../output/result.ts';

export function deleteProjectCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'delete',
      description: 'Deletes projects. A project that applications are in stays.',
      arguments: ['<project...>'],
      flags: [RESULT_FLAG],
      examples: [
        { about: 'Delete a project', line: 'hawser proj delete shop' },
        { about: 'Delete several', line: 'hawser proj delete shop blog' },
        { about: 'Show who is in one', line: 'hawser app list --project shop' },
      ],
    },
    ({ output }, names) => runDelete(names, output, context),
  );
}

async function runDelete(names: readonly string[], output: string | undefined, context: Context): Promise<void> {
  const { client } = await context.connect();
  const results: { readonly project: string; readonly result: 'deleted' | 'cancelled' }[] = [];
  for (const name of names) {
    const question = { message: `Delete project '${name}'?`, line: LINE_QUESTIONS.deleteProject(name) };
    const isAgreed = await confirmIfAsked(question, context);
    if (isAgreed) await client.call(deleteProject, { name });
    results.push({ project: name, result: isAgreed ? 'deleted' : 'cancelled' });
    if (output !== undefined) continue;
    const reference = isAgreed ? '' : `The command to delete ${name} was cancelled.\n`;
    context.policy.wording.tellChange(
      { own: `project '${name}' ${isAgreed ? 'deleted' : 'kept'}`, reference },
      context,
    );
  }
  await writeResult(results.length === 1 ? results[0] : results, { output, text: () => undefined }, context);
}
