// Two small verbs that act on what the server is doing with an application.

import type { Command } from 'commander';
import { getApplication, terminateOperation, updateApplication } from '../../../api/applications.ts';
import { timestamp } from '../../../core/time.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag } from '../../input/flags.ts';
import { NAMESPACE_FLAG, targetOf } from '../../input/target.ts';

const FLAGS = [NAMESPACE_FLAG] as const satisfies readonly Flag[];

export function terminateCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'terminate-op',
      description: 'Terminates the running operation of an application.',
      arguments: ['<appname>'],
      flags: FLAGS,
    },
    async ({ appNamespace }, name) => {
      const { client } = await context.connect();
      await client.call(terminateOperation, targetOf(name, appNamespace));
      context.io.out.write(`Application '${name}' operation terminating\n`);
    },
  );
}

const APPROVED = 'argocd.argoproj.io/deletion-approved';

export function confirmDeletionCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'confirm-deletion',
      description: 'Confirms the deletion or pruning of resources that require confirmation.',
      arguments: ['<appname>'],
      flags: FLAGS,
    },
    async ({ appNamespace }, name) => {
      const { client } = await context.connect();
      const app = await client.call(getApplication, targetOf(name, appNamespace));
      const annotations = { ...app.metadata.annotations, [APPROVED]: timestamp(context.clock.now()) };
      await client.call(updateApplication, {
        'application.metadata.name': app.metadata.name,
        application: { ...app, metadata: { ...app.metadata, annotations } },
        validate: false,
        project: app.spec.project,
      });
      context.io.out.write(`Application '${name}' updated successfully\n`);
    },
  );
}
