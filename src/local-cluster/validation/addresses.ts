// Addresses of networks: what they must look like, and which have a meaning of their own.

import { BlockList, isIP } from 'node:net';

export const ADDRESS_RULE = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';
const CIDR_RULE = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';

/** Numbers as people pad them: '010.0.0.1'. */
export const withoutZeros = (value: string): string => value.replace(/(^|[./])0+(?=\d)/g, '$1');
const isMapped = (address: string): boolean => /^::ffff:\d+\.\d+\.\d+\.\d+$/i.test(address);

/** An address without padding; one of IPv4 that is dressed as IPv6 as what it is. */
export function plainAddress(value: string): string {
  const plain = withoutZeros(value);
  if (isIP(plain) === 0 || (isIP(value) === 6 && !isMapped(value))) return value;
  return isMapped(plain) ? plain.slice(plain.lastIndexOf(':') + 1) : plain;
}

/** How an address should be written: IPv6 in small letters, with its longest run of zeros left out. */
export const canonicalAddress = (address: string): string =>
  isIP(address) === 6 && !isMapped(address) ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;

export function canonicalCidr(value: string): string {
  const cidr = parseCidr(value);
  return cidr ? `${canonicalAddress(cidr.address)}/${cidr.bits}` : value;
}

export function addressProblems(value: string): string[] {
  if (isIP(withoutZeros(value)) === 0) return [ADDRESS_RULE];
  if (isIP(value) === 0) return ['must not have leading 0s'];
  return isMapped(value) ? ['must not be an IPv4-mapped IPv6 address'] : [];
}

/** An address that has one form only. */
export function strictAddressProblems(value: string): string[] {
  const plain = value.replace(/(^|\.)0+(?=\d)/g, '$1');
  if (isIP(value) === 0) return [isIP(plain) === 4 ? 'must not have leading 0s' : ADDRESS_RULE];
  return /^::ffff:/i.test(value) ? ['must not be an IPv4-mapped IPv6 address'] : [];
}

export function cidrProblems(value: string): string[] {
  const cidr = parseCidr(withoutZeros(value));
  if (!cidr) return [CIDR_RULE];
  return [
    ...(parseCidr(value) && !/\/0\d/.test(value) ? [] : ['must not have leading 0s in IP or prefix length']),
    ...(isMapped(cidr.address) ? ['must not have an IPv4-mapped IPv6 address'] : hostBits(cidr)),
  ];
}

const hostBits = ({ address, bits }: Cidr): string[] =>
  isNetwork(address, bits) ? [] : ['must not have bits set beyond the prefix length'];

/** The same, and the one way to write it. */
export const strictly =
  (problems: (value: string) => string[], canonical: (value: string) => string) =>
  (value: string): string[] => {
    const found = problems(value);
    const best = canonical(value);
    return found.length > 0 || best === value ? found : [`must be in canonical form (${JSON.stringify(best)})`];
  };

export interface Cidr {
  readonly address: string;
  readonly bits: number;
}

export function parseCidr(value: string): Cidr | undefined {
  const [, address = '', bits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(value) ?? [];
  const family = isIP(address);
  return family === 0 || Number(bits) > (family === 4 ? 32 : 128) ? undefined : { address, bits: Number(bits) };
}

/** Whether nothing is set in an address beyond so many bits. */
function isNetwork(address: string, bits: number): boolean {
  const groups = groupsOf(address);
  const width = isIP(address) === 4 ? 8 : 16;
  return groups.every((group, index) => {
    const kept = Math.min(width, Math.max(0, bits - index * width));
    return (group & ((1 << (width - kept)) - 1)) === 0;
  });
}

function groupsOf(address: string): number[] {
  if (isIP(address) === 4) return address.split('.').map(Number);
  const [head = '', tail] = canonicalAddress(address).split('::');
  const read = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  if (tail === undefined) return read(head);
  const [first, last] = [read(head), read(tail)];
  return [...first, ...Array.from({ length: 8 - first.length - last.length }, () => 0), ...last];
}

/** Whether all of one network is in another, larger one. */
export function isInside(inner: Cidr, outer: Cidr): boolean {
  const family = isIP(outer.address) === 4 ? 'ipv4' : 'ipv6';
  if (isIP(inner.address) !== isIP(outer.address)) return false;
  const network = new BlockList();
  network.addSubnet(outer.address, outer.bits, family);
  return network.check(inner.address, family) && outer.bits < inner.bits;
}

export const isLinkLocal = (value: string): boolean => /^169\.254\.|^fe[89ab]/i.test(value);

/** Addresses that are no place to send traffic to. */
export function specialProblems(value: string): string[] {
  const problems = addressProblems(value);
  if (problems.length > 0) return problems;
  if (/^(0\.0\.0\.0|::)$/.test(value)) return [`may not be unspecified (${value})`];
  if (/^127\.|^::1$/.test(value)) return ['may not be in the loopback range (127.0.0.0/8, ::1/128)'];
  if (isLinkLocal(value)) return ['may not be in the link-local range (169.254.0.0/16, fe80::/10)'];
  if (/^224\.0\.0\.|^ff02:/i.test(value))
    return ['may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'];
  return [];
}
