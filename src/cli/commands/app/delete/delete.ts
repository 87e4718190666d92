import type { Command } from 'commander';
import { type ApplicationTarget, deleteApplication, getApplication } from '../../../../api/applications.ts';
import { asHawserError, HawserError } from '../../../../core/errors.ts';
import type { Application } from '../../../../model/application.ts';
import { countKinds } from '../../../../render/counts.ts';
import { AGREED, type Agreement } from '../../../compat/prompts.ts';
import type { Context } from '../../../context.ts';
import { defineCommand } from '../../../input/command.ts';
import { endDeclined } from '../../../input/confirm.ts';
import type { Flag, OptionsOf } from '../../../input/flags.ts';
import { NAMESPACE_FLAG } from '../../../input/target.ts';
import { RESULT_FLAG, writeResult } from '../../../output/result.ts';
import { CONFIRM_FLAG, guardBulk } from '../../../waiting/bulk-guard.ts';
import { type Deadline, startDeadline } from '../../../waiting/deadline.ts';
import { PROGRESS_FLAG, TIMEOUT_FLAG } from '../../../waiting/flags.ts';
import { withProgress } from '../../../waiting/progress/create.ts';
import { type Chosen, chosenApplications, isGlob, namesOrPicked } from '../../../waiting/selection.ts';
import { waitFor } from '../../../waiting/wait.ts';
import { deployedBy } from './deployed.ts';

const DELETE_FLAGS = [
  NAMESPACE_FLAG,
  { name: 'cascade', type: 'bool', default: true, typedOnly: true, summary: 'also delete the deployed resources' },
  {
    name: 'propagation-policy',
    short: 'p',
    type: 'string',
    suggestions: ['foreground', 'background'],
    default: 'foreground',
    typedOnly: true,
    value: 'policy',
    summary: 'deletion propagation of --cascade: foreground or background',
  },
  {
    name: 'selector',
    short: 'l',
    type: 'string',
    syntax: 'selector',
    value: 'labels',
    summary: 'delete the applications with these labels',
  },
  { name: 'wait', type: 'bool', summary: 'wait until the applications are deleted' },
  { ...TIMEOUT_FLAG, own: true },
  PROGRESS_FLAG,
  { name: 'yes', short: 'y', type: 'bool', summary: 'skip confirmation' },
  CONFIRM_FLAG,
  { name: 'dry-run', type: 'bool', own: true, summary: 'print what would be deleted, without deleting it' },
  RESULT_FLAG,
] as const satisfies readonly Flag[];

export type DeleteOptions = OptionsOf<typeof DELETE_FLAGS> & { readonly names: readonly string[] };

export function deleteCommand(context: Context, run = runDelete): Command {
  return defineCommand(
    {
      name: 'delete',
      description:
        'Deletes applications. The deployed resources are kept unless --cascade is given. In a terminal it asks for confirmation.',
      arguments: ['[appname...]'],
      flags: DELETE_FLAGS,
      examples: [
        { about: 'Delete an application, and keep what it deployed', line: 'hawser app delete shop' },
        { about: 'Delete an application and everything that it deployed', line: 'hawser app delete shop --cascade' },
        { about: 'Show what would be deleted', line: 'hawser app delete -l team=shop --cascade --dry-run' },
      ],
    },
    (options, names) => run({ ...options, names }, context),
  );
}

async function runDelete(flags: DeleteOptions, context: Context): Promise<void> {
  const options = { ...flags, names: await namesOrPicked(flags, context) };
  const applications = await chosenOf(options, context);
  const cascade = options.cascade ?? (options.propagationPolicy === undefined ? context.policy.defaults.cascade : true);
  if (options.dryRun) return tellWhatWouldGo(applications, { cascade, output: options.output }, context);
  const isAsked = await context.policy.own.add(
    () => guardDeletion(applications, options, context),
    Promise.resolve(false),
  );
  const agree = options.yes || isAsked ? AGREED : await agreement({ members: applications, cascade, options }, context);
  if (options.wait === false) context.leaveAtOnce();
  const deadline = startDeadline(options.timeout, context);
  const results: object[] = [];
  let isDeclined = false;
  const write = (text: string): void => {
    if (options.output === undefined) context.io.out.write(text);
  };
  try {
    for (const one of applications) {
      const agrees = await agree(one.label);
      isDeclined ||= !agrees;
      if (agrees) await deleteOne(one, { options, cascade, deadline }, context);
      write(agrees ? `application '${one.label}' deleted\n` : `The command to delete '${one.label}' was cancelled.\n`);
      results.push({ name: one.label, result: agrees ? 'deleted' : 'cancelled', cascade });
    }
  } catch (thrown) {
    throw results.length === 0 ? thrown : asHawserError(thrown).with({ details: { applications: results } });
  } finally {
    deadline.end();
  }
  await writeResult({ applications: results }, { output: options.output, text: () => undefined }, context);
  if (isDeclined) endDeclined(context);
}

function guardDeletion(
  members: readonly Chosen[],
  { selector, names, confirm }: DeleteOptions,
  context: Context,
): Promise<boolean> {
  const isSelection = selector !== undefined || names.some(isGlob);
  return guardBulk({ verb: 'delete', members, isSelection, confirm }, context);
}

