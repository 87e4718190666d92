// Which applications a command is for: names, globs, labels, projects.

import { type ApplicationTarget, listApplications } from '../../api/applications.ts';
import { HawserError } from '../../core/errors.ts';
import { matchesGlob } from '../../core/glob.ts';
import type { Application } from '../../model/application.ts';
import type { Context } from '../context.ts';
import { targetOf } from '../input/target.ts';

export interface Selection {
  readonly names: readonly string[];
  readonly appNamespace?: string;
  readonly selector?: string;
  readonly project?: readonly string[];
  /** What is looked for must be there, though an application is named beside it. */
  readonly mustFind?: boolean;
}

export interface Chosen {
  readonly target: ApplicationTarget;
  /** As it was typed, or 'namespace/name' where it was found: links and messages show it. */
  readonly label: string;
}

export const isGlob = (name: string): boolean => /[*?[{]/.test(name);

/** The names that were typed; where nothing says which are meant and a person sits there, the one that is picked. */
export async function namesOrPicked(
  { names, selector, project }: Selection,
  context: Context,
): Promise<readonly string[]> {
  const isSaid = names.length > 0 || selector !== undefined || (project?.length ?? 0) > 0;
  if (isSaid || !context.prompt.interactive) return names;
  const { pickApplication } = await import('../input/pick-application.ts');
  return [await pickApplication(context)];
}

/** The chosen applications in order: those named, then those found. Names that are no globs are not looked up. */
export async function chosenApplications(selection: Selection, context: Context): Promise<Chosen[]> {
  const { names, selector, project, appNamespace, mustFind } = selection;
  const plain = names.filter((name) => !isGlob(name)).map((name) => targetNamed(name, appNamespace));
  const globs = names.filter(isGlob);
  if (selector === undefined && !project?.length && globs.length === 0) return plain;
  const { client } = await context.connect();
  const { items } = await client.call(listApplications, { selector, projects: project, appNamespace });
  const isSelected = selector !== undefined || (project?.length ?? 0) > 0;
  const matches = (items ?? []).filter(
    ({ metadata }) => (isSelected && globs.length === 0) || globs.some((glob) => matchesGlob(glob, metadata.name)),
  );
  if (mustFind && matches.length === 0) throw nothingFound(selection);
  return unique([...plain, ...matches.map(asChosen)]);
}

const targetNamed = (name: string, appNamespace: string | undefined): Chosen => {
  const target = targetOf(name, appNamespace);
  const qualified = target.appNamespace ? `${target.appNamespace}/${target.name}` : target.name;
  return { target, label: name.includes('/') ? name : qualified };
};

export function asChosen({ metadata }: Pick<Application, 'metadata'>): Chosen {
  const { name, namespace } = metadata;
  const target = namespace ? { name, appNamespace: namespace } : { name };
  return { target, label: namespace ? `${namespace}/${name}` : name };
}

function unique(selection: readonly Chosen[]): Chosen[] {
  const byName = new Map(selection.map((one) => [one.label, one]));
  return [...byName.values()];
}

/** What was looked for and not found, as the reference says it. */
function nothingFound({ names, selector, project }: Selection): HawserError {
  const parts = [
    names.some(isGlob) ? names.join(' ') : '',
    selector === undefined ? '' : `selector ${selector}`,
    project?.length ? `projects [${project.join(' ')}]` : '',
  ];
  return new HawserError('not-found', `No matching apps found for filter: ${parts.filter(Boolean).join(' ')}`, {
    hint: 'hawser app list',
    reason: { kind: 'no-match' },
  });
}
