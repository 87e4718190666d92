// An application that is being deleted: hooks, resources, hooks again. Each stage has a finalizer that goes when it is done.

import { asHawserError, type HawserError } from '../core/errors.ts';
import { timestamp } from '../core/time.ts';
import { mergeConditions } from '../engine/conditions.ts';
import { permitsKind } from '../engine/project.ts';
import { DELETE_HOOK_FINALIZERS, waveOf } from '../engine/sync/hooks.ts';
import { hasOption } from '../engine/sync/options.ts';
import type { Application } from '../model/application.ts';
import { APPLICATION_TYPE, applicationKey, instanceName } from '../model/application-key.ts';
import { isExcluded } from '../model/comparison-settings.ts';
import { staysOnDeletion } from '../model/deletion.ts';
import type { Project } from '../model/project.ts';
import { type KubeObject, keyOf, keyText } from '../objects/object.ts';
import { changeApplication, isConfirmed } from './applications.ts';
import { cleanUpDeleteHooks, type DeletionContext, runDeleteHooks, type StageProgress } from './delete-hooks.ts';
import { releaseHook } from './operation/hooks.ts';
import { removeObject } from './operation/remove.ts';
import type { ControllerPorts, Destination, Step } from './ports.ts';

const CASCADE_FINALIZER = 'resources-finalizer.argocd.argoproj.io';
const BACKGROUND = `${CASCADE_FINALIZER}/background`;
const POLL_MS = 200;
const RETRY_MS = 2000;
const CONFIRMATION_POLL_MS = 5000;

interface Stage {
  readonly finalizers: readonly string[];
  readonly pass: (context: DeletionContext) => Promise<StageProgress>;
}

const { PreDelete, PostDelete } = DELETE_HOOK_FINALIZERS;

const STAGES: readonly Stage[] = [
  { finalizers: [PreDelete.run], pass: (context) => runDeleteHooks('PreDelete', context) },
  { finalizers: [CASCADE_FINALIZER, `${CASCADE_FINALIZER}/foreground`, BACKGROUND], pass: deleteResources },
  { finalizers: [PostDelete.run], pass: (context) => runDeleteHooks('PostDelete', context) },
  { finalizers: [PreDelete.cleanup], pass: (context) => cleanUpDeleteHooks('PreDelete', context) },
  { finalizers: [PostDelete.cleanup], pass: (context) => cleanUpDeleteHooks('PostDelete', context) },
];

const OWN_FINALIZERS = STAGES.flatMap(({ finalizers }) => finalizers);

/** One pass of the first stage that is not done. */
export async function stepDeletion(ports: ControllerPorts, app: Application): Promise<Step> {
  const finalizers = app.metadata.finalizers ?? [];
  const stage = STAGES.find((one) => one.finalizers.some((finalizer) => finalizers.includes(finalizer)));
  if (!stage) return { againAfter: undefined };
  try {
    const destination = destinationOf(ports, app);
    if (!destination) return letGo(ports, app);
    await destination.live.ready();
    const progress = await stage.pass({ ports, app, destination });
    if (progress === 'unconfirmed') return { againAfter: CONFIRMATION_POLL_MS, rests: true };
    // What has failed before may fail again: it counts as resting until a stage is done.
    if (progress === 'waiting') return { againAfter: POLL_MS, rests: hasFailed(app) };
    const remaining = finalizers.filter((finalizer) => !stage.finalizers.includes(finalizer));
    await changeApplication(ports, app, { finalizers: remaining, ...withoutError(app) });
    return { againAfter: remaining.length > 0 ? 1 : undefined };
  } catch (thrown) {
    return failed(ports, app, asHawserError(thrown));
  }
}

/** Undefined for a cluster that is not registered any more. One that cannot be reached is tried again. */
function destinationOf(ports: ControllerPorts, app: Application): Destination | undefined {
  try {
    return ports.destinations.open(app.spec.destination);
  } catch (thrown) {
    if (asHawserError(thrown).code !== 'not-found') throw thrown;
    return undefined;
  }
}

/** Nothing can be deleted where the cluster is unknown. What others wait for in the application is not ours to drop. */
async function letGo(ports: ControllerPorts, app: Application): Promise<Step> {
  const { server, name } = app.spec.destination;
  ports.log(
    `${applicationKey(app.metadata)}: what it deployed stays: there is no cluster '${name || (server ?? '')}' any more`,
  );
  const others = (app.metadata.finalizers ?? []).filter((finalizer) => !OWN_FINALIZERS.includes(finalizer));
  await changeApplication(ports, app, { finalizers: others });
  return { againAfter: undefined };
}

async function failed(ports: ControllerPorts, app: Application, { message }: HawserError): Promise<Step> {
  const condition = { type: 'DeletionError', message, lastTransitionTime: timestamp(ports.clock.now()) };
  const conditions = mergeConditions(app.status?.conditions ?? [], ['DeletionError'], [condition]);
  await changeApplication(ports, app, { status: { ...app.status, conditions } });
  return { againAfter: RETRY_MS, rests: true, backsOff: true };
}

const hasFailed = ({ status }: Application): boolean =>
  status?.conditions?.some(({ type }) => type === 'DeletionError') ?? false;

function withoutError(app: Application): { readonly status?: NonNullable<Application['status']> } {
  if (!hasFailed(app)) return {};
  const conditions = app.status?.conditions?.filter(({ type }) => type !== 'DeletionError');
  return { status: { ...app.status, conditions } };
}

/** Deletes the highest wave of what is left. */
async function deleteResources({ ports, app, destination }: DeletionContext): Promise<StageProgress> {
  const project = await ports.project(app.spec.project || 'default');
  const settings = ports.comparisonSettings();
  const { server } = destination;
  const instance = instanceName(app.metadata, ports.namespace);
  const remaining = [...destination.live.ofApplication(instance)].filter(
    (object) => isDeletable(object, app, project) && !isExcluded(settings, { ...keyOf(object), server }),
  );
  if (remaining.length === 0) return 'done';
  const going = remaining.filter((object) => object.metadata.deletionTimestamp !== undefined);
  // No operation runs any more that would release its hooks.
  for (const object of going) await releaseHook(object, destination);
  if (going.length > 0) return 'waiting';
  if (remaining.some((object) => needsConfirmation(object, app))) return 'unconfirmed';
  const highest = Math.max(...remaining.map(waveOf));
  const wave = remaining.filter((object) => waveOf(object) === highest);
  const propagation = app.metadata.finalizers?.includes(BACKGROUND) ? 'Background' : 'Foreground';
  await Promise.all(wave.map((object) => removeObject(object, destination, propagation)));
  return 'waiting';
}

function needsConfirmation(object: KubeObject, app: Application): boolean {
  const options = app.spec.syncPolicy?.syncOptions ?? [];
  const guarded = hasOption(options, object, 'Delete=confirm') || hasOption(options, object, 'Prune=confirm');
  return guarded && !isConfirmed(app, app.metadata.deletionTimestamp);
}

function isDeletable(object: KubeObject, app: Application, project: Project | undefined): boolean {
  if ((object.metadata.ownerReferences ?? []).length > 0) return false;
  const key = keyOf(object);
  const { namespace = '', name } = app.metadata;
  if (keyText(key) === keyText({ ...APPLICATION_TYPE, namespace, name })) return false;
  if (project && !permitsKind(project, { ...key, namespaced: key.namespace !== '' })) return false;
  return !staysOnDeletion(object, app.spec.syncPolicy?.syncOptions ?? []);
}
