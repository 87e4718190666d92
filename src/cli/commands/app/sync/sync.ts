import type { Command } from 'commander';
import {
  getApplication,
  type SyncApplication,
  syncApplication,
  terminateOperation,
} from '../../../../api/applications.ts';
import { HawserError } from '../../../../core/errors.ts';
import type { Application } from '../../../../model/application.ts';
import type { Context } from '../../../context.ts';
import { defineCommand } from '../../../input/command.ts';
import type { SavedPlan } from '../../../input/plan-file.ts';
import { checkFormat } from '../../../output/document.ts';
import { guardBulk } from '../../../waiting/bulk-guard.ts';
import {
  OPERATION_ONLY,
  operationFailure,
  pruneFailure,
  WAIT_FORMATS,
  waitFailure,
} from '../../../waiting/conclude.ts';
import { degradedGrace } from '../../../waiting/flags.ts';
import { type Ended, runForEach, type Share } from '../../../waiting/many.ts';
import { type Chosen, chosenApplications, isGlob, namesOrPicked } from '../../../waiting/selection.ts';
import { tooLate } from '../../../waiting/too-late.ts';
import { settledState, type Wait, waitFor } from '../../../waiting/wait.ts';
import { waitForWindows } from '../../../waiting/windows.ts';
import { type SyncSubject, strategyOf } from '../shared/sync-request.ts';
import { waitForOne } from '../shared/wait-for-one.ts';
import { refuseNamesAndPositions } from '../spec/source-choice.ts';
import { SYNC_FLAGS, type SyncOptions } from './flags.ts';
import { previewAgrees } from './preview.ts';
import { requestOf, syncRequest } from './request.ts';

export function syncCommand(context: Context, run = runSync): Command {
  return defineCommand(
    {
      name: 'sync',
      description:
        'Syncs applications to the state in Git and waits until the sync is complete. Stops waiting after ten minutes (exit code 7); the sync continues. APPNAME may be a glob. With --plan-file it does what the plan says and nothing else: just before the sync the manifests of the target revision, the live resources of the plan, the spec of the application and its last operation are compared with the plan, and if one has changed nothing is synced (exit code 11). What changes in the moment between that and the sync, or is none of these, goes unnoticed.',
      arguments: ['[appname...]'],
      flags: SYNC_FLAGS,
      examples: [
        { about: 'Deploy what is in Git, and wait', line: 'hawser app sync shop' },
        { about: 'Show the difference, and ask before deploying', line: 'hawser app sync shop --preview-changes' },
        { about: 'Deploy one resource only', line: 'hawser app sync shop --resource apps:Deployment:web' },
        {
          about: 'Do what a plan says, or nothing if it is out of date',
          line: 'hawser app sync shop --plan-file shop.plan',
        },
        {
          about: 'Sync the applications of a team, four at a time',
          line: 'hawser app sync -l team=shop --parallel 4 --keep-going',
        },
      ],
    },
    (options, names) => run({ ...options, names }, context),
  );
}

async function runSync(flags: SyncOptions, context: Context): Promise<void> {
  checkFormat(flags.output, WAIT_FORMATS);
  const options = await completed(flags, context);
  if (!options) return;
  const applications = await chosenApplications({ ...options, mustFind: true }, context);
  if (!options.dryRun) {
    const isSelection =
      options.selector !== undefined || (options.project?.length ?? 0) > 0 || options.names.some(isGlob);
    const change = {
      verb: options.prune ? 'sync and prune' : 'sync',
      members: applications,
      isSelection,
      confirm: options.confirm,
    };
    await context.policy.own.add(() => guardBulk(change, context), Promise.resolve(false));
  }
  if (options.waitWindow) await waitForWindows(applications, context);
  if (options.async) return requestAll(applications, options, context);
  const fullWait = { ...options, sync: true, health: true, operation: true };
  await runForEach(
    {
      task: 'sync',
      members: applications,
      flags: options,
      run: (one, share) => syncOne(one, options, context, share),
      toChildren: (one, share) => waitForOne(one, fullWait, context, share),
    },
    context,
  );
}

interface CompletedOptions extends SyncOptions {
  readonly plan?: SavedPlan;
}

/** With what a plan or a person says; undefined where a person has nothing to choose from. */
async function completed(flags: SyncOptions, context: Context): Promise<CompletedOptions | undefined> {
  if (flags.planFile !== undefined) {
    const { openPlan } = await import('./saved-plan.ts');
    const { plan, options } = await openPlan(flags.planFile, flags);
    return { ...options, plan };
  }
  const options = { ...flags, names: await namesOrPicked(flags, context) };
  checkOptions(options);
  if (!options.pick) return options;
  const { checkPick, equalLine, pickResources } = await import('./pick.ts');
  checkPick(options, context);
  const [application] = await chosenApplications(options, context);
  const resource = application && (await pickResources(application, options, context));
  if (!resource) return undefined;
  context.say(`the same without a question: ${equalLine({ ...options, resource })}`);
  return { ...options, resource };
}

