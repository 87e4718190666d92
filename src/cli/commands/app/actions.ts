import { Command } from 'commander';
import { getApplication } from '../../../api/applications.ts';
import { listResourceActions, type ResourceTarget, runResourceAction } from '../../../api/resources.ts';
import { HawserError } from '../../../core/errors.ts';
import type { Context } from '../../context.ts';
import { withFlags } from '../../input/flags.ts';
import { writeDocument } from '../../output/document.ts';
import { OPERATION_ONLY, waitFailure } from '../../waiting/conclude.ts';
import { startDeadline } from '../../waiting/deadline.ts';
import { DEGRADED_FLAG, degradedGrace, TIMEOUT_FLAG } from '../../waiting/flags.ts';
import { type Wait, waitFor } from '../../waiting/wait.ts';
import {
  ALL_FLAG,
  chosenObjects,
  liveObjects,
  noMatch,
  OBJECT_FLAGS,
  type ObjectChoice,
} from './shared/live-objects.ts';
import { NAMESPACE_FLAG, targetOf } from './shared/target.ts';

export interface ActionListOptions extends ObjectChoice {
  readonly out?: string;
}

export function actionListCommand(context: Context, run = runList): Command {
  const command = new Command('list')
    .description('Lists what can be done to the resources of an application.')
    .argument('<appname>')
    .action((appname: string, flags: Omit<ActionListOptions, 'appname'>) => run({ ...flags, appname }, context));
  return withFlags(command, [
    NAMESPACE_FLAG,
    ...OBJECT_FLAGS.map(({ required: _required, ...flag }) => flag),
    { name: 'out', short: 'o', type: 'string', value: 'format', summary: 'json or yaml' },
  ]);
}

interface ListedAction {
  readonly Group: string;
  readonly Kind: string;
  readonly Name: string;
  readonly Action: string;
  readonly Disabled: boolean;
}

async function runList(options: ActionListOptions, context: Context): Promise<void> {
  const format = options.out ?? '';
  if (!['', 'json', 'yaml', 'wide'].includes(format)) {
    throw new HawserError('usage', `unknown output format: ${format}`, { hint: 'there are json and yaml' });
  }
  const actions: ListedAction[] = [];
  const objects = await liveObjects(options, context);
  if (objects.length === 0) throw noMatch(options.appname);
  for (const object of objects) actions.push(...(await actionsOf(object, context)));
  if (await writeDocument(actions, format, context)) {
    if (format === 'yaml' && context.policy.blankAfterYaml) context.io.out.write('\n');
    return;
  }
  const { style, table } = await context.view();
  const rows = actions.map(({ Group, Kind, Name, Action, Disabled }) => [Group, Kind, Name, Action, String(Disabled)]);
  context.io.out.write(table({ head: ['GROUP', 'KIND', 'NAME', 'ACTION', 'DISABLED'], rows }, style));
}

async function actionsOf(object: ResourceTarget, context: Context): Promise<ListedAction[]> {
  const { client } = await context.connect();
  const { actions } = await client.call(listResourceActions, object);
  return (actions ?? []).map(({ name = '', disabled = false }) => ({
    Group: object.group ?? '',
    Kind: object.kind,
    Name: object.resourceName,
    Action: name,
    Disabled: disabled,
  }));
}

export interface ActionRunOptions extends ObjectChoice {
  readonly action: string;
  readonly all?: boolean;
  readonly onDegraded: string;
  readonly timeout?: number;
  readonly wait?: boolean;
}

export function actionRunCommand(context: Context, run = runAction): Command {
  const command = new Command('run')
    .description('Does something to a resource of an application: restart, scale, resume …')
    .arguments('<appname> <action>')
    .action((appname: string, action: string, flags: Omit<ActionRunOptions, 'appname' | 'action'>) =>
      run({ ...flags, appname, action }, context),
    );
  return withFlags(command, [
    NAMESPACE_FLAG,
    ...OBJECT_FLAGS,
    ALL_FLAG,
    { name: 'wait', type: 'bool', own: true, summary: 'wait until the application is healthy after it' },
    { ...TIMEOUT_FLAG, own: true },
    DEGRADED_FLAG,
  ]);
}

async function runAction(options: ActionRunOptions, context: Context): Promise<void> {
  const grace = degradedGrace(options.onDegraded);
  const { client } = await context.connect();
  const objects = await chosenObjects(options, 'run action on', context);
  if (new Set(objects.map(({ group }) => group)).size > 1) {
    throw new HawserError('usage', 'Ambiguous resource group. Use flag --group to specify resource group explicitly.');
  }
  for (const object of objects) await client.call(runResourceAction, { ...object, action: options.action });
  if (options.wait) await waitForHealth(options, grace, context);
}

/** Looks at the cluster anew first: what the server knew before the action says nothing about after it. */
async function waitForHealth(options: ActionRunOptions, grace: number, context: Context): Promise<void> {
  const { client } = await context.connect();
  const target = targetOf(options.appname, options.appNamespace);
  const application = await client.call(getApplication, { ...target, refresh: 'normal' });
  const deadline = startDeadline(options.timeout, context);
  const conditions = { ...OPERATION_ONLY, operation: false, health: true };
  const wait: Wait = { target, application, conditions, deadline, grace, output: '' };
  const outcome = await waitFor(wait, context);
  deadline.end();
  const failure = await waitFailure(wait, outcome, context);
  if (failure) throw failure;
}
