// What the controller tells of an application: how its status changed, and how its operations began and ended.

import type { Application } from '../model/application.ts';
import { APPLICATION_OBJECT } from '../model/application-key.ts';
import { destinationAnnotations, type EventText, eventOf } from '../model/event.ts';
import type { Operation, OperationState } from '../model/operation.ts';
import type { ControllerPorts } from './ports.ts';

type Told = Pick<EventText, 'type' | 'reason' | 'message'>;

/** Nothing fails for want of an event. */
export async function tellChange(ports: ControllerPorts, before: Application, after: Application): Promise<void> {
  const subject = { ...APPLICATION_OBJECT, metadata: after.metadata };
  const place = { namespace: after.metadata.namespace ?? ports.namespace, now: ports.clock.now() };
  const annotations = destinationAnnotations(after.spec);
  for (const told of toldOf(before, after)) {
    const event = eventOf(subject, { component: 'argocd-application-controller', annotations, ...told }, place);
    await ports.home.cluster.create(event).catch(() => undefined);
  }
}

function toldOf(before: Application, after: Application): readonly Told[] {
  const { sync: oldSync, health: oldHealth, operationState: oldState } = before.status ?? {};
  const { sync, health, operationState: state } = after.status ?? {};
  const begun = after.operation && !before.operation ? started(after.operation) : undefined;
  const ended = state && isEnded(state) && !isEnded(oldState) ? completed(state) : undefined;
  return [
    changed('sync', oldSync?.status, sync?.status),
    changed('health', oldHealth?.status, health?.status),
    begun,
    ended,
  ].flatMap((told) => told ?? []);
}

/** What is tried again has a time of its end, too. */
const isEnded = (state: OperationState | undefined): boolean =>
  state !== undefined && ['Succeeded', 'Failed', 'Error'].includes(state.phase);

function changed(what: 'sync' | 'health', from = '', to = ''): Told | undefined {
  if (from === to) return undefined;
  return { type: 'Normal', reason: 'ResourceUpdated', message: `Updated ${what} status: ${from} -> ${to}` };
}

/** Only by itself does the controller begin one. */
function started({ sync }: Operation): Told {
  const revision = sync?.revisions?.join(', ') ?? sync?.revision ?? '';
  return { type: 'Normal', reason: 'OperationStarted', message: `Initiated automated sync to '${revision}'` };
}

function completed({ phase, message = '', operation, syncResult }: OperationState): Told {
  const what = (operation?.sync?.resources?.length ?? 0) > 0 ? 'Partial sync operation' : 'Sync operation';
  const where = syncResult ? ` to ${syncResult.revision ?? ''}` : '';
  const isGood = phase === 'Succeeded';
  return {
    type: isGood ? 'Normal' : 'Warning',
    reason: 'OperationCompleted',
    message: `${what}${where} ${isGood ? 'succeeded' : `failed: ${message}`}`,
  };
}
