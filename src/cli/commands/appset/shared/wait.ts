// Waiting for a set: until its applications are up to date, until it is gone.

import {
  type ApplicationSetTarget,
  getApplicationSet,
  watchApplicationSets,
} from '../../../../api/application-sets.ts';
import { HawserError } from '../../../../core/errors.ts';
import { omitUndefined } from '../../../../core/omit-undefined.ts';
import type { ApplicationSet } from '../../../../model/application-set.ts';
import type { Context } from '../../../context.ts';

const isUpToDate = ({ status }: ApplicationSet): boolean =>
  (status?.conditions ?? []).some(({ type, status: is }) => type === 'ResourcesUpToDate' && is === 'True');

export async function untilUpToDate(target: ApplicationSetTarget, context: Context): Promise<void> {
  for await (const { type, applicationSet } of events(target, context)) {
    if (type === 'DELETED') throw new HawserError('not-found', `ApplicationSet '${target.name}' was deleted`);
    if (isUpToDate(applicationSet)) return;
  }
  throw ended(target);
}

export async function untilGone(target: ApplicationSetTarget, context: Context): Promise<void> {
  const { client } = await context.connect();
  const isThere = await client.call(getApplicationSet, target).then(
    () => true,
    (thrown: unknown) => {
      if (thrown instanceof HawserError && thrown.code === 'not-found') return false;
      throw thrown;
    },
  );
  if (!isThere) return;
  for await (const { type } of events(target, context)) if (type === 'DELETED') return;
  throw ended(target);
}

async function* events({ name, appsetNamespace }: ApplicationSetTarget, context: Context) {
  const { client } = await context.connect();
  const query = { name, ...omitUndefined({ appSetNamespace: appsetNamespace }) };
  yield* client.stream(watchApplicationSets, query, { signal: context.signal });
}

const ended = ({ name }: ApplicationSetTarget): HawserError =>
  new HawserError('unreachable', `the server ended the watch of ApplicationSet '${name}'`, {
    hint: `hawser appset get ${name}`,
  });
