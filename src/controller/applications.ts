// Applications as objects of the home cluster: read from the live state, changed by merge patches.

import { HawserError } from '../core/errors.ts';
import { isObject, type JsonObject, toJson } from '../core/json.ts';
import { parse } from '../core/shape.ts';
import { type Application, type ApplicationStatus, application } from '../model/application.ts';
import {
  APPLICATION_TYPE,
  type ApplicationKey,
  isApplicationKind,
  parseApplicationKey,
} from '../model/application-key.ts';
import type { Operation } from '../model/operation.ts';
import { mergePatchBetween } from '../objects/merge-patch.ts';
import { type KubeObject, keyOf } from '../objects/object.ts';
import { tellChange } from './events.ts';
import type { ControllerPorts } from './ports.ts';

export const APPROVED_ANNOTATION = 'argocd.argoproj.io/deletion-approved';

/** Whether a person has approved of what needs a confirmation, at this time or later. */
export function isConfirmed(app: Application, since: string | undefined): boolean {
  const approved = Date.parse(app.metadata.annotations?.[APPROVED_ANNOTATION] ?? '');
  return approved >= Date.parse(since ?? '');
}

/** Whether an object of the home cluster is an application that the controller works on. */
export function isWatchedApplication({ namespaces }: Pick<ControllerPorts, 'namespaces'>, object: KubeObject): boolean {
  return isApplicationKind(keyOf(object)) && namespaces.includes(object.metadata.namespace ?? '');
}

/** The application as the live state has it. */
export function readApplication(
  { home, namespaces }: Pick<ControllerPorts, 'home' | 'namespaces'>,
  key: ApplicationKey,
): Application | undefined {
  const { namespace, name } = parseApplicationKey(key);
  const object = namespaces.includes(namespace) ? home.live.get({ ...APPLICATION_TYPE, namespace, name }) : undefined;
  return object && asApplication(object);
}

/** An object of the cluster as an application; throws `bad-answer` naming the field that does not fit. */
export function asApplication(object: KubeObject): Application {
  return parse(application, object, `application '${object.metadata.name ?? ''}'`);
}

/** What to change of an application: absent is left alone, null is removed. */
export interface ApplicationChange {
  readonly status?: ApplicationStatus;
  readonly operation?: Operation | null;
  readonly annotations?: Readonly<Record<string, string | null>>;
  readonly finalizers?: readonly string[];
}

/** Writes what differs; returns the application as it is then. Throws `not-found` when it is gone. */
export async function changeApplication(
  ports: ControllerPorts,
  before: Application,
  change: ApplicationChange,
): Promise<Application> {
  const body = patchOf(before, change);
  if (!body) return before;
  const reference = {
    ...APPLICATION_TYPE,
    namespace: before.metadata.namespace ?? ports.namespace,
    name: before.metadata.name,
  };
  const written = await ports.home.cluster.patch(
    reference,
    { type: 'merge', body },
    { fieldManager: 'argocd-controller' },
  );
  ports.home.live.put(written);
  const after = asApplication(written);
  await tellChange(ports, before, after);
  return after;
}

function patchOf(before: Application, change: ApplicationChange): JsonObject | undefined {
  const status = change.status && mergePatchBetween(plain(before.status ?? {}), plain(change.status));
  const operation =
    change.operation === null
      ? before.operation
        ? { operation: null }
        : {}
      : change.operation
        ? { operation: plain(change.operation) }
        : {};
  const metadata: JsonObject = {
    ...(change.annotations ? { annotations: change.annotations } : {}),
    ...(change.finalizers ? { finalizers: change.finalizers } : {}),
  };
  const patch: JsonObject = {
    ...(status ? { status } : {}),
    ...operation,
    ...(Object.keys(metadata).length > 0 ? { metadata } : {}),
  };
  return Object.keys(patch).length > 0 ? patch : undefined;
}

/** A model value as JSON: undefined fields are gone. */
function plain(value: unknown): JsonObject {
  const copy = toJson(value);
  if (isObject(copy)) return copy;
  throw new HawserError('internal', 'not an object');
}
