// Which proxy stands before an address, decided as Go's net/http decides it, so that one environment means the same to
// kubectl, to the reference and to us: golang.org/x/net/http/httpproxy.

import { HawserError } from './errors.ts';
import { withoutLogins } from './url.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface ProxyChoice {
  /** Undefined where the way is direct. */
  readonly proxy: string | undefined;
  /** What decided. */
  readonly why: string;
}

/** The proxy that the environment names for a URL, and why. */
export function chooseProxy(url: string, env: Environment): ProxyChoice {
  const { protocol, hostname, port } = new URL(url);
  const isSecure = protocol === 'https:';
  const name = isSecure ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const direct = (why: string): ProxyChoice => ({ proxy: undefined, why });
  const proxy = variable(name, env);
  if (proxy === '') return direct(`${name} is not set`);
  if (!isSecure) refuseInCgi(env);
  const host = hostname.replace(/^\[|\]$/g, '');
  const target = { host, port: port || (isSecure ? '443' : '80'), address: parseAddress(host) };
  if (isLoopback(target)) return direct('the server is on this machine');
  const exceptions = variable('NO_PROXY', env).split(',');
  const exception = exceptions.find((entry) => isExcepted(target, entry));
  if (exception !== undefined) return direct(`NO_PROXY has '${exception.trim()}'`);
  return { proxy: proxyUrl(proxy, name), why: env[name] ? name : name.toLowerCase() };
}

/** The proxy that the environment names for a URL; undefined where the way is direct. */
export const proxyFor = (url: string, env: Environment): string | undefined => chooseProxy(url, env).proxy;

const variable = (name: string, env: Environment): string => env[name] || env[name.toLowerCase()] || '';

/** There HTTP_PROXY may be the header `Proxy` of a request, which anybody can send. */
function refuseInCgi(env: Environment): void {
  if (!env['REQUEST_METHOD']) return;
  throw new HawserError('usage', 'refusing to use HTTP_PROXY in a CGI environment', {
    hint: 'unset HTTP_PROXY or REQUEST_METHOD',
  });
}

function proxyUrl(text: string, name: string): string {
  const url = text.includes('://') ? text : `http://${text}`;
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url;
  throw new HawserError('usage', `${name} is not the URL of an HTTP proxy: '${withoutLogins(text)}'`, {
    hint: 'write it like http://proxy.example.com:3128',
  });
}

interface Address {
  readonly bits: bigint;
  readonly size: 32 | 128;
}

interface Target {
  readonly host: string;
  readonly port: string;
  readonly address: Address | undefined;
}

const LOOPBACK_V4: Address = { bits: 127n << 24n, size: 32 };
const LOOPBACK_V6: Address = { bits: 1n, size: 128 };

const isLoopback = ({ host, address }: Target): boolean =>
  host === 'localhost' || isWithin(address, LOOPBACK_V4, 8) || isWithin(address, LOOPBACK_V6, 128);

/** An entry of NO_PROXY: '*', an address, a network, a domain or its subdomains, each but '*' and a network with a port or without. */
function isExcepted(target: Target, entry: string): boolean {
  const text = entry.trim().toLowerCase();
  if (text === '*') return true;
  const [, network = '', prefix] = /^(.+)\/(\d{1,3})$/.exec(text) ?? [];
  const base = parseAddress(network);
  if (base && Number(prefix) <= base.size) return isWithin(target.address, base, Number(prefix));
  const { name, port } = splitPort(text);
  if (name === '' || (port !== '' && port !== target.port)) return false;
  const address = parseAddress(name);
  if (address) return isWithin(target.address, address, address.size);
  return target.address === undefined && isOfDomain(target.host, name);
}

/** 'example.com' is the domain and what is below it, '.example.com' and '*.example.com' only what is below. */
function isOfDomain(host: string, name: string): boolean {
  const domain = asciiName(name.replace(/^\*(?=\.)/, ''));
  return domain.startsWith('.') ? host.endsWith(domain) : host === domain || host.endsWith(`.${domain}`);
}

const asciiName = (name: string): string =>
  /[^ -~]/.test(name) && URL.canParse(`http://${name}`) ? new URL(`http://${name}`).hostname : name;

/** 'host:port' or '[address]:port'; with more colons it is an address alone. */
function splitPort(text: string): { readonly name: string; readonly port: string } {
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:[\]]*)):([^:]*)$/.exec(text) ?? [];
  return port === undefined ? { name: text, port: '' } : { name: bracketed ?? plain ?? '', port };
}

function isWithin(address: Address | undefined, base: Address, prefix: number): boolean {
  if (address?.size !== base.size) return false;
  const rest = BigInt(base.size - prefix);
  return address.bits >> rest === base.bits >> rest;
}

/** An IPv4 address, also as IPv6 writes it ('::ffff:10.0.0.1'), or an IPv6 address. */
function parseAddress(text: string): Address | undefined {
  const octets = text.split('.');
  if (octets.length === 4 && octets.every((octet) => /^(0|[1-9]\d{0,2})$/.test(octet) && Number(octet) <= 255)) {
    return { bits: joined(octets.map(Number), 8n), size: 32 };
  }
  if (!text.includes(':') || !URL.canParse(`http://[${text}]`)) return undefined;
  const [head = '', tail] = new URL(`http://[${text}]`).hostname.slice(1, -1).split('::');
  const before = groupsOf(head);
  const after = groupsOf(tail ?? '');
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => 0);
  const bits = joined([...before, ...zeros, ...after], 16n);
  return bits >> 32n === 0xffffn ? { bits: bits & 0xffff_ffffn, size: 32 } : { bits, size: 128 };
}

const groupsOf = (text: string): number[] =>
  text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));

const joined = (parts: readonly number[], width: bigint): bigint =>
  parts.reduce((bits, part) => (bits << width) | BigInt(part), 0n);
