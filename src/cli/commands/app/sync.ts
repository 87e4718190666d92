import { Command } from 'commander';
import { getApplication, listApplications, syncApplication } from '../../../api/applications.ts';
import { HawserError } from '../../../core/errors.ts';
import type { Application } from '../../../model/application.ts';
import type { Context } from '../../context.ts';
import { withFlags } from '../../flags.ts';
import { checkFormat } from '../../output.ts';
import {
  conclude,
  OPERATION_ONLY,
  operationFailure,
  pruneFailure,
  WAIT_FORMATS,
  waitFailure,
} from '../../waiting/conclude.ts';
import { settledState, type Wait, waitFor } from '../../waiting/wait.ts';
import { SYNC_FLAGS, type SyncOptions } from './sync-flags.ts';
import { previewAgrees } from './sync-preview.ts';
import { syncRequest } from './sync-request.ts';
import { shownName, targetOf } from './target.ts';

export function syncCommand(context: Context, run = runSync): Command {
  const command = new Command('sync')
    .description(
      'Deploys what Git says, and waits for the end of it. After ten minutes it stops waiting (code 7); the sync goes on.',
    )
    .argument('[appname...]')
    .action((names: readonly string[], flags: Omit<SyncOptions, 'names'>) => run({ ...flags, names }, context));
  return withFlags(command, SYNC_FLAGS);
}

async function runSync(options: SyncOptions, context: Context): Promise<void> {
  checkFormat(options.output, WAIT_FORMATS);
  checkOptions(options);
  for (const name of await namesOf(options, context)) {
    if (!(await syncOne(name, options, context))) return;
  }
}

function checkOptions({ names, selector, project, local }: SyncOptions): void {
  if (names.length === 0 && selector === undefined && !project?.length) {
    throw new HawserError('usage', 'app sync needs APPNAME, -l or --project', {
      hint: 'hawser app list',
      details: { argocdLine: '' },
    });
  }
  if (names.length > 1 && selector !== undefined) {
    throw new HawserError('usage', 'Cannot use selector option when application name(s) passed as argument(s)');
  }
  if (local !== undefined) {
    throw new HawserError('not-implemented', '--local is not there yet', { hint: 'commit, and sync that' });
  }
}

async function namesOf(options: SyncOptions, context: Context): Promise<readonly string[]> {
  const { names, selector, project, appNamespace } = options;
  if (selector === undefined && !project?.length) return names;
  const { client } = await context.connect();
  const { items } = await client.call(listApplications, { selector, projects: project, appNamespace });
  const found = (items ?? []).map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`);
  if (found.length > 0) return [...names, ...found];
  const filter = `selector ${selector ?? ''} projects [${(project ?? []).join(' ')}]`;
  throw new HawserError('not-found', `No matching apps found for filter: ${filter}`, {
    hint: 'hawser app list',
    details: { argocdExit: 1 },
  });
}

/** False when a person looked at the preview and said no. */
async function syncOne(name: string, options: SyncOptions, context: Context): Promise<boolean> {
  const { client } = await context.connect();
  const target = targetOf(name, options.appNamespace);
  const before = await client.call(getApplication, target);
  if (options.previewChanges && !(await previewAgrees(before, options, context))) return false;
  const request = await syncRequest({ target, application: before, options }, context);
  const asked = await client.call(syncApplication, request).catch((thrown: unknown) => {
    throw withWayOut(thrown, name);
  });
  if (options.async) return true;
  const deadline = options.timeout === undefined ? context.policy.deadline : options.timeout * 1000;
  const wait: Wait = { target, application: asked, conditions: OPERATION_ONLY, deadline, output: options.output };
  const outcome = await waitFor(wait, context);
  const application = await settledState(wait, outcome, context);
  const failure = waitFailure(wait, outcome) ?? endFailure(application, options);
  const shown = name.includes('/') ? name : shownName(target);
  await conclude({ application, output: options.output, shown, operation: true, failure }, context);
  return true;
}

function endFailure(application: Application, { dryRun, resource }: SyncOptions): HawserError | undefined {
  if (dryRun) return undefined;
  return operationFailure(application) ?? (resource?.length ? undefined : pruneFailure(application));
}

const WAYS_OUT: Readonly<Record<string, (name: string) => string>> = {
  busy: (name) => `hawser app wait ${name} --operation, or hawser app terminate-op ${name}`,
  'blocked-by-window': (name) => `hawser app get ${name} shows the windows`,
};

/** A refusal with what can be done about it. */
function withWayOut(thrown: unknown, name: string): unknown {
  if (!(thrown instanceof HawserError) || thrown.hint !== undefined) return thrown;
  const hint = WAYS_OUT[thrown.code]?.(name);
  if (hint === undefined) return thrown;
  return new HawserError(thrown.code, thrown.message, { hint, details: thrown.details ?? {}, cause: thrown });
}
