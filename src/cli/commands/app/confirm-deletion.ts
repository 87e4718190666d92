import type { Command } from 'commander';
import { getApplication, updateApplication } from '../../../api/applications.ts';
import { timestamp } from '../../../core/time.ts';
import type { Context } from '../../context.ts';
import { applicationPicker } from '../../input/application-picker.ts';
import { defineCommand } from '../../input/command.ts';
import { NAMESPACE_FLAG, targetOf } from '../../input/target.ts';
import { RESULT_FLAG, writeResult } from '../../output/result.ts';

const APPROVED = 'argocd.argoproj.io/deletion-approved';

export function confirmDeletionCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'confirm-deletion',
      description: 'Confirms the deletion or pruning of resources that require confirmation.',
      arguments: ['<appname>'],
      asks: applicationPicker(context),
      flags: [NAMESPACE_FLAG, RESULT_FLAG],
      examples: [
        { about: 'Let go of resources that wait for a confirmation', line: 'hawser app confirm-deletion shop' },
        { about: 'Show what waits', line: 'hawser app get shop' },
        { about: 'Confirm for an application in another namespace', line: 'hawser app confirm-deletion team-a/shop' },
      ],
    },
    async ({ appNamespace, output }, name) => {
      const { client } = await context.connect();
      const app = await client.call(getApplication, targetOf(name, appNamespace));
      // The clock of its cluster may be ahead of ours.
      const asked = Date.parse(app.metadata.deletionTimestamp ?? '') || 0;
      const approved = timestamp(Math.max(context.clock.now(), asked));
      const annotations = { ...app.metadata.annotations, [APPROVED]: approved };
      await client.call(updateApplication, {
        'application.metadata.name': app.metadata.name,
        application: { ...app, metadata: { ...app.metadata, annotations } },
        validate: false,
        project: app.spec.project,
      });
      const text = (): void => context.io.out.write(`Application '${name}' updated successfully\n`);
      await writeResult({ name, result: 'confirmed' }, { output, text }, context);
    },
  );
}
