// Which live objects of an application are meant: by kind, group, namespace and name.

import type { ResourceTarget } from '../../../../api/resources.ts';
import { HawserError } from '../../../../core/errors.ts';
import { isObject, textAt } from '../../../../core/json.ts';
import type { Context } from '../../../context.ts';
import type { Flag, OptionsOf } from '../../../input/flags.ts';
import { targetOf } from '../../../input/target.ts';
import { managedBy } from './managed.ts';

const KIND_FLAG = { name: 'kind', type: 'string', summary: 'kind of the resource' } as const satisfies Flag;

const OTHER_FLAGS = [
  { name: 'group', type: 'string', summary: "API group of the resource; '' is the core group" },
  { name: 'namespace', type: 'string', summary: 'namespace of the resource' },
  { name: 'resource-name', type: 'string', value: 'name', summary: 'name of the resource' },
] as const satisfies readonly Flag[];

/** Which objects to show. */
export const FILTER_FLAGS = [KIND_FLAG, ...OTHER_FLAGS] as const satisfies readonly Flag[];

/** Which objects to change: the kind must be named. */
export const OBJECT_FLAGS = [{ ...KIND_FLAG, required: true }, ...OTHER_FLAGS] as const satisfies readonly Flag[];

export const ALL_FLAG = {
  name: 'all',
  type: 'bool',
  summary: 'act on all matching resources',
} as const satisfies Flag;

export const PROJECT_FLAG = {
  name: 'project',
  type: 'string',
  value: 'name',
  summary: 'project of the application',
} as const satisfies Flag;

/** What a document says of an object that was changed. */
export const resourceResult = ({ group, kind, namespace, resourceName }: ResourceTarget, result: string): object => ({
  group,
  kind,
  namespace,
  name: resourceName,
  result,
});

export interface ObjectChoice extends OptionsOf<typeof FILTER_FLAGS> {
  readonly appname: string;
  readonly appNamespace?: string;
  readonly project?: string;
}

export async function liveObjects(choice: ObjectChoice, context: Context): Promise<ResourceTarget[]> {
  const target = targetOf(choice.appname, choice.appNamespace);
  const { name: applicationName, appNamespace } = target;
  const items = await managedBy({ applicationName, appNamespace, project: choice.project }, context);
  const objects: ResourceTarget[] = [];
  for (const item of items) {
    const live: unknown = item.liveState ? JSON.parse(item.liveState) : null;
    if (!isObject(live)) continue;
    objects.push({
      ...target,
      project: choice.project,
      group: item.group ?? '',
      kind: item.kind ?? '',
      namespace: item.namespace ?? '',
      resourceName: item.name ?? '',
      version: textAt(live, 'apiVersion').split('/').at(-1) ?? '',
    });
  }
  return objects.filter((object) => fits(object, choice));
}

function fits(object: ResourceTarget, choice: ObjectChoice): boolean {
  return (
    (choice.kind === undefined || choice.kind === object.kind) &&
    (choice.group === undefined || choice.group === object.group) &&
    (choice.namespace === undefined || choice.namespace === object.namespace) &&
    (choice.resourceName === undefined || choice.resourceName === object.resourceName)
  );
}

export const noMatch = (appname: string): HawserError =>
  new HawserError('not-found', 'no matching resource found', { hint: `hawser app resources ${appname}` });

/** The objects to act on: one, unless --all was typed. */
export async function chosenObjects(
  choice: ObjectChoice & { readonly all?: boolean },
  verb: string,
  context: Context,
): Promise<ResourceTarget[]> {
  const objects = await liveObjects(choice, context);
  if (objects.length === 0) throw noMatch(choice.appname);
  if (objects.length > 1 && !choice.all) {
    throw new HawserError(
      'needs-decision',
      `multiple resources match inputs, use the --all flag to ${verb} multiple resources`,
      {
        hint: 'add --all, or name one with --resource-name',
        reason: { kind: 'several-resources' },
      },
    );
  }
  return objects;
}
