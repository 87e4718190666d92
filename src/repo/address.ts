// Addresses that no repository is at: link-local ones are where clouds tell a machine its own credentials.

import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { HawserError } from '../core/errors.ts';
import { withoutLogins } from '../core/url.ts';
import type { Repository } from './request.ts';

const LINK_LOCAL = new BlockList();
LINK_LOCAL.addSubnet('169.254.0.0', 16, 'ipv4');
LINK_LOCAL.addSubnet('fe80::', 10, 'ipv6');
// By what the address of the metadata of some clouds is mapped to.
LINK_LOCAL.addSubnet('::ffff:169.254.0.0', 112, 'ipv6');
LINK_LOCAL.addAddress('fd00:ec2::254', 'ipv6');

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
