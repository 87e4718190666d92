import { sameJson } from '../../../core/json.ts';
import { omitUndefined } from '../../../core/omit-undefined.ts';
import type { OrphanedResourceKey } from '../../../model/project.ts';
import { projectEdit } from './shared/project-edit.ts';
import { alreadyThere, notThere } from './shared/refusals.ts';

const NAME_FLAG = {
  name: 'name',
  type: 'string',
  value: 'pattern',
  summary: 'names of the resources, a glob',
} as const;

interface Named {
  readonly group: string;
  readonly kind: string;
  readonly name?: string;
}

const keyOf = ({ group, kind, name }: Named): Named => ({ group, kind, ...omitUndefined({ name: name || undefined }) });

const isSame = (one: OrphanedResourceKey, other: OrphanedResourceKey): boolean => sameJson(filled(one), filled(other));

const filled = ({ group = '', kind = '', name = '' }: OrphanedResourceKey) => ({ group, kind, name });

const titleOf = ({ group, kind, name }: Named): string => `${group}/${kind}${name ? `/${name}` : ''}`;

export const addOrphanedIgnoreCommand = projectEdit({
  name: 'add-orphaned-ignore',
  description: 'Leaves resources out of the search for orphaned ones. Group, kind and name may be globs.',
  arguments: ['<group>', '<kind>'],
  flags: [NAME_FLAG],
  examples: [
    { about: 'Leave out a kind', line: "hawser proj add-orphaned-ignore shop '' ConfigMap" },
    { about: 'Leave out some names', line: "hawser proj add-orphaned-ignore shop apps Deployment --name 'debug-*'" },
  ],
  edit: ({ metadata, spec }, { args: [group, kind], options: { name } }) => {
    const key = keyOf({ group, kind, ...omitUndefined({ name }) });
    const ignore = spec.orphanedResources?.ignore ?? [];
    if (ignore.some((other) => isSame(other, key)))
      throw alreadyThere(
        `'${titleOf(key)}' is in the orphaned ignore list of project '${metadata.name}' already`,
        'Specified resource is already defined in the orphaned ignore list of project',
      );
    return {
      spec: { ...spec, orphanedResources: { ...spec.orphanedResources, ignore: [...ignore, key] } },
      says: `'${titleOf(key)}' added to the orphaned ignore list`,
    };
  },
});

export const removeOrphanedIgnoreCommand = projectEdit({
  name: 'remove-orphaned-ignore',
  description: 'Looks for orphaned resources of a kind again.',
  arguments: ['<group>', '<kind>'],
  flags: [NAME_FLAG],
  examples: [
    { about: 'Look for a kind again', line: "hawser proj remove-orphaned-ignore shop '' ConfigMap" },
    {
      about: 'Look for some names again',
      line: "hawser proj remove-orphaned-ignore shop apps Deployment --name 'debug-*'",
    },
  ],
  edit: ({ metadata, spec }, { args: [group, kind], options: { name } }) => {
    const key = keyOf({ group, kind, ...omitUndefined({ name }) });
    const ignore = spec.orphanedResources?.ignore ?? [];
    const rest = ignore.filter((other) => !isSame(other, key));
    if (rest.length === ignore.length)
      throw notThere(
        `'${titleOf(key)}' is not in the orphaned ignore list of project '${metadata.name}'`,
        metadata.name,
        'Specified resource does not exist in the orphaned ignore of project',
      );
    return {
      spec: { ...spec, orphanedResources: { ...spec.orphanedResources, ignore: rest } },
      says: `'${titleOf(key)}' removed from the orphaned ignore list`,
    };
  },
});
