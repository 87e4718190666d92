// What is said of the versions of the store that requests name.

import type { JsonObject } from '../../core/json.ts';
import type { ResourceRequest } from '../api.ts';
import { ApiError, badRequest, internalError } from '../status.ts';

const LARGEST = 2n ** 64n - 1n;

/** Why a text is no version; undefined for one that is. */
function versionFault(query: URLSearchParams): string | undefined {
  const version = query.get('resourceVersion') ?? '';
  const isNumber = /^\d*$/.test(version);
  if (isNumber && (version === '' || BigInt(version) <= LARGEST)) return undefined;
  const text = JSON.stringify(version);
  const why = isNumber ? 'value out of range' : 'invalid syntax';
  return `resourceVersion: Invalid value: ${text}: strconv.ParseUint: parsing ${text}: ${why}`;
}

/** Throws for a version that is no number: who waits for it would wait for ever. */
export function checkResourceVersion(query: URLSearchParams): void {
  const fault = versionFault(query);
  if (fault !== undefined) throw badRequest(`invalid resource version: ${fault}`);
}

/** Of what goes to the store as it is, a version that is no number is a failure of its own. */
export function checkVersionOfStore(query: URLSearchParams): void {
  const fault = versionFault(query);
  if (fault !== undefined) throw internalError(fault);
}

/** What to say of a version that is yet to come. */
export function versionAhead({ api, request }: ResourceRequest): ApiError | undefined {
  const version = request.query.get('resourceVersion') ?? '';
  const current = api.store.revision();
  if (!/^\d+$/.test(version) || Number(version) <= current) return undefined;
  return tooLargeVersion(version, current);
}

export const tooLargeVersion = (version: string, current: number): ApiError =>
  new ApiError(504, 'Timeout', {
    message: `Timeout: Too large resource version: ${version}, current: ${current}`,
    details: {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    },
    headers: { 'retry-after': '1' },
  });

export const gone = (message: string, metadata: JsonObject = {}): ApiError =>
  new ApiError(410, 'Expired', { message, metadata });