async function chosenOf(options: DeleteOptions, context: Context): Promise<readonly Chosen[]> {
  const { names, selector, appNamespace } = options;
  if (selector === undefined && names.length === 0) {
    throw new HawserError('usage', 'app delete needs APPNAME or -l', {
      hint: 'hawser app list',
      reason: { kind: 'incomplete-command' },
    });
  }
  // Labels take the place of names, as in the reference.
  const selection = { names: selector === undefined ? names : [], selector, appNamespace };
  const applications = await chosenApplications(selection, context);
  if (applications.length > 0) return applications;
  const what = selector === undefined ? names.join(' ') : `selector ${selector}`;
  throw new HawserError('not-found', `no apps match ${what}`, { hint: 'hawser app list' });
}

interface Question {
  readonly members: readonly Chosen[];
  readonly cascade: boolean | undefined;
  readonly options: DeleteOptions;
}

function agreement(question: Question, context: Context): Promise<Agreement> {
  const { members: applications, cascade, options } = question;
  const several = applications.length > 1;
  const isSelection = several || options.selector !== undefined || options.names.some(isGlob);
  const message = (): Promise<string> => questionText(question, context);
  return context.policy.prompts.agreeToDelete({ several, isSelection, cascade, message }, context);
}

async function questionText({ members: chosen, cascade }: Question, context: Context): Promise<string> {
  const names = chosen.map(({ label: shown }) => `'${shown}'`).join(', ');
  const what = chosen.length === 1 ? `application ${names}` : `${chosen.length} applications, ${names}`;
  if (cascade === false) return `Delete ${what}? What ${chosen.length === 1 ? 'it' : 'they'} deployed stays.`;
  const deployed = await Promise.all(
    chosen.map(async ({ target }) => deployedBy(await fetch(target, context), context)),
  );
  const counts = countKinds(deployed.flatMap(({ going }) => going));
  return `Delete ${what}? ${counts === '' ? 'Nothing was deployed.' : `With it go ${counts}.`}`;
}

async function fetch(target: ApplicationTarget, context: Context): Promise<Application> {
  const { client } = await context.connect();
  return client.call(getApplication, target);
}

async function tellWhatWouldGo(
  applications: readonly Chosen[],
  { cascade, output }: { readonly cascade: boolean | undefined; readonly output: string | undefined },
  context: Context,
): Promise<void> {
  const results: object[] = [];
  for (const { target, label: shown } of applications) {
    const { going, staying } = await deployedBy(await fetch(target, context), context);
    const all = [...going, ...staying];
    const stayingNote = staying.length === 0 ? '' : `; ${countKinds(staying)} would be kept`;
    const rest =
      cascade === false
        ? `${countKinds(all) || 'nothing'} would be kept`
        : `with ${countKinds(going) || 'nothing'}${stayingNote}`;
    if (output === undefined) context.io.out.write(`application '${shown}' would be deleted, ${rest}\n`);
    const [deleted, kept] = cascade === false ? [[], all] : [going, staying];
    results.push({ name: shown, result: 'would be deleted', cascade, deletedKinds: deleted, keptKinds: kept });
  }
  await writeResult({ applications: results }, { output, text: () => undefined }, context);
}

/** Who waits must know it; others learn what holds the deletion up, if they may look. */
async function lookBefore(
  target: ApplicationTarget,
  { wait }: DeleteOptions,
  context: Context,
): Promise<Application | undefined> {
  if (wait) return fetch(target, context);
  return context.policy.own.add(() => fetch(target, context).catch(() => undefined), undefined);
}

function deletionHint({ metadata, status }: Application): string {
  const isGuarded = status?.resources?.some((resource) => resource.requiresDeletionConfirmation);
  return isGuarded
    ? `hawser app confirm-deletion ${metadata.name} confirms what waits for it`
    : `hawser app get ${metadata.name} shows what is left`;
}

interface Deletion {
  readonly options: DeleteOptions;
  readonly cascade: boolean | undefined;
  readonly deadline: Deadline;
}

async function deleteOne({ target, label: shown }: Chosen, deletion: Deletion, context: Context): Promise<void> {
  const { options, cascade, deadline } = deletion;
  const { client } = await context.connect();
  const before = await lookBefore(target, options, context);
  if (before?.operation) {
    const name = target.name;
    context.say(
      `an operation of '${name}' runs: the deletion begins when it ends (hawser app terminate-op ${name} ends it)`,
    );
  }
  await client.call(deleteApplication, { ...target, cascade, propagationPolicy: options.propagationPolicy });
  if (before && options.wait) {
    const wait = { target, application: before, conditions: 'deleted', deadline, grace: 0 } as const;
    const setting = { task: 'wait', output: 'json', mode: options.progress, several: false } as const;
    const outcome = await withProgress(setting, context, (progress) => waitFor({ ...wait, progress }, context));
    if (outcome.ended === 'timed-out') {
      throw new HawserError('timed-out', `application '${shown}' is still being deleted`, {
        hint: deletionHint(outcome.application),
      });
    }
  }
}
