import type { Command } from 'commander';
import { deleteApplicationSet } from '../../../api/application-sets.ts';
import { LINE_QUESTIONS } from '../../compat/questions.ts';
import type { Context } from '../../context.ts';
import { agreeEach } from '../../input/agree-each.ts';
import { defineCommand } from '../../input/command.ts';
import { endDeclined } from '../../input/confirm.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { RESULT_FLAG, writeResult } from '../../output/result.ts';
import { NAMESPACE, setTarget } from './shared/flags.ts';
import { refuseMissingSet } from './shared/missing-set.ts';
import { untilGone } from './shared/wait.ts';

const FLAGS = [
  NAMESPACE,
  { name: 'wait', type: 'bool', summary: 'wait until the set is gone' },
  { name: 'yes', short: 'y', type: 'bool', summary: 'do not ask' },
  RESULT_FLAG,
] as const satisfies readonly Flag[];

type DeleteOptions = OptionsOf<typeof FLAGS>;

export function appsetDeleteCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'delete',
      description:
        'Deletes ApplicationSets, and with them the applications that they made, unless the set says that they stay.',
      arguments: ['<appset...>'],
      flags: FLAGS,
      examples: [
        { about: 'Delete a set', line: 'hawser appset delete shops' },
        { about: 'Delete two without a question, and wait', line: 'hawser appset delete shops tests --yes --wait' },
        { about: 'Print what became of it as JSON', line: 'hawser appset delete shops --yes -o json' },
      ],
    },
    (options, names) => runDelete(options, names, context),
  );
}

async function runDelete(options: DeleteOptions, names: readonly string[], context: Context): Promise<void> {
  const { client } = await context.connect();
  const question = {
    several: names.length > 1,
    // In a pipe, what was typed is the decision.
    isForAll: options.yes === true || !context.policy.prompts.canAsk(context),
    message: (name: string) => `Delete the ApplicationSet '${name}' and the applications that it made?`,
    line: LINE_QUESTIONS.deleteSet,
    eachLine: LINE_QUESTIONS.deleteEachSet,
  };
  const agree = agreeEach(question, context);
  const results: object[] = [];
  let isDeclined = false;
  for (const name of names) {
    const target = setTarget(name, options.appsetNamespace);
    const agreed = await agree(name);
    if (agreed) {
      await client
        .call(deleteApplicationSet, target)
        .catch((thrown: unknown) => refuseMissingSet(thrown, name, context));
      if (options.wait) await untilGone(target, context);
    }
    isDeclined ||= !agreed;
    const sentence = agreed ? `applicationset '${name}' deleted` : `The command to delete '${name}' was cancelled.`;
    if (options.output === undefined) context.io.out.write(`${sentence}\n`);
    results.push({ applicationset: name, result: agreed ? 'deleted' : 'cancelled' });
  }
  const document = results.length === 1 ? results[0] : results;
  await writeResult(document, { output: options.output, text: () => undefined }, context);
  if (isDeclined) endDeclined(context);
}
