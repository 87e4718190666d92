import { exportInstallation, importInstallation } from '../../api/installation.ts';
import { demandEverything } from '../auth/administrator.ts';
import { type Route, route } from '../http/route.ts';
import type { ServerPorts } from '../ports.ts';

export function installationRoutes(ports: Pick<ServerPorts, 'home' | 'namespace'>): Route[] {
  return [
    route(exportInstallation, (input, call) => {
      demandEverything(call);
      return later(async () => (await import('../installation/export.ts')).exportObjects(ports, input));
    }),
    route(importInstallation, (input, call) => {
      demandEverything(call);
      return later(async () => (await import('../installation/import.ts')).importObjects(ports, input));
    }),
  ];
}

async function* later<T>(open: () => Promise<AsyncIterable<T>>): AsyncGenerator<T> {
  yield* await open();
}
