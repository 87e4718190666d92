// An object that a client sends whole: read, and judged by how strict the client wants its fields to be taken.

import { type Json, textAt } from '../../core/json.ts';
import { parseMerging } from '../../core/repeated-keys.ts';
import { apiVersionOf, type KubeObject } from '../../objects/object.ts';
import type { ResourceRequest, WriteSettings } from '../api.ts';
import { asObject, type IsKnown } from '../as-object.ts';
import { sourceOf } from '../body.ts';
import { decode, typeOfKind } from '../decode.ts';
import type { Kind } from '../kinds.ts';
import { badRequest, cannotBeHandled } from '../status.ts';
import { faultsOf, judge, type Source } from '../strictness.ts';
import { readRecognized, unrecognized } from '../unrecognized.ts';

/** The body as an object of the kind that the path names. */
export function readIncoming({ api, kind, request }: ResourceRequest): Incoming {
  const source = sourceOf(request);
  const isKnown: IsKnown = (...type) => type[2] === 'List' || api.types().ofKind(...type) !== undefined;
  const value = readRecognized(kind, request);
  if (kind.custom && source) checkNamesKind(kind, value, source.text);
  return { body: asObject(kind, value, isKnown), source };
}

/** A custom resource says itself what it is: built-in kinds are told by the path. */
function checkNamesKind(kind: Kind, value: Json | undefined, text: string): void {
  if (textAt(value, 'kind') === '') throw unrecognized(kind, `Object 'Kind' is missing in '${text}'`, text);
  if (textAt(value, 'apiVersion') !== '') return;
  const expected = apiVersionOf(kind.group, kind.version);
  throw badRequest(`the API version in the data () does not match the expected API version (${expected})`);
}

/** A request as one about a part of an object, which has a type of its own. */
export function asPart(call: ResourceRequest, type: Pick<Kind, 'group' | 'version' | 'kind'>): ResourceRequest {
  const { custom: _custom, ...kind } = call.kind;
  return { ...call, kind: { ...kind, ...type } };
}

/** What is posted or put at a subresource as an object of a kind of its own. */
export function readPart(
  call: ResourceRequest,
  type: Pick<Kind, 'group' | 'version' | 'kind'>,
  settings: WriteSettings,
): ReturnType<typeof decodeIncoming> {
  const part = asPart(call, type);
  return decodeIncoming(part, readIncoming(part), settings);
}

interface Incoming {
  readonly body: KubeObject;
  readonly source: Source | undefined;
}

/** The object as its type reads it, with what to warn of. */
export function decodeIncoming(
  { api, kind }: ResourceRequest,
  { body, source }: Incoming,
  { validation }: WriteSettings,
): { readonly object: KubeObject; readonly warnings: readonly string[] } {
  const types = api.types();
  const { object, unknown } = decode(types, kind, body);
  if (validation === 'Ignore') return { object, warnings: [] };
  const type = typeOfKind(types, kind);
  const faults = faultsOf(source, { unknown, type, isCustom: kind.custom !== undefined });
  const warnings = judge(faults, validation, (text) => cannotBeHandled(kind, text));
  const isMerged = source && !source.isYaml && !kind.custom && faults.some((text) => text.startsWith('duplicate'));
  if (!isMerged) return { object, warnings };
  // Structures take what a repeated key holds over what they have.
  return { object: decode(types, kind, asObject(kind, parseMerging(source.text))).object, warnings };
}
