// What clients of Kubernetes try again by themselves: a request that the server asks to repeat, and a patch that lost a race.

import { setTimeout as sleep } from 'node:timers/promises';
import { isObject, listAt, numberAt, textAt } from '../core/json.ts';
import type { KubeRequest, KubeResponse, KubeTransport } from './transport.ts';

/** As client-go does. */
const MAX_RETRIES = 10;
const LONGEST_PAUSE_MS = 10_000;
const LOST_RACE_PAUSE_MS = 50;

export function withRetries(transport: KubeTransport): KubeTransport {
  return async (request) => {
    for (let attempt = 0; ; attempt += 1) {
      const response = await transport(request);
      const pause = attempt < MAX_RETRIES ? pauseOf(request, response) : undefined;
      if (pause === undefined) return response;
      // An aborted request is answered by what came last.
      const hasSlept = await sleep(pause, true, request.signal ? { signal: request.signal } : {}).catch(() => false);
      if (!hasSlept) return response;
    }
  };
}

/** How long to wait before the same request is sent again; undefined where it is not. */
function pauseOf(request: KubeRequest, { status, body }: KubeResponse): number | undefined {
  if (status < 400) return undefined;
  const seconds = numberAt(body, 'details', 'retryAfterSeconds');
  if (status === 429 || (status >= 500 && seconds !== undefined)) {
    return Math.min((seconds ?? 1) * 1000, LONGEST_PAUSE_MS);
  }
  return status === 409 && isBlindPatch(request) && isLostRace(body) ? LOST_RACE_PAUSE_MS : undefined;
}

/** A patch that names no version means any. */
const isBlindPatch = ({ method, body }: KubeRequest): boolean =>
  method === 'PATCH' &&
  isObject(body) &&
  textAt(body, 'metadata', 'resourceVersion') === '' &&
  textAt(body, 'metadata', 'uid') === '';

const isLostRace = (body: KubeResponse['body']): boolean =>
  textAt(body, 'reason') === 'Conflict' && listAt(body, 'details', 'causes').length === 0;
