// What two answers of a server tell: that it is there and how fast, who one is, its version and its clock.

import { getUserInfo, getVersion, type ServerVersion, type UserInfo } from '../../api/sessions.ts';
import type { JsonObject } from '../../core/json.ts';
import { formatDuration, timestamp } from '../../core/time.ts';
import type { Finding } from '../../model/checkup.ts';
import { readClaims } from '../config/claims.ts';
import type { Connection, Context } from '../context.ts';
import type { FolderState } from './inspector.ts';

export interface ServerAnswers {
  readonly version: ServerVersion;
  readonly user: UserInfo;
  /** The way there and back, over a connection that is open. */
  readonly roundTripMs: number;
  /** How far the server's clock is ahead of ours; undefined where it does not say. */
  readonly skewMs: number | undefined;
}

type Asker = Pick<Context, 'clock'>;

export async function askServer({ client }: Connection, { clock }: Asker, signal: AbortSignal): Promise<ServerAnswers> {
  let skewMs: number | undefined;
  const onHeaders = (headers: Readonly<Record<string, string>>): void => {
    const date = Date.parse(headers['date'] ?? '');
    skewMs = Number.isNaN(date) ? undefined : date - clock.now();
  };
  const version = await client.call(getVersion, {}, { signal, once: true, onHeaders });
  const begun = clock.now();
  const user = await client.call(getUserInfo, {}, { signal });
  return { version, user, roundTripMs: clock.now() - begun, skewMs };
}

const SLOW_MS = 2000;

export function serverFinding(
  { roundTripMs }: ServerAnswers,
  { client, local }: Connection,
  folder: FolderState | undefined,
): Finding {
  const facts = { roundTripMs };
  const time = `${Math.round(roundTripMs)} ms`;
  if (local) {
    const who =
      folder?.use === 'free' ? 'runs within each command' : 'is served by the process that has its data folder';
    return { verdict: 'ok', message: `the local system ${who}; answered in ${time}`, facts };
  }
  const message = `${client.address} answered in ${time}`;
  return roundTripMs < SLOW_MS
    ? { verdict: 'ok', message, facts }
    : {
        verdict: 'warning',
        message: `${message}: that is slow`,
        hint: 'look at the network, the proxy and the server',
        facts,
      };
}

export function accountFinding({ user }: ServerAnswers, { local, token, client }: Connection, now: number): Finding {
  const { loggedIn = false, username = '', groups = [], iss = '' } = user;
  const { exp } = readClaims(token ?? '');
  const endMs = typeof exp === 'number' ? exp * 1000 : undefined;
  const facts: JsonObject = {
    loggedIn,
    username,
    groups,
    issuer: iss,
    ...(endMs === undefined ? {} : { sessionEnds: timestamp(endMs) }),
  };
  if (!loggedIn) return { ...loggedOut(endMs, { token, address: client.address, now }), facts };
  const parts = [
    username,
    groups.length > 0 ? `groups ${groups.join(', ')}` : '',
    local ? 'by the right to read the data folder' : sessionText(endMs, token, now),
  ];
  return { verdict: 'ok', message: parts.filter((part) => part !== '').join('; '), facts };
}

interface Session {
  readonly token: string | undefined;
  readonly address: string;
  readonly now: number;
}

function loggedOut(endMs: number | undefined, { token, address, now }: Session): Finding {
  const hasEnded = endMs !== undefined && endMs < now;
  const message = hasEnded
    ? `the session ended ${formatDuration(rounded(now - endMs))} ago`
    : token
      ? `${address} does not accept the token`
      : `not logged in to ${address}`;
  const next = hasEnded ? 'hawser relogin' : `hawser login ${address}`;
  return { verdict: 'fault', code: 'not-logged-in', message, hint: next, next };
}

function sessionText(endMs: number | undefined, token: string | undefined, now: number): string {
  if (token === undefined) return '';
  return endMs === undefined
    ? 'the token does not expire'
    : `the session ends in ${formatDuration(rounded(endMs - now))}`;
}

const rounded = (milliseconds: number): number => {
  const unit = milliseconds > 3_600_000 ? 60_000 : 1000;
  return Math.floor(milliseconds / unit) * unit;
};

/** The API of both programs; the server's words are its own. */
export function versionsFinding(
  { version }: ServerAnswers | { readonly version?: undefined },
  context: Context,
): Finding {
  const client = context.version();
  const node = process.versions.node;
  const server = version?.Version ?? '';
  const facts = { client, node, server, api: 'v1' };
  const tail = server === '' ? 'server unknown' : `server ${server}, API v1`;
  return { verdict: 'ok', message: `hawser ${client} (Node ${node}), ${tail}`, facts };
}

/** Tokens are valid from a time to another: a minute is what most checks forgive. */
const MAX_SKEW_MS = 60_000;

export function clockFinding({ skewMs }: ServerAnswers, { local }: Connection): Finding {
  if (local) return { verdict: 'ok', message: 'client and server have the same clock', facts: { skewMs: 0 } };
  if (skewMs === undefined) return { verdict: 'skipped', message: 'the server does not say what time it is' };
  const facts = { skewMs };
  // The header has whole seconds, and took its way.
  const size = Math.abs(skewMs);
  if (size < 2000) return { verdict: 'ok', message: "it agrees with the server's", facts };
  const side = skewMs < 0 ? 'ahead of' : 'behind';
  const message = `it is ${formatDuration(Math.round(size / 1000) * 1000)} ${side} the server's`;
  return size < MAX_SKEW_MS
    ? { verdict: 'ok', message, facts }
    : {
        verdict: 'warning',
        message,
        hint: 'set the clocks by NTP: tokens are refused when they differ too much',
        facts,
      };
}
