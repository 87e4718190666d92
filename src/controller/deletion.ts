// An application that is being deleted: with the cascade finalizer its resources go first, highest wave first.

import { asHawserError } from '../core/errors.ts';
import { timestamp } from '../core/time.ts';
import { mergeConditions } from '../engine/conditions.ts';
import { ownerApplication } from '../engine/resource/tracking.ts';
import { waveOf } from '../engine/sync/hooks.ts';
import { hasOption } from '../engine/sync/options.ts';
import type { Application } from '../model/application.ts';
import { annotationsOf, type KubeObject } from '../objects/object.ts';
import { changeApplication } from './applications.ts';
import { referenceOf } from './operation/apply.ts';
import type { ControllerPorts, Destination } from './ports.ts';

const CASCADE_FINALIZER = 'resources-finalizer.argocd.argoproj.io';
const POLL_MS = 200;

function isCascadeFinalizer(finalizer: string): boolean {
  return [CASCADE_FINALIZER, `${CASCADE_FINALIZER}/foreground`, `${CASCADE_FINALIZER}/background`].includes(finalizer);
}

/** One pass; resolves to the milliseconds until the next one, undefined when nothing is left to do. */
export async function stepDeletion(ports: ControllerPorts, app: Application): Promise<number | undefined> {
  const finalizers = app.metadata.finalizers ?? [];
  const cascade = finalizers.find(isCascadeFinalizer);
  if (cascade === undefined) return undefined;
  let destination: Destination;
  try {
    destination = await ports.destination(app.spec.destination);
  } catch {
    // Nobody knows the cluster any more: there is nothing that could be deleted.
    await changeApplication(ports, app, { finalizers: [] });
    return undefined;
  }
  try {
    if (await deleteResources(destination, app, cascade.endsWith('/background'))) return POLL_MS;
    await changeApplication(ports, app, {
      finalizers: finalizers.filter((finalizer) => !isCascadeFinalizer(finalizer)),
    });
    return undefined;
  } catch (thrown) {
    const condition = {
      type: 'DeletionError',
      message: asHawserError(thrown).message,
      lastTransitionTime: timestamp(ports.clock.now()),
    };
    const conditions = mergeConditions(app.status?.conditions ?? [], ['DeletionError'], [condition]);
    await changeApplication(ports, app, { status: { ...app.status, conditions } });
    return POLL_MS * 10;
  }
}

/** Deletes the highest wave of what is left; false when nothing is. */
async function deleteResources(destination: Destination, app: Application, background: boolean): Promise<boolean> {
  await destination.live.ready();
  const left = [...destination.live.objects()].filter((object) => isDeletable(object, app));
  if (left.length === 0) return false;
  if (left.some((object) => object.metadata.deletionTimestamp !== undefined)) return true;
  const highest = Math.max(...left.map(waveOf));
  const wave = left.filter((object) => waveOf(object) === highest);
  await Promise.all(
    wave.map((object) =>
      destination.cluster
        .delete(referenceOf(object), { propagation: background ? 'Background' : 'Foreground' })
        .catch((thrown: unknown) => {
          if (asHawserError(thrown).code !== 'not-found') throw thrown;
        }),
    ),
  );
  return true;
}

function isDeletable(object: KubeObject, app: Application): boolean {
  if (ownerApplication(object) !== app.metadata.name || (object.metadata.ownerReferences ?? []).length > 0)
    return false;
  if (object.kind === 'CustomResourceDefinition') return false;
  if (object.kind === 'Application' && object.metadata.name === app.metadata.name) return false;
  if (annotationsOf(object)['helm.sh/resource-policy'] === 'keep') return false;
  return !hasOption(app.spec.syncPolicy?.syncOptions ?? [], object, 'Delete=false');
}
