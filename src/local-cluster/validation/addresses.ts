// Addresses of networks: what they must look like, and which have a meaning of their own.

import { BlockList, isIP } from 'node:net';

export const ADDRESS_RULE = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';
const CIDR_RULE = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';

export const addressProblems = (value: string): string[] => (isIP(value) === 0 ? [ADDRESS_RULE] : []);

/** An address that has one form only. */
export function strictAddressProblems(value: string): string[] {
  const plain = value.replace(/(^|\.)0+(?=\d)/g, '$1');
  if (isIP(value) === 0) return [isIP(plain) === 4 ? 'must not have leading 0s' : ADDRESS_RULE];
  return /^::ffff:/i.test(value) ? ['must not be an IPv4-mapped IPv6 address'] : [];
}

export function cidrProblems(value: string): string[] {
  return parseCidr(value) ? [] : [CIDR_RULE];
}

export interface Cidr {
  readonly address: string;
  readonly bits: number;
}

export function parseCidr(value: string): Cidr | undefined {
  const [, address = '', bits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(value) ?? [];
  const family = isIP(address);
  return family === 0 || Number(bits) > (family === 4 ? 32 : 128) ? undefined : { address, bits: Number(bits) };
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
  if (isIP(value) === 0) return [ADDRESS_RULE];
  if (/^(0\.0\.0\.0|::)$/.test(value)) return [`may not be unspecified (${value})`];
  if (/^127\.|^::1$/.test(value)) return ['may not be in the loopback range (127.0.0.0/8, ::1/128)'];
  if (isLinkLocal(value)) return ['may not be in the link-local range (169.254.0.0/16, fe80::/10)'];
  if (/^224\.0\.0\.|^ff02:/i.test(value))
    return ['may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'];
  return [];
}
