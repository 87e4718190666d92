import type { Command } from 'commander';
import { type ResourceTarget, runResourceAction } from '../../../api/resources.ts';
import { HawserError } from '../../../core/errors.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { NAMESPACE_FLAG, targetOf } from '../../input/target.ts';
import { checkFormat, outputFlag, writeDocument } from '../../output/document.ts';
import { DEGRADED_FLAG, degradedGrace, PROGRESS_FLAG, TIMEOUT_FLAG } from '../../waiting/flags.ts';
import { FILTER_FLAGS, liveObjects, PROJECT_FLAG } from './shared/live-objects.ts';
import { waitForHealth } from './shared/wait-for-health.ts';

const FLAGS = [
  NAMESPACE_FLAG,
  ...FILTER_FLAGS,
  PROJECT_FLAG,
  { name: 'wait', type: 'bool', summary: 'wait until the application is healthy again' },
  TIMEOUT_FLAG,
  DEGRADED_FLAG,
  PROGRESS_FLAG,
  outputFlag('name, json or yaml'),
] as const satisfies readonly Flag[];

export type RestartOptions = OptionsOf<typeof FLAGS> & { readonly appname: string };

export function restartCommand(context: Context, run = runRestart): Command {
  return defineCommand(
    {
      name: 'restart',
      description: 'Restarts the Deployments, StatefulSets and DaemonSets of an application, one Pod after another.',
      arguments: ['<appname>'],
      flags: FLAGS,
      examples: [
        { about: 'Restart all, and wait until they are healthy', line: 'hawser app restart shop --wait' },
        { about: 'Restart one Deployment', line: 'hawser app restart shop --kind Deployment --resource-name web' },
        { about: 'Restart the Deployments', line: 'hawser app restart shop --kind Deployment' },
      ],
    },
    (options, appname) => run({ ...options, appname }, context),
  );
}

const RESTARTABLE = ['Deployment', 'StatefulSet', 'DaemonSet'];

async function runRestart(options: RestartOptions, context: Context): Promise<void> {
  const { appname, output, onDegraded, timeout } = options;
  if (output !== undefined) checkFormat(output, ['name', 'json', 'yaml']);
  const grace = degradedGrace(onDegraded);
  const { client } = await context.connect();
  const live = await liveObjects(options, context);
  const workloads = live.filter(({ group, kind }) => group === 'apps' && RESTARTABLE.includes(kind));
  if (workloads.length === 0) {
    throw new HawserError(
      'not-found',
      `application '${appname}' has no Deployment, StatefulSet or DaemonSet to restart`,
      {
        hint: `hawser app resources ${appname}`,
      },
    );
  }
  for (const workload of workloads) {
    await client.call(runResourceAction, { ...workload, action: 'restart' });
    if (output === 'name') context.io.out.write(`${nameOf(workload)}\n`);
    else if (output === undefined) context.io.out.write(`${nameOf(workload)} restarted\n`);
  }
  if (options.wait)
    await waitForHealth(
      { target: targetOf(appname, options.appNamespace), grace, timeout, mode: options.progress },
      context,
    );
  const resources = workloads.map(({ group, kind, namespace, resourceName: name }) => ({
    group,
    kind,
    namespace,
    name,
  }));
  await writeDocument({ application: appname, result: 'restarted', resources }, output ?? '', context);
}

/** 'deployment.apps/web', as kubectl names objects. */
const nameOf = ({ group, kind, resourceName }: ResourceTarget): string =>
  `${kind.toLowerCase()}.${group}/${resourceName}`;
