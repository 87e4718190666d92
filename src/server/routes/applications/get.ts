import type { GetApplication } from '../../../api/applications.ts';
import type { Application } from '../../../model/application.ts';
import type { KubeObject } from '../../../objects/object.ts';
import type { Call } from '../../http/dispatch.ts';
import type { ServerPorts } from '../../ports.ts';
import { applicationReference, findApplication, touchIdle } from './find.ts';
import { applicationResponse } from './response.ts';

const REFRESH_ANNOTATION = 'argocd.argoproj.io/refresh';
const HYDRATE_ANNOTATION = 'argocd.argoproj.io/hydrate';

export async function get(ports: ServerPorts, query: GetApplication, { signal }: Call): Promise<Application> {
  if (query.refresh !== undefined) return refresh(ports, query, signal);
  await findApplication(ports, query);
  await ports.catchUp(query.name);
  return responseWithHealth(ports, await findApplication(ports, query));
}

export async function responseWithHealth(ports: ServerPorts, object: KubeObject): Promise<Application> {
  const app = applicationResponse(object);
  const health =
    (app.status?.resources?.length ?? 0) > 0 ? await ports.inspector.health(app).catch(() => undefined) : undefined;
  return health ? applicationResponse(object, health) : app;
}

/** Asks for a refresh and answers when it is done, or when the caller no longer waits for it. */
async function refresh(ports: ServerPorts, query: GetApplication, signal: AbortSignal): Promise<Application> {
  const found = await findApplication(ports, query);
  await ports.run();
  touchIdle(ports, found);
  const value = query.refresh === 'hard' ? 'hard' : 'normal';
  const annotations = { [REFRESH_ANNOTATION]: value, [HYDRATE_ANNOTATION]: value };
  const body = { metadata: { annotations } };
  let done: (object: KubeObject | undefined) => void = () => undefined;
  const answered = new Promise<KubeObject | undefined>((resolve) => {
    done = resolve;
  });
  const giveUp = (): void => done(undefined);
  signal.addEventListener('abort', giveUp, { once: true });
  let asked: string | undefined;
  const unsubscribe = ports.subscribe(({ before, after }) => {
    if ((after ?? before)?.metadata.name !== query.name || (after ?? before)?.kind !== 'Application') return;
    if (!after) done(undefined);
    else if (asked !== undefined && after.metadata.annotations?.[REFRESH_ANNOTATION] === undefined) done(after);
  });
  try {
    asked = (await ports.home.patch(applicationReference(ports, query.name), { type: 'merge', body })).metadata
      .resourceVersion;
    await answered;
    return responseWithHealth(ports, await findApplication(ports, query));
  } finally {
    unsubscribe();
    signal.removeEventListener('abort', giveUp);
  }
}
