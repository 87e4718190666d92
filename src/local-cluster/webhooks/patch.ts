// The patch with which a webhook answers, and the object that it makes.

import { goJsonFault } from '../../core/go-json.ts';
import { isObject, type Json, parseJson } from '../../core/json.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { goKind } from '../../objects/go-types.ts';
import { jsonPatch, jsonPatchFault, TestFailedError } from '../../objects/json-patch.ts';
import { isKubeObject, type KubeObject, type ObjectMeta } from '../../objects/object.ts';
import type { Api, JudgedWrite } from '../api.ts';
import { decode } from '../decode.ts';
import type { Kind } from '../kinds.ts';
import { checkType, metadataFault } from '../policies/mutate.ts';
import { withOwnMeta } from '../policies/mutated-meta.ts';
import { inServedVersion } from '../response.ts';
import type { Response } from './answer.ts';
import type { Hook } from './hooks.ts';
import { failed, internal } from './words.ts';

interface Heard {
  readonly hook: Hook;
  readonly kind: Kind;
  readonly write: JudgedWrite;
}

/** An object as a webhook hears of it. */
export const servedAs = (kind: Kind, { told }: JudgedWrite, object: KubeObject): KubeObject =>
  told ? object : inServedVersion(kind, object);

/** The object with the patch of an answer applied, read and filled in as one that is sent. */
export function changedBy(
  api: Api,
  { hook, kind, write }: Heard,
  { patch, patchType }: Response,
): KubeObject | undefined {
  const operations = patch === undefined ? [] : operationsIn(hook, patch);
  const { object } = write;
  if (!operations || operations.length === 0) return object;
  if (patchType !== '' && patchType !== 'JSONPatch')
    throw failed(hook.name, `unsupported patch type ${JSON.stringify(patchType)}`);
  if (!object)
    throw internal(
      `admission webhook ${JSON.stringify(hook.name)} attempted to modify the object, which is not supported for this operation`,
    );
  const served = servedAs(kind, write, object);
  const patched = operated(served, operations);
  const { metadata = {}, ...rest } = isObject(patched) ? patched : {};
  const { apiVersion, kind: name } = object;
  const whole = { apiVersion: served.apiVersion, kind: name, ...rest, metadata };
  if (!isKubeObject(whole)) throw internal(metadataFault(kind.kind, metadata));
  const [heard, asked] = [kind, write.kind].map((one): Kind => ({ ...one, ...write.told }));
  if (!heard || !asked) return object;
  checkType(heard, whole);
  return decode(api.types(), asked, { ...whole, apiVersion }, { refuse: internal }).object;
}

/** Undefined where the webhook need not answer well. */
function operationsIn(hook: Hook, text: string): readonly Json[] | undefined {
  const fault = goJsonFault(text) ?? shapeFault(parseJson(text));
  if (fault === undefined) {
    const value = parseJson(text);
    return Array.isArray(value) ? value : [];
  }
  if (hook.isIgnored) return undefined;
  throw failed(hook.name, `received undecodable patch in webhook response: ${fault}`);
}

function shapeFault(value: Json): string | undefined {
  const into = (one: Json, type: string): string =>
    `json: cannot unmarshal ${goKind(one)} into Go value of type jsonpatch.${type}`;
  if (value === null) return undefined;
  if (!Array.isArray(value)) return into(value, 'Patch');
  const other = value.find((one) => one !== null && !isObject(one));
  return other === undefined ? undefined : into(other, 'Operation');
}

function operated(object: Json, operations: readonly Json[]): Json {
  let value = object;
  for (const operation of operations) {
    try {
      value = jsonPatch(value, [operation]);
    } catch (thrown) {
      if (thrown instanceof TestFailedError) throw internal(thrown.message);
      throw internal(isObject(operation) ? jsonPatchFault(value, operation) : 'Unexpected kind: unknown');
    }
  }
  return value;
}

/** Whether a name was made for an object, which then comes after webhooks that mutate. */
export function isGenerated({ name = '', generateName = '' }: ObjectMeta): boolean {
  const prefix = generateName.slice(0, LONGEST_PREFIX);
  return prefix !== '' && name.length === prefix.length + MADE && name.startsWith(prefix);
}

const LONGEST_PREFIX = 58;
const MADE = 5;

/** A new object without what only its storing gives to it. */
export function unnamed(object: KubeObject): KubeObject {
  const { uid: _uid, creationTimestamp: _time, generation: _generation, name, ...metadata } = object.metadata;
  const isGiven = name !== undefined && !isGenerated(object.metadata);
  return { ...object, metadata: { ...(isGiven ? { name } : {}), ...metadata } };
}

/** What webhooks have made, with what only storing gives to an object. */
export function withGiven(changed: KubeObject, write: JudgedWrite & { readonly object: KubeObject }): KubeObject {
  const { name, generateName } = changed.metadata;
  const isUnnamed = (name ?? '') === '' && (generateName ?? '') !== '' && isGenerated(write.object.metadata);
  const made = isUnnamed ? write.object.metadata.name : name;
  return withOwnMeta({ ...changed, metadata: omitUndefined({ ...changed.metadata, name: made }) }, write);
}
