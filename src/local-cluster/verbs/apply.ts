// The apply patch.

import { goText } from '../../core/go-text.ts';
import { canonicalJson, isObject, type Json, type JsonObject, objectAt, textAt, withAt } from '../../core/json.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { timestamp } from '../../core/time.ts';
import { applyTyped, type Conflict } from '../../objects/apply.ts';
import { normalise } from '../../objects/normalise.ts';
import { apiVersionOf, groupOf, isKubeObject, type KubeObject, versionOf } from '../../objects/object.ts';
import { VersionError } from '../../objects/other-versions.ts';
import { UntypableError } from '../../objects/typed.ts';
import { listedFaults, typedFaults } from '../../objects/typed-faults.ts';
import type { ResourceRequest, WriteSettings } from '../api.ts';
import { sourceOf } from '../body.ts';
import { decode, type FieldValidation, typeOfKind } from '../decode.ts';
import type { Kind } from '../kinds.ts';
import { checkAddress, unnamed } from '../object-meta.ts';
import { changesPart } from '../pod-parts.ts';
import { isOn } from '../query.ts';
import { createInStore, managerOf, updateInStore } from '../registry.ts';
import type { KubeResponse } from '../request.ts';
import { inServedVersion } from '../response.ts';
import { unlessMade } from '../stale.ts';
import { ApiError, badRequest, conflict, internalError, notFound } from '../status.ts';
import { hasSubresource, saidWithStatus, untouchedBy } from '../strategy.ts';
import { repeatedLines } from '../strictness.ts';
import { otherVersions } from '../versions.ts';
import { answerWrite } from './answer.ts';
import { inNamespace } from './create.ts';
import { checkVersion } from './update.ts';

export async function applyPatch(
  call: ResourceRequest,
  patch: Json,
  writeSettings: WriteSettings,
): Promise<KubeResponse> {
  const { api, kind, path } = call;
  const settings: WriteSettings = { ...writeSettings, operation: 'Apply' };
  const { applied, fault } = readApplied(call, patch);
  const live = api.store.get(kind.storage, path.namespace, path.name);
  if (!live && path.subresource !== '') throw notFound(kind, path.name);
  const { before, object, conflicts } = laidOver(call, applied, { live, settings, isReadable: !fault });
  if (conflicts.length > 0) throw applyConflict(conflicts);
  if (fault) throw fault;
  const warnings = judgeText(call, settings.validation);
  checkMeant(call, { patch, applied, isThere: live !== undefined });
  if (!before) {
    const { resourceVersion, ...metadata } = object.metadata;
    // Only a dry run answers the version that was asked for.
    const kept = settings.dryRun ? omitUndefined({ resourceVersion }) : {};
    const fresh: KubeObject = { ...object, metadata: { ...metadata, ...kept } };
    const made = await unlessMade(() => createInStore(api, kind, fresh, settings));
    return answerWrite(call, made, { status: 201, warnings });
  }
  const after = isTakenOver(settings, before) ? remembered(object, patch) : object;
  const stored = await updateInStore(api, kind, { before, after, settings: { ...settings, isRead: true } });
  return answerWrite(call, stored, { warnings, before });
}

interface Meant {
  readonly patch: Json;
  readonly applied: KubeObject;
  readonly isThere: boolean;
}

/** Refuses an apply that takes the name away, or names none for a new object, and one of an object that never was. */
function checkMeant({ kind, path }: ResourceRequest, { patch, applied, isThere }: Meant): void {
  const { name } = objectAt(patch, 'metadata');
  if (name === '' || name === null || (name === undefined && !isThere)) throw unnamed(path);
  const { uid = '', resourceVersion = '' } = applied.metadata;
  checkVersion(resourceVersion);
  if (isThere || uid === '') return;
  const why = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
  throw conflict(kind, path.name, why);
}

interface LaidOver {
  readonly before: KubeObject | undefined;
  readonly object: KubeObject;
  readonly conflicts: readonly Conflict[];
}

interface Circumstances {
  readonly live: KubeObject | undefined;
  readonly settings: WriteSettings;
  /** Not so where a value is of another type: only who is in the way is asked then. */
  readonly isReadable?: boolean;
}

