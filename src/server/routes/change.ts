// Creating and changing applications.

import {
  createApplication,
  patchApplication,
  updateApplication,
  updateApplicationSpec,
} from '../../api/applications.ts';
import { asHawserError, HawserError } from '../../core/errors.ts';
import { isList, isObject, type Json, type JsonObject, parseJson, sameJson } from '../../core/json.ts';
import { fits, parse } from '../../core/shape.ts';
import { specProblems } from '../../engine/project.ts';
import { isDeleteHookFinalizer } from '../../engine/sync/hooks.ts';
import {
  type Application,
  type ApplicationSpec,
  application,
  applicationSpec,
  hasMultipleSources,
  sourcesOf,
} from '../../model/application.ts';
import { project as projectShape } from '../../model/project.ts';
import { jsonPatch } from '../../objects/json-patch.ts';
import { mergePatch, mergePatchBetween } from '../../objects/merge-patch.ts';
import { isKubeObject, type KubeObject } from '../../objects/object.ts';
import { type Route, route } from '../http/dispatch.ts';
import type { ServerPorts } from '../ports.ts';
import { applicationOnWire } from './application-response.ts';
import { applicationReference, findApplication, touchIdle } from './find.ts';

export function changeRoutes(ports: ServerPorts): Route[] {
  return [
    route(createApplication, ({ application: given, upsert, validate }) =>
      create(ports, given, { upsert: upsert ?? false, validate: validate ?? true }),
    ),
    route(updateApplication, async ({ application: given, validate, ...asked }) => {
      const name = asked['application.metadata.name'];
      const found = await findApplication(ports, {
        name,
        project: asked.project,
        appNamespace: given.metadata.namespace,
      });
      return replace(ports, found, asObject(ports, given), validate ?? true);
    }),
    route(updateApplicationSpec, async ({ spec, validate, ...asked }) => {
      const found = await findApplication(ports, asked);
      const changed = { ...found, spec: json(normalSpec(spec)) };
      const app = await replace(ports, found, changed, validate ?? true);
      return app.spec;
    }),
    route(patchApplication, async ({ patch, patchType, ...asked }) => {
      const found = await findApplication(ports, asked);
      const changed = patched(found, patch, patchType ?? '');
      return replace(ports, found, changed, true);
    }),
  ];
}

async function create(
  ports: ServerPorts,
  given: Application,
  options: { readonly upsert: boolean; readonly validate: boolean },
): Promise<Application> {
  if (given.metadata.namespace && given.metadata.namespace !== ports.namespace) {
    throw new HawserError(
      'invalid',
      `app is not allowed in project "${given.spec.project}", or the project does not exist`,
    );
  }
  const object = asObject(ports, given);
  const existing = await ports.home.get(applicationReference(ports, given.metadata.name));
  await validateApplication(ports, object, options.validate);
  await ports.run();
  if (existing) {
    if (sameApplication(existing, object)) return applicationOnWire(existing);
    if (!options.upsert) {
      throw new HawserError(
        'already-exists',
        'existing application spec is different, use upsert flag to force update',
        {
          details: { grpc: 3 },
        },
      );
    }
    const merged = withMetadata(object, existing);
    return replace(ports, existing, merged, false);
  }
  ports.touch(given.metadata.name);
  try {
    return applicationOnWire(await ports.home.create(object, { fieldManager: 'argocd-server' }));
  } catch (thrown) {
    throw withNameHint(asHawserError(thrown));
  }
}

