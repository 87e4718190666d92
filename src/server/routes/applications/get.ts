import type { GetApplication } from '../../../api/applications.ts';
import type { Application } from '../../../model/application.ts';
import { REFRESH_ANNOTATION } from '../../../model/refresh.ts';
import type { KubeObject } from '../../../objects/object.ts';
import type { Call } from '../../http/route.ts';
import type { ServerPorts } from '../../ports.ts';
import { catchUp, findApplication, touchIdle } from './find.ts';
import { requestRefresh } from './refresh.ts';
import { applicationResponse } from './response.ts';

export async function get(
  ports: ServerPorts,
  application: KubeObject,
  query: GetApplication,
  { signal }: Call,
): Promise<Application> {
  const current =
    query.refresh === undefined
      ? await catchUp(ports, application, query.project)
      : await refresh(ports, application, { query, signal });
  return responseWithHealth(ports, current);
}

export async function responseWithHealth(ports: ServerPorts, object: KubeObject): Promise<Application> {
  const app = applicationResponse(object);
  const health =
    (app.status?.resources?.length ?? 0) > 0 ? await ports.inspector.health(app).catch(() => undefined) : undefined;
  return health ? applicationResponse(object, health) : app;
}

interface WaitedRefresh {
  readonly query: GetApplication;
  readonly signal: AbortSignal;
}

/** Asks for a refresh and waits until it is done, or until the caller gives up. */
async function refresh(
  ports: ServerPorts,
  application: KubeObject,
  { query, signal }: WaitedRefresh,
): Promise<KubeObject> {
  await ports.run();
  touchIdle(ports, application);
  const level = query.refresh === 'hard' ? 'hard' : 'normal';
  let stop: () => void = () => undefined;
  const done = new Promise<void>((resolve) => {
    stop = resolve;
  });
  signal.addEventListener('abort', stop, { once: true });
  let isRequested = false;
  const unsubscribe = ports.subscribe(({ before, after }) => {
    const { kind, metadata } = after ?? before ?? {};
    if (kind !== 'Application' || metadata?.name !== query.name) return;
    if (!after || (isRequested && after.metadata.annotations?.[REFRESH_ANNOTATION] === undefined)) stop();
  });
  try {
    await requestRefresh(ports, query, { level, hydrates: true });
    isRequested = true;
    await done;
    return await findApplication(ports, query);
  } finally {
    unsubscribe();
    signal.removeEventListener('abort', stop);
  }
}
