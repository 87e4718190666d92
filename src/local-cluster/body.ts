// The body of a request as JSON.

import { goJsonFault } from '../core/go-json.ts';
import { isObject, type Json, parseJson } from '../core/json.ts';
import { parseYaml } from '../core/yaml.ts';
import type { KubeRequest } from './request.ts';
import { badRequest, unsupportedMediaType } from './status.ts';
import type { Source } from './strictness.ts';
import { goYamlFault, surrogateFault } from './yaml-fault.ts';

const OBJECT_MEDIA_TYPES = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'] as const;

export function mediaType(request: KubeRequest): string {
  return (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** Refuses an object in a form that no object is sent in, before anything else is looked at. */
export function checkMediaType(request: KubeRequest): void {
  const type = mediaType(request);
  if (type !== '' && !OBJECT_MEDIA_TYPES.some((known) => known === type))
    throw unsupportedMediaType(OBJECT_MEDIA_TYPES);
}

/** The body of a write; absent is undefined. */
export function readBody(request: KubeRequest): Json | undefined {
  const { body } = request;
  if (body === undefined) return undefined;
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) return body;
  const source = sourceOf(request);
  if (!source || source.text === '') return undefined;
  if (source.isYaml) return fromYaml(source.text);
  const type = mediaType(request);
  if (type === '' || type === 'application/json') return fromJson(source.text);
  throw unsupportedMediaType(OBJECT_MEDIA_TYPES);
}

/** The body as text, when it came as one. */
export function sourceOf(request: KubeRequest): Source | undefined {
  const { body } = request;
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) return undefined;
  const text =
    typeof body === 'string' ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
  return { text, isYaml: mediaType(request) === 'application/yaml' };
}

function fromJson(text: string): Json {
  try {
    return parseJson(text);
  } catch (thrown) {
    const fault = goJsonFault(text) ?? (thrown instanceof Error ? thrown.message : '');
    throw badRequest(`couldn't get version/kind; json parse error: ${fault}`);
  }
}

export function fromYaml(text: string): Json {
  const parsed = readYaml(text);
  const fault = surrogateFault(text, parsed);
  if (fault !== undefined) throw badRequest(fault);
  return isJsonValue(parsed) ? parsed : null;
}

function readYaml(text: string): unknown {
  try {
    return parseYaml(text, 'body');
  } catch (thrown) {
    throw badRequest(goYamlFault(text, thrown));
  }
}

function isJsonValue(value: unknown): value is Json {
  return (
    value === null || isObject(value) || Array.isArray(value) || ['string', 'number', 'boolean'].includes(typeof value)
  );
}
