import type { Command } from 'commander';
import { terminateOperation } from '../../../api/applications.ts';
import type { Context } from '../../context.ts';
import { applicationPicker } from '../../input/application-picker.ts';
import { defineCommand } from '../../input/command.ts';
import { NAMESPACE_FLAG, targetOf } from '../../input/target.ts';
import { RESULT_FLAG, writeResult } from '../../output/result.ts';

export function terminateCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'terminate-op',
      description: 'Terminates the running operation of an application.',
      arguments: ['<appname>'],
      asks: applicationPicker(context),
      flags: [NAMESPACE_FLAG, RESULT_FLAG],
      examples: [
        { about: 'Terminate the running sync', line: 'hawser app terminate-op shop' },
        { about: 'Show how it ended', line: 'hawser app get shop --show-operation' },
        {
          about: 'Terminate the sync of an application in another namespace',
          line: 'hawser app terminate-op team-a/shop',
        },
      ],
    },
    async ({ appNamespace, output }, name) => {
      const { client } = await context.connect();
      await client.call(terminateOperation, targetOf(name, appNamespace));
      const text = (): void => context.io.out.write(`Application '${name}' operation terminating\n`);
      await writeResult({ name, result: 'terminating' }, { output, text }, context);
    },
  );
}
