// Which names a server answers to. A page whose name was made to lead to this machine is refused by the name, and a page of
// somebody else by its origin.

import { isIP } from 'node:net';
import type { Answer, Head } from '../../api/exchange.ts';
import { HawserError } from '../../core/errors.ts';
import { failure, redirect } from './answers.ts';

/** A host, with a port or without: 'argocd.example.com', 'localhost:8080'. '*' is any. */
export type ServerName = string;

/** What anybody may send who has its secret, whatever name the tunnel in front of the server has. */
const OPEN_PATHS: readonly string[] = ['/api/webhook', '/healthz'];

/** The refusal of a request to another name, or from a page of another one. */
export function refuseForeign({ url, headers }: Head, names: readonly ServerName[]): Answer | undefined {
  if (OPEN_PATHS.includes(url.split('?')[0] ?? '') || names.includes('*')) return undefined;
  const { host, origin } = headers;
  const [name] = host === undefined ? [] : splitHost(host);
  if (name !== undefined && !isOwnName(name, names))
    return refusal(
      `this server is not called '${name}'`,
      `hawser server --host ${name}, or url in argocd-cm, says it is`,
    );
  if (origin === undefined || isOwnOrigin(origin, host, names)) return undefined;
  return refusal(`pages of ${origin} may not use this server`, 'additionalUrls in argocd-cm permits one that may');
}

/**
 * Where a server has TLS, what comes in the clear from another machine is sent there: its next password would be read on the way.
 * Whoever asks on this machine is answered.
 */
export function redirectToTls({ url, headers, isSecure, address = '' }: Head): Answer | undefined {
  if (isSecure || address === '' || address === '::1' || address.startsWith('127.')) return undefined;
  return { ...redirect(`https://${headers['host'] ?? ''}${url}`), status: 307 };
}

const refusal = (message: string, hint: string): Answer =>
  failure(new HawserError('not-allowed', message, { hint }), { isStream: false });

/** An address cannot be made to lead elsewhere, and nobody else can have the names of this machine. */
function isOwnName(name: string, names: readonly ServerName[]): boolean {
  if (isIP(name.replace(/^\[|\]$/g, '')) !== 0 || name === 'localhost' || name.endsWith('.localhost')) return true;
  return names.some((own) => splitHost(own)[0] === name);
}

/** The page that the server itself sent, or one of the addresses that it was told it has. */
function isOwnOrigin(origin: string, host: string | undefined, names: readonly ServerName[]): boolean {
  const [name, port] = splitHost(/^https?:\/\/(.+)$/i.exec(origin)?.[1] ?? '');
  if (name === '') return false;
  const [own, ownPort] = splitHost(host ?? '');
  if (name === own && port === ownPort) return true;
  return names.some((other) => {
    const [otherName, otherPort] = splitHost(other);
    return otherName === name && (otherPort === '' || otherPort === port);
  });
}

/** Name and port; the port that a scheme has anyway is left out by whoever sends it. */
function splitHost(host: string): readonly [string, string] {
  const [, name = '', port = ''] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(host.trim().toLowerCase()) ?? [];
  return [name.replace(/\.$/, ''), port];
}

/** The names in the addresses of an installation; what is no address is passed over. */
export function namesOf(urls: readonly string[]): readonly ServerName[] {
  return urls.flatMap((url) => (URL.canParse(url) ? [new URL(url).host] : [])).filter((host) => host !== '');
}