function withNameHint(error: HawserError): HawserError {
  if (error.code !== 'invalid' || !error.message.includes('metadata.name')) return error;
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

async function replace(
  ports: ServerPorts,
  before: KubeObject,
  after: KubeObject,
  validate: boolean,
): Promise<Application> {
  const spec = parse(applicationSpec, after['spec'], 'spec');
  const normal: KubeObject = { ...after, spec: json(normalSpec(spec)) };
  await validateApplication(ports, normal, validate);
  await ports.run();
  const pick = (object: KubeObject): JsonObject => ({
    metadata: {
      labels: object.metadata.labels ?? {},
      annotations: object.metadata.annotations ?? {},
      ...(object.metadata.finalizers ? { finalizers: object.metadata.finalizers } : {}),
    },
    spec: object['spec'],
  });
  const patch = mergePatchBetween(pick(before), pick(normal));
  const name = before.metadata.name ?? '';
  touchIdle(ports, before);
  if (!patch) return applicationOnWire(before);
  return applicationOnWire(await ports.home.patch(applicationReference(ports, name), { type: 'merge', body: patch }));
}

function patched(object: KubeObject, patch: string, type: string): KubeObject {
  const result = patchedJson(object, parsedPatch(patch), type);
  if (isKubeObject(result) && fits(application, result)) return result;
  throw new HawserError('invalid', 'the patch makes something that is not an application');
}

function patchedJson(object: KubeObject, patch: Json, type: string): Json {
  if (type === 'merge') return mergePatch(object, patch);
  if (type !== 'json' && type !== '') throw new HawserError('invalid', `Patch type '${type}' is not supported`);
  if (!isList(patch)) throw new HawserError('invalid', 'a JSON patch must be a list of operations');
  return jsonPatch(object, patch);
}

function parsedPatch(text: string): Json {
  try {
    return parseJson(text);
  } catch (thrown) {
    throw new HawserError('invalid', `error decoding the patch: ${asHawserError(thrown).message}`, {
      details: { grpc: 2 },
    });
  }
}

/** What a request says of an application, as an object of the cluster: status and operation are not the caller's to set. */
function asObject(ports: ServerPorts, given: Application): KubeObject {
  const { name, labels, annotations, finalizers } = given.metadata;
  const metadata = json({ name, namespace: ports.namespace, labels, annotations, finalizers });
  return { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata, spec: json(normalSpec(given.spec)) };
}

function json(value: unknown): JsonObject {
  const parsed: unknown = JSON.parse(JSON.stringify(value));
  return isObject(parsed) ? parsed : {};
}

/** The reference's order of fields; what is empty is left out. */
function normalSpec(spec: ApplicationSpec): ApplicationSpec {
  const { source, destination, project, syncPolicy, ...rest } = spec;
  const cleaned =
    syncPolicy && Object.values(syncPolicy).some((value) => value !== undefined && value !== null)
      ? syncPolicy
      : undefined;
  return {
    ...(source && !hasMultipleSources(spec) ? { source: withoutEmptyTools(source) } : {}),
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

function sameApplication(existing: KubeObject, wanted: KubeObject): boolean {
  const pick = (object: KubeObject): Json => ({
    spec: object['spec'],
    labels: object.metadata.labels ?? {},
    annotations: object.metadata.annotations ?? {},
    finalizers: (object.metadata.finalizers ?? []).filter((name) => !isDeleteHookFinalizer(name)),
  });
  return sameJson(pick(existing), pick(wanted));
}

async function validateApplication(ports: ServerPorts, object: KubeObject, renders: boolean): Promise<void> {
  const name = object.metadata.name ?? '';
  const spec = parse(applicationSpec, object['spec'], 'spec');
  validateDestination(name, spec);
  await ports.cluster(spec.destination).catch((thrown: unknown) => {
    const { message, hint } = asHawserError(thrown);
    throw new HawserError(
      'invalid',
      `application destination spec for ${name} is invalid: ${message}`,
      hint ? { hint } : {},
    );
  });
  const reference = {
    group: 'argoproj.io',
    version: 'v1alpha1',
    kind: 'AppProject',
    namespace: ports.namespace,
    name: spec.project,
  };
  const found = await ports.home.get(reference);
  if (!found) {
    throw new HawserError('invalid', `application references project ${spec.project} which does not exist`, {
      hint: 'hawser app create … --project default',
    });
  }
  const problems = specProblems(spec, parse(projectShape, found, `project '${spec.project}'`));
  if (problems.length > 0) throw invalidSpec(name, problems);
  if (!renders) return;
  try {
    await ports.tryRender(object);
  } catch (thrown) {
    const error = asHawserError(thrown);
    const path = sourcesOf(spec)[0]?.path ?? '';
    const message = `application spec for ${name} is invalid: InvalidSpecError: Unable to generate manifests in ${path}: ${error.message}`;
    throw new HawserError(error.code, message, {
      ...(error.hint ? { hint: error.hint } : {}),
      details: { grpc: 3 },
      cause: thrown,
    });
  }
}

function validateDestination(name: string, { destination }: ApplicationSpec): void {
  const fail = (reason: string): never => {
    throw new HawserError('invalid', `application destination spec for ${name} is invalid: ${reason}`);
  };
  if (!destination.server && !destination.name) fail('Destination server missing from app spec');
  if (destination.server && destination.name) {
    fail(`application destination can't have both name and server defined: ${destination.name} ${destination.server}`);
  }
}

function invalidSpec(name: string, problems: readonly string[]): HawserError {
  const joined = problems.map((problem) => `InvalidSpecError: ${problem}`).join(';');
  return new HawserError('invalid', `application spec for ${name} is invalid: ${joined}`);
}
