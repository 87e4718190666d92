import type { Command } from 'commander';
import { listProjects, updateProject } from '../../../../api/projects.ts';
import { HawserError } from '../../../../core/errors.ts';
import { matchesGlob } from '../../../../core/glob.ts';
import type { Project, ProjectRole } from '../../../../model/project.ts';
import type { Context } from '../../../context.ts';
import { defineCommand } from '../../../input/command.ts';
import type { Flag, OptionsOf } from '../../../input/flags.ts';
import { RESULT_FLAG, writeResult } from '../../../output/result.ts';
import { INSTALLATION_FLAGS, openInstallation } from '../shared/installation.ts';

const UPDATE_FLAGS = [
  ...INSTALLATION_FLAGS,
  { name: 'dry-run', type: 'bool', default: true, summary: 'print the changes without making them' },
  { name: 'permission', type: 'string', value: 'effect', suggestions: ['allow', 'deny'], summary: 'allow or deny' },
  { name: 'resource', type: 'string', value: 'kind', summary: 'kind of the objects, like applications' },
  { name: 'role', type: 'string', default: '*', value: 'glob', summary: 'names of the roles' },
  { name: 'scope', type: 'string', value: 'object', summary: 'names of the objects in the project, like *' },
  RESULT_FLAG,
] as const satisfies readonly Flag[];

type UpdateOptions = OptionsOf<typeof UPDATE_FLAGS> & {
  readonly projects: string;
  readonly modification: string;
  readonly action: string;
};

export function updateRolePolicyCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'update-role-policy',
      description:
        'Sets or removes the policy for an action in the roles of many projects. It prints what it would change: --dry-run=false changes it.',
      arguments: ['<project_glob>', '<modification>', '<action>'],
      argumentSummaries: { '<modification>': 'set or remove' },
      flags: UPDATE_FLAGS,
      examples: [
        {
          about: 'Show what would let all roles sync',
          line: "hawser admin proj update-role-policy '*' set sync --resource applications --scope '*' --permission allow",
        },
        {
          about: 'Take the right to delete from the roles ci of all projects',
          line: "hawser admin proj update-role-policy '*' remove delete --role ci --dry-run=false",
        },
      ],
    },
    (options, projects, modification, action) => runUpdate({ ...options, projects, modification, action }, context),
  );
}

interface RoleChange {
  readonly project: string;
  readonly role: string;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

async function runUpdate(options: UpdateOptions, context: Context): Promise<void> {
  checkOptions(options);
  const { client } = await openInstallation(options, context);
  const { items } = await client.call(listProjects, {});
  const changes: RoleChange[] = [];
  for (const project of (items ?? []).filter(({ metadata }) => matchesGlob(options.projects, metadata.name))) {
    const roles = (project.spec.roles ?? []).map((role) => ({ before: role, after: changed(role, project, options) }));
    const own = roles.flatMap(({ before, after }) => changeOf(project, before, after));
    if (own.length === 0) continue;
    changes.push(...own);
    if (options.dryRun) continue;
    const spec = { ...project.spec, roles: roles.map(({ after }) => after) };
    const { name } = project.metadata;
    await client.call(updateProject, { 'project.metadata.name': name, project: { ...project, spec } });
  }
  const text = (): void => context.io.out.write(changeText(changes));
  await writeResult({ dryRun: options.dryRun, changes }, { output: options.output, text }, context);
  if (options.dryRun && changes.length > 0)
    context.policy.wording.advise('nothing was changed: --dry-run=false changes it', context);
}

function checkOptions({ modification, scope = '', permission = '', resource = '' }: UpdateOptions): void {
  if (modification !== 'set' && modification !== 'remove')
    throw refused(`modification ${modification} is not supported`, 'valid modifications: set, remove');
  if (modification === 'remove') return;
  const missing = 'cannot be empty if permission should be set in role';
  if (scope === '') throw refused(`flag --group ${missing}`, "name the objects: --scope '*'");
  if (permission === '') throw refused(`flag --permission ${missing}`, 'give --permission allow or deny');
  if (resource === '') throw refused(`flag --resource ${missing}`, 'name their kind: --resource applications');
}

const refused = (message: string, hint: string): HawserError =>
  new HawserError('usage', message, { hint, reason: { kind: 'invalid-argument', message } });

/** A role with one policy for the action, or none. */
function changed(role: ProjectRole, { metadata }: Project, options: UpdateOptions): ProjectRole {
  const { modification, action, scope, permission, resource = '' } = options;
  if (!matchesGlob(options.role, role.name)) return role;
  const isMeant = (policy: string): boolean => {
    const [, , kind = '', of = ''] = policy.split(',').map((part) => part.trim());
    return of === action && (resource === '' || kind === resource);
  };
  const line = `p, proj:${metadata.name}:${role.name}, ${resource}, ${action}, ${metadata.name}/${scope}, ${permission}`;
  const rest = (role.policies ?? []).filter((policy) => !isMeant(policy));
  return { ...role, policies: modification === 'set' ? [...rest, line] : rest };
}

function changeOf({ metadata }: Project, before: ProjectRole, after: ProjectRole): RoleChange[] {
  const [old, now] = [before.policies ?? [], after.policies ?? []];
  const removed = old.filter((policy) => !now.includes(policy));
  const added = now.filter((policy) => !old.includes(policy));
  if (removed.length + added.length === 0) return [];
  return [{ project: metadata.name, role: before.name, removed, added }];
}

const changeText = (changes: readonly RoleChange[]): string =>
  changes
    .map(({ project, role, removed, added }) =>
      [
        `===== ${project} ${role} ======`,
        ...removed.map((policy) => `- ${policy}`),
        ...added.map((policy) => `+ ${policy}`),
        '',
      ].join('\n'),
    )
    .join('');