async function requestAll(applications: readonly Chosen[], options: CompletedOptions, context: Context): Promise<void> {
  context.leaveAtOnce();
  for (const one of applications) await requestSync(one, options, context);
  const { local } = await context.connect();
  if (local)
    context.policy.wording.advise(
      'the sync was asked for; without a hawser server it goes on with the next command',
      context,
    );
}

function checkOptions(options: SyncOptions): void {
  const { names, selector, project, revisions } = options;
  strategyOf(options);
  if (names.length === 0 && selector === undefined && !project?.length) {
    throw new HawserError('usage', 'app sync needs APPNAME, -l or --project', {
      hint: 'hawser app list',
      reason: { kind: 'incomplete-command' },
    });
  }
  refuseNamesAndPositions(options);
  if (names.length > 1 && selector !== undefined) {
    throw new HawserError('usage', 'Cannot use selector option when application name(s) passed as argument(s)', {
      hint: 'leave the names out, or -l',
    });
  }
  if (revisions?.length && (names.length !== 1 || names.some(isGlob))) {
    throw new HawserError('usage', '--revisions needs exactly one application', { hint: 'name it' });
  }
}

async function syncOne(
  member: Chosen,
  options: CompletedOptions,
  context: Context,
  share: Share,
): Promise<Ended | 'stop'> {
  const { target, label: shown } = member;
  const operating = await requestSync(member, options, context, share);
  if (operating === 'stop') return operating;
  const wait: Wait = {
    target,
    application: operating,
    conditions: OPERATION_ONLY,
    grace: degradedGrace(options.onDegraded),
    ...share,
  };
  const outcome = await waitFor(wait, context);
  const application = await settledState(wait, outcome, context);
  const late = outcome.ended === 'timed-out' ? await tooLate(wait, options, context) : {};
  const failure = (await waitFailure(wait, outcome, context)) ?? (await endFailure(application, options, context));
  return { application, label: shown, operation: true, failure, ...late };
}

/** Asks for the sync; what runs already is met as --if-busy says. 'stop' when a person looked at the preview and said no. */
async function requestSync(
  { target, label: shown }: Chosen,
  options: CompletedOptions,
  context: Context,
  share?: Share,
): Promise<Application | 'stop'> {
  const { client } = await context.connect();
  const before = await client.call(getApplication, target);
  if (options.previewChanges) share?.progress.pause();
  if (options.previewChanges && !(await previewAgrees(before, options, context))) return 'stop';
  const request = await requestFor({ target, application: before, options }, context);
  for (;;) {
    try {
      return await client.call(syncApplication, request);
    } catch (thrown) {
      const isBusy = thrown instanceof HawserError && thrown.code === 'busy';
      if (!isBusy || options.ifBusy === 'fail' || !share) throw withWayOut(thrown, shown);
      if (options.ifBusy === 'replace') await client.call(terminateOperation, target).catch(() => undefined);
      const current = await client.call(getApplication, target);
      if (options.ifBusy === 'join') return current;
      share.progress.say(`another operation of '${target.name}' runs: waiting for its end`);
      const busy: Wait = {
        target,
        application: current,
        conditions: OPERATION_ONLY,
        grace: 0,
        ...share,
      };
      const outcome = await waitFor(busy, context);
      const failure = await waitFailure(busy, outcome, context);
      if (failure) throw failure;
    }
  }
}

async function requestFor(
  subject: SyncSubject & { readonly options: CompletedOptions },
  context: Context,
): Promise<SyncApplication> {
  const { options, application } = subject;
  const { plan, planFile } = options;
  if (!plan || planFile === undefined) return syncRequest(subject, context);
  const { requestByPlan } = await import('./saved-plan.ts');
  return requestOf(await requestByPlan({ plan, path: planFile }, application, context), options);
}

async function endFailure(
  application: Application,
  { dryRun, resource }: SyncOptions,
  context: Context,
): Promise<HawserError | undefined> {
  if (dryRun) return undefined;
  return (await operationFailure(application, context)) ?? (resource?.length ? undefined : pruneFailure(application));
}

const WAYS_OUT: Readonly<Record<string, (name: string) => string>> = {
  busy: (name) => `hawser app wait ${name} --operation, or hawser app terminate-op ${name}`,
  'blocked-by-window': (name) => `add --wait-window to wait for it; hawser app get ${name} shows the windows`,
};

/** A refusal with what can be done about it. */
function withWayOut(thrown: unknown, name: string): unknown {
  if (!(thrown instanceof HawserError) || thrown.hint !== undefined) return thrown;
  const hint = WAYS_OUT[thrown.code]?.(name);
  if (hint === undefined) return thrown;
  return new HawserError(thrown.code, thrown.message, { hint, details: thrown.details ?? {}, cause: thrown });
}
