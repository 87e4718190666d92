// Creating and changing applications.

import type {
  CreateApplication,
  PatchApplication,
  UpdateApplication,
  UpdateApplicationSpec,
} from '../../../api/applications.ts';
import { asHawserError, HawserError, messageOf } from '../../../core/errors.ts';
import { isList, type Json, type JsonObject, listAt, parseJson, sameJson, textAt } from '../../../core/json.ts';
import { fits, parse } from '../../../core/shape.ts';
import { isDeleteHookFinalizer } from '../../../engine/sync/hooks.ts';
import {
  type Application,
  type ApplicationSpec,
  application,
  applicationSpec,
} from '../../../model/application.ts';
import { applicationKey } from '../../../model/application-key.ts';
import { jsonPatch } from '../../../objects/json-patch.ts';
import { mergePatch, mergePatchBetween } from '../../../objects/merge-patch.ts';
import { isKubeObject, type KubeObject } from '../../../objects/object.ts';
import { rbacNameOf } from '../../auth/authorize.ts';
import { permissionDenied } from '../../auth/enforcer.ts';
import type { Call } from '../../http/route.ts';
import type { ServerPorts } from '../../ports.ts';
import { jsonObject } from '../json.ts';
import { applicationReference, touchIdle } from './find.ts';
import { applicationResponse } from './response.ts';
import { type Validation, validateApplication } from './validate.ts';

export async function create(
  ports: ServerPorts,
  request: CreateApplication,
  { may, demand }: Call,
): Promise<Application> {
  const { application: given, upsert = false } = request;
  if (given.metadata.name === '') {
    const message = 'error while validating and normalizing app: resource name may not be empty';
    throw new HawserError('invalid', message, { details: { grpc: 2 } });
  }
  if (given.metadata.namespace && given.metadata.namespace !== ports.namespace) {
    throw new HawserError(
      'invalid',
      `app is not allowed in project "${given.spec.project}", or the project does not exist`,
    );
  }
  const object = storedObject(ports, given);
  const existing = await ports.home.get(applicationReference(ports, given.metadata.name));
  await validateApplication(ports, object, given.spec, request);
  await ports.run();
  if (existing) {
    if (sameApplication(existing, object)) return applicationResponse(existing);
    if (!upsert) {
      throw new HawserError(
        'already-exists',
        'existing application spec is different, use upsert flag to force update',
        { details: { grpc: 3 } },
      );
    }
    const existingName = rbacNameOf(existing, ports.namespace);
    // Whoever may not see it is not told which project has it.
    if (!may({ resource: 'applications', action: 'get', object: existingName })) throw permissionDenied();
    demand({ resource: 'applications', action: 'update', object: existingName });
    return replace(ports, existing, withMetadata(object, existing), { validate: false });
  }
  ports.touch(applicationKey(object.metadata));
  try {
    return applicationResponse(await ports.home.create(object, { fieldManager: 'argocd-server' }));
  } catch (thrown) {
    throw withNameHint(notCreated(thrown));
  }
}

function notCreated(thrown: unknown): HawserError {
  const error = asHawserError(thrown);
  return error.with({ message: `error creating application: ${error.message}` });
}

function withNameHint(error: HawserError): HawserError {
  const causes = listAt(error.details?.['status'], 'details', 'causes');
  if (error.code !== 'invalid' || !causes.some((cause) => textAt(cause, 'field') === 'metadata.name')) return error;
  return new HawserError('invalid', error.message, {
    hint: "a name has lower case letters, digits, '-' and '.', and begins and ends with a letter or digit",
    cause: error,
  });
}

/** An update or upsert: labels and annotations that were there stay where the request does not set them. */
function withMetadata(object: KubeObject, existing: KubeObject): KubeObject {
  const labels = { ...existing.metadata.labels, ...object.metadata.labels };
  const annotations = { ...existing.metadata.annotations, ...object.metadata.annotations };
  return { ...object, metadata: { ...object.metadata, labels, annotations } };
}

export async function update(
  ports: ServerPorts,
  before: KubeObject,
  { application: given, validate, requireManifests }: UpdateApplication,
  call: Call,
): Promise<Application> {
  return change(ports, before, { after: storedObject(ports, given), validate, requireManifests }, call);
}

export async function updateSpec(
  ports: ServerPorts,
  before: KubeObject,
  { spec, validate, requireManifests }: UpdateApplicationSpec,
  call: Call,
): Promise<ApplicationSpec> {
  const after = { ...before, spec: jsonObject(normalSpec(spec)) };
  return (await change(ports, before, { after, validate, requireManifests }, call)).spec;
}

export async function patch(
  ports: ServerPorts,
  before: KubeObject,
  request: PatchApplication,
  call: Call,
): Promise<Application> {
  return change(ports, before, { after: applyPatch(before, request) }, call);
}

