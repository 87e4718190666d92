// Why an application is as it is, from what the API of its server tells.

import { type ApplicationTarget, syncWindows } from '../../../../api/applications.ts';
import { omitUndefined } from '../../../../core/omit-undefined.ts';
import { type Application, qualifiedName, sourcesOf } from '../../../../model/application.ts';
import type { Explanation } from '../../../../model/explanation.ts';
import { healthReason } from '../../../../render/reason.ts';
import { findCauses } from '../../../causes/find.ts';
import type { Context } from '../../../context.ts';
import { blockersOf, nextOf } from './blockers.ts';
import { differingResources } from './differing-resources.ts';

const MAX_RESOURCES = 8;

export async function explain(application: Application, context: Context): Promise<Explanation> {
  const { client } = await context.connect();
  const { name, namespace } = application.metadata;
  const target: ApplicationTarget = { name, ...omitUndefined({ appNamespace: namespace }) };
  const { status } = application;
  const sync = status?.sync?.status ?? 'Unknown';
  const health = status?.health?.status ?? 'Unknown';
  const [resources, causes, windows] = await Promise.all([
    sync === 'Synced' ? [] : differingResources({ application, target }, context).catch(() => []),
    health === 'Healthy' ? [] : findCauses(application, { client, signal: context.signal }).catch(() => []),
    client.call(syncWindows, target).catch(() => undefined),
  ]);
  const situation = { application, windows, now: context.clock.now() };
  return {
    application: qualifiedName(application),
    sync: {
      status: sync,
      target: targetText(application),
      resources: resources.slice(0, MAX_RESOURCES),
      more: Math.max(0, resources.length - MAX_RESOURCES),
    },
    health: { status: health, reason: healthReason(application), causes },
    blockers: blockersOf(situation),
    next: nextOf(situation),
    commands: commandsFor(application),
  };
}

/** 'main (c53380c)' */
function targetText({ spec, status }: Application): string {
  const [source] = sourcesOf(spec);
  const target = source?.targetRevision || (source?.chart === undefined ? 'HEAD' : '');
  const revision = status?.sync?.revision ?? '';
  return /^[0-9a-f]{40}$/.test(revision) && target !== revision ? `${target} (${revision.slice(0, 7)})` : target;
}

function commandsFor({ metadata: { name }, status }: Application): string[] {
  const sync = status?.sync?.status;
  const needsPrune = status?.resources?.some(({ requiresPruning }) => requiresPruning) ?? false;
  const isBroken = status?.conditions?.some(({ type }) => type.endsWith('Error')) ?? false;
  const lines = [
    isBroken ? `hawser app get ${name} --hard-refresh` : '',
    sync === 'OutOfSync' ? `hawser app diff ${name}` : '',
    sync === 'OutOfSync' ? `hawser app sync ${name}${needsPrune ? ' --prune' : ''}` : '',
    status?.health?.status === 'Degraded' ? `hawser app logs ${name}` : '',
    status?.health?.status === 'Degraded' ? `hawser app rollback ${name}` : '',
    status?.health?.status === 'Progressing' ? `hawser app wait ${name} --health` : '',
  ];
  return lines.filter((line) => line !== '');
}
