// The badge of an application, or of projects: health and sync as a picture.

import { type BadgeQuery, getBadge } from '../../api/badge.ts';
import { textAt } from '../../core/json.ts';
import type { Application } from '../../model/application.ts';
import { APPLICATION_TYPE } from '../../model/application-key.ts';
import { bytes } from '../http/answers.ts';
import { type Route, rawRoute } from '../http/route.ts';
import type { ServerPorts } from '../ports.ts';
import { applicationResponse } from './applications/response.ts';
import { type Badge, drawBadge } from './badge/svg.ts';

const UNKNOWN: Badge = { health: 'Unknown', sync: 'Unknown' };
const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

export function badgeRoutes(ports: ServerPorts): Route[] {
  return [
    rawRoute(getBadge, async (query) => {
      const names = [query.name, query.namespace, ...(query.project ?? [])].filter((name) => name);
      if (!names.every((name) => NAME.test(name ?? '')))
        return bytes(new Uint8Array(), { type: 'text/plain; charset=utf-8', status: 400 });
      const picture = drawBadge(await badgeOf(ports, query), query.width);
      const { headers, ...answer } = bytes(Buffer.from(picture), { type: 'image/svg+xml' });
      const open = { 'cache-control': 'private, no-store', 'access-control-allow-origin': '*' };
      return { ...answer, headers: { ...headers, ...open } };
    }),
  ];
}

async function badgeOf(ports: ServerPorts, query: BadgeQuery): Promise<Badge> {
  const settings = await ports.home.get({
    group: '',
    version: 'v1',
    kind: 'ConfigMap',
    namespace: ports.namespace,
    name: 'argocd-cm',
  });
  if (textAt(settings, 'data', 'statusbadge.enabled') !== 'true') return UNKNOWN;
  if (query.name) return applicationBadge(ports, query, query.name);
  const projects = query.project ?? [];
  if (projects.length === 0) return UNKNOWN;
  const { items } = await ports.home.list(APPLICATION_TYPE, { namespace: ports.namespace });
  const apps = items.map((object) => applicationResponse(object));
  return projectBadge(apps.filter(({ spec }) => projects.includes(spec.project || 'default')));
}

async function applicationBadge(ports: ServerPorts, query: BadgeQuery, name: string): Promise<Badge> {
  const { home, namespace } = ports;
  const isHere = !query.namespace || query.namespace === namespace;
  const object = isHere ? await home.get({ ...APPLICATION_TYPE, namespace, name }) : undefined;
  if (!object) return { health: 'Not Found', sync: '' };
  const { metadata, status } = applicationResponse(object);
  const revision = status?.operationState?.syncResult?.revision ?? '';
  return {
    health: status?.health?.status || 'Unknown',
    sync: status?.sync?.status || 'Unknown',
    ...(query.revision && revision ? { revision: query.keepFullRevision ? revision : revision.slice(0, 7) } : {}),
    ...(query.showAppName ? { name: metadata.name } : {}),
  };
}

/** Healthy and Synced where all are. */
function projectBadge(apps: readonly Application[]): Badge {
  if (apps.length === 0) return UNKNOWN;
  const areHealthy = apps.every(({ status }) => status?.health?.status === 'Healthy');
  const areSynced = apps.every(({ status }) => status?.sync?.status === 'Synced');
  return { health: areHealthy ? 'Healthy' : 'Degraded', sync: areSynced ? 'Synced' : 'OutOfSync' };
}
