// `--pick`: which resources to sync, ticked in a terminal.

import { getApplication } from '../../../../api/applications.ts';
import { HawserError } from '../../../../core/errors.ts';
import { shellWord } from '../../../../core/shell-word.ts';
import type { ResourceStatus } from '../../../../model/application.ts';
import type { Context } from '../../../context.ts';
import { wordsOf } from '../../../input/flags.ts';
import { writeDocument } from '../../../output/document.ts';
import { filterText } from '../../../waiting/resource-filter.ts';
import { type Chosen, isGlob } from '../../../waiting/selection.ts';
import { SYNC_FLAGS, type SyncOptions } from './flags.ts';

/** Throws `usage` where nobody can tick anything, before a server is asked. */
export function checkPick({ names, selector, project, resource, label }: SyncOptions, context: Context): void {
  if (!context.prompt.interactive) {
    throw new HawserError('usage', '--pick needs a terminal', { hint: 'name them: --resource GROUP:KIND:NAME' });
  }
  if (names.length !== 1 || names.some(isGlob) || selector !== undefined || project?.length) {
    throw new HawserError('usage', '--pick needs exactly one application', { hint: 'hawser app sync NAME --pick' });
  }
  if (resource?.length || label?.length) {
    throw new HawserError('usage', '--pick excludes --resource and --label', { hint: 'leave one of them out' });
  }
}

/** As `--resource` takes them; undefined where there is nothing to tick. */
export async function pickResources(
  { target }: Chosen,
  { output }: SyncOptions,
  context: Context,
): Promise<readonly string[] | undefined> {
  const { client } = await context.connect();
  const application = await client.call(getApplication, target);
  const differing = (application.status?.resources ?? []).filter(({ status }) => status === 'OutOfSync');
  if (differing.length === 0) {
    context.say(`no resource of '${target.name}' is OutOfSync`);
    await writeDocument(application, output, context);
    return undefined;
  }
  const choices = differing.map((resource) => ({ name: lineOf(resource), value: filterText(resource) }));
  return context.prompt.tick({ message: `Resources of ${target.name} to sync`, choices });
}

/** What a person could have typed. */
export function equalLine({ names, ...options }: SyncOptions): string {
  const words = [...names, ...wordsOf(SYNC_FLAGS, { ...options, pick: undefined })];
  return `hawser app sync ${words.map(shellWord).join(' ')}`;
}

function lineOf({ kind = '', namespace, name = '', health, requiresPruning }: ResourceStatus): string {
  const title = `${kind} ${namespace ? `${namespace}/${name}` : name}`;
  const states = [requiresPruning ? 'to prune' : 'OutOfSync', health?.status ?? ''];
  return [title, ...states].filter((word) => word !== '').join('  ');
}
