// Addresses that no repository is at: link-local ones are where clouds tell a machine its own credentials. Of a server that many
// people share, its own machine is one more: what answers there trusts whoever can ask.

import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { isAbsolute } from 'node:path';
import { HawserError } from '../core/errors.ts';
import { withoutLogins } from '../core/url.ts';
import type { Repository } from './request.ts';

const LINK_LOCAL = new BlockList();
LINK_LOCAL.addSubnet('169.254.0.0', 16, 'ipv4');
LINK_LOCAL.addSubnet('fe80::', 10, 'ipv6');
// By what the address of the metadata of some clouds is mapped to.
LINK_LOCAL.addSubnet('::ffff:169.254.0.0', 112, 'ipv6');
LINK_LOCAL.addAddress('fd00:ec2::254', 'ipv6');

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
// Both connect to this machine.
LOOPBACK.addSubnet('0.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::', 'ipv6');
LOOPBACK.addAddress('::1', 'ipv6');
LOOPBACK.addSubnet('::ffff:127.0.0.0', 104, 'ipv6');
LOOPBACK.addSubnet('::ffff:0.0.0.0', 104, 'ipv6');

/** How far a repository may be away: anywhere but at a link-local address, or not on this machine either. */
export type Reach = 'anywhere' | 'elsewhere';

export function isReached(address: string, reach: Reach): boolean {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  return !LINK_LOCAL.check(address, family) && (reach === 'anywhere' || !LOOPBACK.check(address, family));
}

/** How far the programs of an environment may go; not passed on to them. Helm goes past every proxy to this machine. */
export const REACH_VARIABLE = 'HAWSER_REACH';

/** Whether the programs of an environment work for many people, and must not ask their own machine. */
export const isShared = (environment: NodeJS.ProcessEnv): boolean =>
  environment[REACH_VARIABLE] === ('elsewhere' satisfies Reach);

/** The same for what a source names beside its repository: files of values, charts that it depends on. */
export async function refuseUnreached(url: string, environment: NodeJS.ProcessEnv): Promise<void> {
  await refuseLinkLocal({ url });
  if (isShared(environment)) await refuseThisMachine(url);
}

/** Throws `invalid` for a URL that leads to this machine: by a folder, an address, or a name of it. */
export async function refuseThisMachine(url: string): Promise<void> {
  const host = hostOf(url);
  const isFolder = /^file:/i.test(url) || isAbsolute(url);
  const addresses = isIP(host) > 0 ? [host] : host === '' ? [] : await addressesOf(host);
  if (!isFolder && addresses.every((address) => isReached(address, 'elsewhere'))) return;
  throw new HawserError('invalid', `'${withoutLogins(url)}' is on the machine of the server, which others share`, {
    hint: 'hawser server --local-repositories permits repositories of its own machine',
  });
}

/** Throws `invalid` for a URL whose host is, or means, such an address. A proxy decides for itself what it reaches. */
export async function refuseLinkLocal({ url, credentials }: Repository): Promise<void> {
  const host = hostOf(url);
  if (host === '' || credentials?.proxy) return;
  const addresses = isIP(host) > 0 ? [host] : await addressesOf(host);
  if (!addresses.some(isLinkLocal)) return;
  throw new HawserError('invalid', `'${withoutLogins(url)}' is at a link-local address, where no repository is`, {
    hint: 'give the name or the address that others reach the repository by',
  });
}

/** In any form that a resolver takes: '0xa9fea9fe' is an address too. */
function hostOf(url: string): string {
  const scp = /^[\w.-]+@([\w.-]+):/.exec(url)?.[1];
  const host = scp ?? /^[a-z][a-z\d+.-]*:\/\/(?:[^@/]*@)?(\[[^\]]*\]|[^:/?#]*)/i.exec(url)?.[1] ?? '';
  const http = `http://${host}/`;
  return URL.canParse(http) ? new URL(http).hostname.replace(/^\[|\]$/g, '') : host;
}

/** None where the name is not known: whoever connects says so. */
async function addressesOf(host: string): Promise<readonly string[]> {
  const found = await lookup(host, { all: true }).catch(() => []);
  return found.map(({ address }) => address);
}

function isLinkLocal(address: string): boolean {
  return LINK_LOCAL.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}
