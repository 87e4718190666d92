// Operations: sync, rollback, terminate.

import type { RollbackApplication, SyncApplication } from '../../../api/applications.ts';
import { HawserError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import { signatureRule } from '../../../engine/project/integrity.ts';
import { type Application, hasMultipleSources, isAutomated, sourcesOf } from '../../../model/application.ts';
import { applicationKey } from '../../../model/application-key.ts';
import type { Operation, SyncOperation } from '../../../model/operation.ts';
import type { KubeObject } from '../../../objects/object.ts';
import { rbacNameOf } from '../../auth/authorize.ts';
import type { Caller } from '../../auth/enforcer.ts';
import type { Call } from '../../http/route.ts';
import type { ServerPorts } from '../../ports.ts';
import { jsonObject } from '../json.ts';
import { enforcedProject } from '../projects/find.ts';
import { applicationReference, findApplication } from './find.ts';
import { dropped } from './refresh.ts';
import { applicationResponse } from './response.ts';
import { windowVerdict } from './windows.ts';

export async function sync(
  ports: ServerPorts,
  application: KubeObject,
  request: SyncApplication,
  { caller, demand }: Call,
): Promise<Application> {
  if (hasManifests(request)) {
    const object = rbacNameOf(application, ports.namespace);
    demand({ resource: 'applications', action: 'override', object });
  }
  return begin(ports, application, await syncOperation(ports, applicationResponse(application), request, caller));
}

/** Throws `blocked-by-window` where a window of the project does not let people sync. */
async function refuseBlocked(ports: ServerPorts, app: Application): Promise<void> {
  const { manual } = await windowVerdict(ports, app);
  if (!manual) throw new HawserError('blocked-by-window', 'cannot sync: blocked by sync window');
}

const hasManifests = ({ manifests = [] }: SyncApplication): boolean => manifests.length > 0;

export async function rollback(
  ports: ServerPorts,
  application: KubeObject,
  request: RollbackApplication,
  { caller }: Call,
): Promise<Application> {
  return begin(ports, application, rollbackOperation(applicationResponse(application), request, caller));
}

async function syncOperation(
  ports: ServerPorts,
  app: Application,
  request: SyncApplication,
  caller: Caller,
): Promise<Operation> {
  await refuseBlocked(ports, app);
  if (app.metadata.deletionTimestamp) throw precondition('application is deleting');
  const automated = isAutomated(app.spec);
  const local = hasManifests(request);
  if (local && automated && !request.dryRun) {
    throw precondition('cannot use local sync when Automatic Sync Policy is enabled unless for dry run');
  }
  if (local && (await demandsSignatures(ports, app)))
    throw precondition('cannot use local sync when the project demands signed commits');
  const [source] = sourcesOf(app.spec);
  const target = source?.targetRevision || 'HEAD';
  if (request.revision && automated && !request.dryRun && request.revision !== target) {
    throw precondition(`Cannot sync to ${request.revision}: auto-sync currently set to ${target}`);
  }
  const options = request.syncOptions?.items ?? app.spec.syncPolicy?.syncOptions;
  const sync: SyncOperation = {
    ...(await revisionsOf(ports, app, request)),
    ...(request.prune ? { prune: true } : {}),
    ...(request.dryRun ? { dryRun: true } : {}),
    ...(request.strategy ? { syncStrategy: request.strategy } : {}),
    ...(request.resources?.length ? { resources: request.resources } : {}),
    ...(local ? { manifests: request.manifests } : {}),
    ...(options?.length ? { syncOptions: options } : {}),
  };
  const retry = request.retryStrategy ?? app.spec.syncPolicy?.retry;
  return {
    sync,
    initiatedBy: { username: caller.username },
    ...(request.infos?.length ? { info: request.infos } : {}),
    ...(retry ? { retry } : {}),
  };
}

async function demandsSignatures(ports: ServerPorts, { spec }: Application): Promise<boolean> {
  const project = await enforcedProject(ports, spec.project || 'default');
  return project !== undefined && sourcesOf(spec).some((source) => signatureRule(project, source) !== undefined);
}

/** Resolves revisions now, so that a later commit does not change what runs. */
async function revisionsOf(ports: ServerPorts, app: Application, request: SyncApplication): Promise<SyncOperation> {
  const sources = sourcesOf(app.spec);
  const project = app.spec.project || 'default';
  const targets = sources.map((source, index) => {
    const position = request.sourcePositions?.indexOf(index + 1) ?? -1;
    const targetRevision =
      position >= 0 ? request.revisions?.[position] : hasMultipleSources(app.spec) ? undefined : request.revision;
    return targetRevision ? { ...source, targetRevision } : source;
  });
  const revisions = await Promise.all(
    targets.map((source) => ports.repositories.resolve(source, { project, force: true })),
  );
  if (hasMultipleSources(app.spec)) return { sources, revisions };
  return { revision: revisions[0], source: sources[0] };
}

function rollbackOperation(app: Application, request: RollbackApplication, caller: Caller): Operation {
  const { name, namespace, deletionTimestamp } = app.metadata;
  if (deletionTimestamp) throw precondition('application is deleting');
  if (isAutomated(app.spec)) {
    throw new HawserError('needs-decision', 'rollback cannot be initiated when auto-sync is enabled', {
      hint: `hawser app rollback ${name} ${request.id} --disable-auto-sync`,
    });
  }
  const entry = app.status?.history?.find((one) => one.id === request.id);
  if (!entry) {
    throw new HawserError(
      'not-found',
      `application ${namespace}/${name} does not have deployment with id ${request.id}`,
      { hint: `hawser app history ${name}`, details: { grpc: 3 } },
    );
  }
  const options = app.spec.syncPolicy?.syncOptions;
  const sync: SyncOperation = {
    ...(entry.sources?.length
      ? { sources: entry.sources, revisions: entry.revisions }
      : { revision: entry.revision, source: entry.source }),
    ...(request.prune ? { prune: true } : {}),
    ...(request.dryRun ? { dryRun: true } : {}),
    syncStrategy: { apply: {} },
    ...(options?.length ? { syncOptions: options } : {}),
  };
  return { sync, initiatedBy: { username: caller.username } };
}

/** Sets the operation, and clears the state of the last one: a poll must not take its end for the end of this one. */
async function begin(ports: ServerPorts, application: KubeObject, operation: Operation): Promise<Application> {
  if (application['operation'] !== undefined) throw busy();
  await ports.run();
  ports.touch(applicationKey(application.metadata));
  const written = await writeIdle(ports, application, {
    operation: jsonObject(operation),
    status: { operationState: null },
  });
  if (written['operation'] === undefined) throw dropped(written.metadata.name ?? '', 'synced', 'operation');
  return applicationResponse(written);
}

/** Writes while no operation runs. The version of the object keeps two callers from setting one each. */
async function writeIdle(ports: ServerPorts, application: KubeObject, body: JsonObject): Promise<KubeObject> {
  const { name = '' } = application.metadata;
  for (let current = application; ; ) {
    try {
      const { resourceVersion } = current.metadata;
      const patch = { type: 'merge', body: { ...body, metadata: { resourceVersion } } } as const;
      return await ports.home.patch(applicationReference(ports, name), patch);
    } catch (thrown) {
      if (!(thrown instanceof HawserError) || thrown.code !== 'conflict') throw thrown;
      current = await findApplication(ports, { name });
      if (current['operation'] !== undefined) throw busy();
    }
  }
}

export async function terminate(ports: ServerPorts, application: KubeObject): Promise<unknown> {
  const app = applicationResponse(application);
  const state = app.status?.operationState;
  if (!app.operation || !state)
    throw new HawserError('invalid', 'Unable to terminate operation. No operation is in progress');
  await ports.run();
  ports.touch(applicationKey(application.metadata));
  const body = { status: { operationState: { phase: 'Terminating' } } };
  await ports.home.patch(applicationReference(ports, app.metadata.name), { type: 'merge', body });
  return {};
}

function precondition(message: string): HawserError {
  return new HawserError('invalid', message, { details: { grpc: 9 } });
}

function busy(): HawserError {
  return new HawserError('busy', 'another operation is already in progress');
}
