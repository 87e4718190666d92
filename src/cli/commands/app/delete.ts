import { Command } from 'commander';
import {
  type ApplicationTarget,
  deleteApplication,
  getApplication,
  listApplications,
} from '../../../api/applications.ts';
import { HawserError } from '../../../core/errors.ts';
import { matchesGlob } from '../../../core/glob.ts';
import type { Application } from '../../../model/application.ts';
import { countKinds } from '../../../render/counts.ts';
import type { Context } from '../../context.ts';
import { withFlags } from '../../flags.ts';
import { waitFor } from '../../waiting/wait.ts';
import { NAMESPACE_FLAG, shownName, targetOf } from './target.ts';

export interface DeleteOptions {
  readonly names: readonly string[];
  readonly appNamespace?: string;
  readonly cascade?: boolean;
  readonly dryRun?: boolean;
  readonly propagationPolicy?: string;
  readonly selector?: string;
  readonly wait?: boolean;
  readonly yes?: boolean;
}

export function deleteCommand(context: Context, run = runDelete): Command {
  const command = new Command('delete')
    .description(
      'Removes applications. What they deployed stays in the cluster unless --cascade says otherwise. In a terminal it asks first.',
    )
    .argument('[appname...]')
    .action((names: readonly string[], flags: Omit<DeleteOptions, 'names'>) => run({ ...flags, names }, context));
  return withFlags(command, [
    NAMESPACE_FLAG,
    { name: 'cascade', type: 'bool', default: true, typedOnly: true, summary: 'remove the deployed resources too' },
    {
      name: 'propagation-policy',
      short: 'p',
      type: 'string',
      default: 'foreground',
      typedOnly: true,
      value: 'policy',
      summary: 'with --cascade: foreground or background',
    },
    {
      name: 'selector',
      short: 'l',
      type: 'string',
      value: 'labels',
      summary: 'remove the applications with these labels',
    },
    { name: 'wait', type: 'bool', summary: 'wait until they are gone' },
    { name: 'yes', short: 'y', type: 'bool', summary: 'ask nothing' },
    { name: 'dry-run', type: 'bool', own: true, summary: 'say what would go, and remove nothing' },
  ]);
}

async function runDelete(options: DeleteOptions, context: Context): Promise<void> {
  const targets = await targetsOf(options, context);
  const cascade = options.cascade ?? (options.propagationPolicy === undefined ? context.policy.cascade : true);
  const isSelection = targets.length > 1 || options.selector !== undefined || options.names.some(isGlob);
  for (const target of targets) {
    if (options.dryRun) await tellWhatWouldGo(target, cascade, context);
    else if (await agreed(target, { cascade, isSelection, options }, context)) {
      await deleteOne(target, cascade, { options, context });
    } else context.io.out.write(`The command to delete '${shownName(target)}' was cancelled.\n`);
  }
}

const isGlob = (name: string): boolean => /[*?[{]/.test(name);

async function targetsOf(options: DeleteOptions, context: Context): Promise<ApplicationTarget[]> {
  const { names, selector, appNamespace } = options;
  if (selector === undefined && names.length === 0) {
    throw new HawserError('usage', 'app delete needs APPNAME or -l', {
      hint: 'hawser app list',
      details: { argocdLine: '' },
    });
  }
  if (selector === undefined && !names.some(isGlob)) return names.map((name) => targetOf(name, appNamespace));
  const { client } = await context.connect();
  const { items } = await client.call(listApplications, { selector, appNamespace });
  const found = (items ?? []).filter(
    ({ metadata }) => selector !== undefined || names.some((name) => matchesGlob(name, metadata.name)),
  );
  if (found.length === 0) {
    const what = selector === undefined ? names.join(' ') : `selector ${selector}`;
    throw new HawserError('not-found', `no apps match ${what}`, { hint: 'hawser app list' });
  }
  return found.map(({ metadata }) => targetOf(metadata.name, metadata.namespace));
}

interface Question {
  readonly cascade: boolean | undefined;
  readonly isSelection: boolean;
  readonly options: DeleteOptions;
}

/** A terminal is asked; in a pipe what was typed is the decision, but for a whole selection with all it deployed. */
async function agreed(target: ApplicationTarget, question: Question, context: Context): Promise<boolean> {
  const { cascade, isSelection, options } = question;
  const name = shownName(target);
  if (options.yes) return true;
  if (context.prompt.possible) {
    const goes = cascade === false ? 'What it deployed stays.' : await whatGoes(target, context);
    return context.prompt.confirm({ message: `Delete application '${name}'? ${goes}`, preset: false });
  }
  if (cascade === true && isSelection) {
    throw new HawserError('needs-decision', 'this would remove several applications with all they deployed', {
      hint: 'add --yes',
    });
  }
  return true;
}

async function whatGoes(target: ApplicationTarget, context: Context): Promise<string> {
  const { client } = await context.connect();
  const application = await client.call(getApplication, target);
  const counts = resourceCounts(application);
  return counts === '' ? 'It deployed nothing.' : `With it go ${counts}.`;
}

const resourceCounts = (application: Application): string =>
  countKinds((application.status?.resources ?? []).map(({ kind }) => kind ?? ''));

async function tellWhatWouldGo(
  target: ApplicationTarget,
  cascade: boolean | undefined,
  context: Context,
): Promise<void> {
  const { client } = await context.connect();
  const application = await client.call(getApplication, target);
  const counts = resourceCounts(application) || 'nothing';
  const rest = cascade === false ? `${counts} would stay` : `with ${counts}`;
  context.io.out.write(`application '${shownName(target)}' would be deleted, ${rest}\n`);
}

interface Deletion {
  readonly options: DeleteOptions;
  readonly context: Context;
}

async function deleteOne(target: ApplicationTarget, cascade: boolean | undefined, deletion: Deletion): Promise<void> {
  const { options, context } = deletion;
  const { client } = await context.connect();
  const before = options.wait ? await client.call(getApplication, target) : undefined;
  await client.call(deleteApplication, { ...target, cascade, propagationPolicy: options.propagationPolicy });
  if (before) {
    const deadline = context.policy.deadline;
    const wait = { target, application: before, conditions: 'deleted' as const, deadline, output: 'json' };
    const outcome = await waitFor(wait, context);
    if (outcome.ended === 'timed-out') {
      throw new HawserError('timed-out', `application '${shownName(target)}' is still being deleted`, {
        hint: `hawser app get ${target.name} shows what is left`,
      });
    }
  }
  context.io.out.write(`application '${shownName(target)}' deleted\n`);
}