/** What an apply makes of the live object, and who does not let it. */
export function laidOver(
  { api, kind, path, request }: ResourceRequest,
  applied: KubeObject,
  { live, settings, isReadable = true }: Circumstances,
): LaidOver {
  const types = api.types();
  const before = live && inServedVersion(kind, live);
  // Of a built-in object that nobody owns a part of, it may be for want of a key.
  if (before && (kind.custom || !before.metadata.managedFields)) checkTyped({ api, kind }, before);
  const isStatusApart = path.subresource === '' && hasSubresource(kind, 'status');
  const { object, conflicts } = typedApply(() => before && checkTyped({ api, kind }, before), {
    live: before,
    applied: isStatusApart ? without(applied, 'status') : applied,
    beside: isStatusApart && applied['status'] !== undefined ? { status: applied['status'] } : undefined,
    type: typeOfKind(types, kind),
    manager: managerOf(kind, settings),
    force: isOn(request.query, 'force'),
    ...omitUndefined({ takenOver: before && takenOver(settings, before) }),
    time: timestamp(api.clock.now()),
    untouched: untouchedBy(kind, settings.subresource),
    others: otherVersions(api, kind),
    read: (whole) => (isReadable ? decode(types, kind, whole, { isApplied: true }).object : whole),
  });
  return { before, object, conflicts };
}

function typedApply(
  checkLive: () => void,
  application: Parameters<typeof applyTyped>[0],
): ReturnType<typeof applyTyped> {
  try {
    return applyTyped(application);
  } catch (thrown) {
    if (thrown instanceof UntypableError) checkLive();
    throw thrown instanceof VersionError ? internalError(thrown.message) : thrown;
  }
}

/** Keys that stand twice in the configuration: its fields are known, or the apply has failed. */
function judgeText({ request }: ResourceRequest, validation: FieldValidation): readonly string[] {
  const source = sourceOf(request);
  const lines = source && validation !== 'Ignore' ? repeatedLines(source.text) : [];
  if (validation !== 'Strict' || lines.length === 0) return lines;
  const why = `error converting YAML to JSON: yaml: unmarshal errors:\n  ${lines.join('\n  ')}`;
  throw badRequest(`error strict decoding YAML: ${why}`);
}

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** kubectl, going over to applying on the server, owns what it has applied on its own side. */
function isTakenOver(settings: WriteSettings, before: KubeObject): boolean {
  return settings.manager === 'kubectl' && before.metadata.annotations?.[LAST_APPLIED] !== undefined;
}

function takenOver(settings: WriteSettings, before: KubeObject): KubeObject | undefined {
  if (!isTakenOver(settings, before)) return undefined;
  try {
    const applied: unknown = JSON.parse(before.metadata.annotations?.[LAST_APPLIED] ?? '');
    return isKubeObject(applied) ? applied : undefined;
  } catch {
    return undefined;
  }
}