interface SpecChange extends Validation {
  readonly after: KubeObject;
}

/** Moving an application to another project needs the rights to create and update it there. */
async function change(
  ports: ServerPorts,
  before: KubeObject,
  { after, ...validation }: SpecChange,
  { demand }: Call,
): Promise<Application> {
  const object = rbacNameOf({ ...after, metadata: before.metadata }, ports.namespace);
  if (object !== rbacNameOf(before, ports.namespace)) {
    for (const action of ['create', 'update'] as const) demand({ resource: 'applications', action, object });
  }
  return replace(ports, before, after, validation);
}

async function replace(
  ports: ServerPorts,
  before: KubeObject,
  after: KubeObject,
  validation: Validation,
): Promise<Application> {
  const spec = parse(applicationSpec, after['spec'], 'spec');
  const normal: KubeObject = { ...after, spec: jsonObject(normalSpec(spec)) };
  await validateApplication(ports, normal, spec, validation);
  await ports.run();
  const pick = (object: KubeObject): JsonObject => ({
    metadata: {
      labels: object.metadata.labels ?? {},
      annotations: object.metadata.annotations ?? {},
      ...(object.metadata.finalizers ? { finalizers: object.metadata.finalizers } : {}),
    },
    spec: object['spec'],
  });
  const body = mergePatchBetween(pick(before), pick(normal));
  const name = before.metadata.name ?? '';
  touchIdle(ports, before);
  if (!body) return applicationResponse(before);
  return applicationResponse(await ports.home.patch(applicationReference(ports, name), { type: 'merge', body }));
}

/** Throws `invalid` for a patch that makes something else of it. */
function applyPatch(object: KubeObject, { patch, patchType }: PatchApplication): KubeObject {
  const result = applyPatchText(object, patch, patchType);
  if (isKubeObject(result) && fits(application, result)) return result;
  throw new HawserError('invalid', 'the patch makes something that is not an application');
}

function applyPatchText(object: KubeObject, text: string, type: string): Json {
  if (type === 'merge') return mergePatch(object, readPatch(text, 'error calculating merge patch: Invalid JSON Patch'));
  if (type !== 'json' && type !== '') throw new HawserError('invalid', `Patch type '${type}' is not supported`);
  const patch = readPatch(text, 'error decoding json patch');
  if (!isList(patch)) throw brokenPatch('error decoding json patch: a JSON patch must be a list of operations');
  try {
    return jsonPatch(object, patch);
  } catch (thrown) {
    throw brokenPatch(`error applying patch: ${messageOf(thrown)}`);
  }
}

function readPatch(text: string, problem: string): Json {
  try {
    return parseJson(text);
  } catch {
    throw brokenPatch(problem);
  }
}

const brokenPatch = (message: string): HawserError => new HawserError('invalid', message, { details: { grpc: 2 } });

/** The object to store for a request: a caller does not set status or operation. */
function storedObject(ports: ServerPorts, given: Application): KubeObject {
  const { name, labels, annotations, finalizers } = given.metadata;
  const metadata = jsonObject({ name, namespace: ports.namespace, labels, annotations, finalizers });
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata,
    spec: jsonObject(normalSpec(given.spec)),
  };
}

/** The reference's order of fields; what is empty is left out. */
function normalSpec(spec: ApplicationSpec): ApplicationSpec {
  const { source, destination, project, syncPolicy, ...rest } = spec;
  const cleaned =
    syncPolicy && Object.values(syncPolicy).some((value) => value !== undefined && value !== null)
      ? syncPolicy
      : undefined;
  return {
    ...(source ? { source: withoutEmptyTools(source) } : {}),
    destination,
    project: project || 'default',
    ...(cleaned ? { syncPolicy: cleaned } : {}),
    ...rest,
  };
}

function withoutEmptyTools(source: NonNullable<ApplicationSpec['source']>): NonNullable<ApplicationSpec['source']> {
  const { helm, kustomize, directory, ...rest } = source;
  const used = (tool: object | undefined): boolean =>
    tool !== undefined && tool !== null && Object.keys(tool).length > 0;
  return {
    ...rest,
    ...(used(helm) ? { helm } : {}),
    ...(used(kustomize) ? { kustomize } : {}),
    ...(used(directory) ? { directory } : {}),
  };
}

function sameApplication(existing: KubeObject, desired: KubeObject): boolean {
  const pick = (object: KubeObject): Json => ({
    spec: object['spec'],
    labels: object.metadata.labels ?? {},
    annotations: object.metadata.annotations ?? {},
    finalizers: (object.metadata.finalizers ?? []).filter((name) => !isDeleteHookFinalizer(name)),
  });
  return sameJson(pick(existing), pick(desired));
}
