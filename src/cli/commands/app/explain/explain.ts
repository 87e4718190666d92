import type { Command } from 'commander';
import { getApplication } from '../../../../api/applications.ts';
import { renderExplanation } from '../../../../render/explanation.ts';
import type { Context } from '../../../context.ts';
import { applicationPicker } from '../../../input/application-picker.ts';
import { defineCommand } from '../../../input/command.ts';
import type { Flag, OptionsOf } from '../../../input/flags.ts';
import { NAMESPACE_FLAG, targetOf } from '../../../input/target.ts';
import { checkFormat, outputFlag, writeDocument } from '../../../output/document.ts';
import { explain } from './explanation.ts';

const FLAGS = [NAMESPACE_FLAG, outputFlag('json or yaml')] as const satisfies readonly Flag[];

export type ExplainOptions = OptionsOf<typeof FLAGS> & { readonly name: string };

export function explainCommand(context: Context, run = runExplain): Command {
  return defineCommand(
    {
      name: 'explain',
      description:
        'Explains why an application is OutOfSync or not healthy, what keeps it from being synced, what comes next, and what to type.',
      arguments: ['<appname>'],
      asks: applicationPicker(context),
      flags: FLAGS,
      examples: [
        { about: 'Explain the state of an application', line: 'hawser app explain shop' },
        {
          about: 'Print the fields that differ, for a script',
          line: "hawser app explain shop -o json | jq '.sync.resources'",
        },
        { about: 'Explain an application of another namespace', line: 'hawser app explain shop -N team-a' },
      ],
    },
    (options, name) => run({ name, ...options }, context),
  );
}

async function runExplain({ name, appNamespace, output }: ExplainOptions, context: Context): Promise<void> {
  if (output !== undefined) checkFormat(output, ['json', 'yaml']);
  const { client } = await context.connect();
  const application = await client.call(getApplication, targetOf(name, appNamespace));
  const explanation = await explain(application, context);
  if (output !== undefined && (await writeDocument(explanation, output, context))) return;
  context.io.out.write(renderExplanation(explanation, await context.view()));
}