/** The live object remembers the new configuration, for a later apply on the client's side. */
function remembered(object: KubeObject, patch: Json): KubeObject {
  const annotations = { ...object.metadata.annotations, [LAST_APPLIED]: `${canonicalJson(patch)}\n` };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

interface Configured {
  readonly applied: KubeObject;
  /** What is thrown when nobody else's fields are in the way: a value that its type cannot hold. */
  readonly fault: ApiError | undefined;
}

/** The applied fields, without those that this path may not own. */
export function readApplied(call: ResourceRequest, patch: Json): Configured {
  if (!isObject(patch)) throw badRequest('an apply patch is an object');
  const { api, kind, path } = call;
  const apiVersion = textAt(patch, 'apiVersion');
  const kindName = textAt(patch, 'kind');
  if (apiVersion !== apiVersionOf(kind.group, kind.version) || kindName !== kind.kind) {
    const given = { group: groupOf(apiVersion), version: versionOf(apiVersion), kind: kindName };
    throw badRequest(`invalid object type: ${typeText(given)}`);
  }
  const metadata = patch['metadata'] ?? {};
  if (!isObject(metadata))
    throw untypable(call, { ...patch, apiVersion, kind: kindName, metadata: {} }, [
      `.metadata: expected map, got &{${goText(metadata)}}`,
    ]);
  const configuration: KubeObject = { ...patch, apiVersion, kind: kindName, metadata };
  if (configuration.metadata.managedFields !== undefined) throw badRequest('metadata.managedFields must be nil');
  checkAddress(path, configuration);
  const configured = inNamespace(
    { ...configuration, metadata: { ...configuration.metadata, name: path.name } },
    path.namespace,
  );
  const { object, fault: why } = readTyped(call, configured);
  const type = typeOfKind(api.types(), kind);
  const faults = typedFaults(configured, type);
  if (faults.length > 0) throw untypable(call, configuration, faults);
  const read = isKubeObject(object) ? object : configured;
  const fault = why === undefined ? undefined : unconvertible(call, configuration, why);
  return { applied: ownPart(call, read), fault };
}

function ownPart({ kind, path }: ResourceRequest, object: KubeObject): KubeObject {
  if (changesPart(kind, path.subresource)) return object;
  if (path.subresource !== '') return only(object, kind, path.subresource);
  return hasSubresource(kind, 'status') ? without(object, 'status') : object;
}

/** Nothing is laid over an object that its definition has outgrown. */
function checkTyped({ api, kind }: Pick<ResourceRequest, 'api' | 'kind'>, live: KubeObject): void {
  const found = typedFaults(live, typeOfKind(api.types(), kind));
  // All else that is stored of a built-in kind has been read by its type, and may name things twice.
  const faults = kind.custom ? found : found.filter((fault) => fault.includes('omits all key fields'));
  if (faults.length === 0) return;
  const why = `failed to convert new object (${placeOf({ kind }, live)}) to smd typed: ${listedFaults(faults)}`;
  throw internalError(`failed to create manager for existing fields: ${why}`);
}

/** As Go prints the type of an object. */
const typeText = ({ group, version, kind }: Pick<Kind, 'group' | 'version' | 'kind'>): string =>
  `${group}/${version}, Kind=${kind}`;

const placeOf = ({ kind }: Pick<ResourceRequest, 'kind'>, { metadata }: KubeObject): string =>
  `${metadata.namespace ?? ''}/${metadata.name ?? ''}; ${typeText(kind)}`;

const untypable = (call: ResourceRequest, object: KubeObject, faults: readonly string[]): ApiError =>
  internalError(`failed to create typed patch object (${placeOf(call, object)}): ${listedFaults(faults)}`);

function unconvertible(call: ResourceRequest, object: KubeObject, why: string): ApiError {
  const failed = `unable to convert unstructured object to ${typeText(call.kind)}: ${why}`;
  return internalError(`failed to convert new object (${placeOf(call, object)}) to proper version: ${failed}`);
}

function readTyped(
  { api, kind }: ResourceRequest,
  object: KubeObject,
): { readonly object: JsonObject; readonly fault?: string | undefined } {
  const types = api.types();
  // Who applies a custom resource owns all that he says, also what the definition drops.
  if (kind.custom) return { object };
  const { object: read, findings } = normalise(object, typeOfKind(types, kind), { name: kind.kind, keepEmpty: true });
  return { object: read, fault: findings.fault?.text };
}

function without(object: KubeObject, part: string): KubeObject {
  const rest = withAt(object, [part], undefined);
  return isKubeObject(rest) ? rest : object;
}

/** At a subresource only its own part counts, with the metadata that is written there. */
function only(object: KubeObject, kind: Kind, part: string): KubeObject {
  const field = part === 'approval' ? 'status' : part;
  const own = object[field];
  const metadata = saidWithStatus(kind, object.metadata);
  const base: KubeObject = { apiVersion: object.apiVersion, kind: object.kind, metadata };
  return own === undefined ? base : { ...base, [field]: own };
}

export function applyConflict(conflicts: readonly Conflict[]): ApiError {
  const [first] = conflicts;
  const causes = conflicts.map(({ manager, path }) => ({
    reason: 'FieldManagerConflict',
    message: manager,
    field: path,
  }));
  const many = conflicts.length === 1 ? 'conflict' : 'conflicts';
  const text = conflicts.length === 1 && first ? `${first.manager}: ${first.path}` : grouped(conflicts);
  return new ApiError(409, 'Conflict', {
    message: `Apply failed with ${conflicts.length} ${many}: ${text}`,
    details: { causes },
  });
}

function grouped(conflicts: readonly Conflict[]): string {
  const managers = [...new Set(conflicts.map(({ manager }) => manager))].sort();
  return managers
    .flatMap((manager) => [
      `${manager.replace(/^conflict /, 'conflicts ')}:`,
      ...conflicts.filter((entry) => entry.manager === manager).map(({ path }) => `- ${path}`),
    ])
    .join('\n');
}
