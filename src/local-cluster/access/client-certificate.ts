// Whom a client's certificate names: its common name is the user, its organizations are the groups.

import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { type DetailedPeerCertificate, TLSSocket } from 'node:tls';
import { AUTHENTICATED, type User } from './user.ts';

/** 'unknown' where the cluster has not signed it, it is not for clients or out of date, or names nobody. */
export type CertificateUser = User | 'unknown';

const known = new WeakMap<Socket, CertificateUser>();

/** Undefined for a client without a certificate. */
export function certificateUserOf(socket: Socket): CertificateUser | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  const found = known.get(socket);
  if (found !== undefined) return found;
  const certificate = socket.getPeerCertificate(true);
  // An empty object stands for none.
  if (!certificate?.raw) return undefined;
  const user = socket.authorized ? userIn(certificate) : 'unknown';
  known.set(socket, user);
  return user;
}

function userIn({ subject, raw }: DetailedPeerCertificate): CertificateUser {
  const name = valuesOf(subject.CN).at(-1) ?? '';
  if (name === '') return 'unknown';
  const fingerprint = createHash('sha256').update(raw).digest('hex');
  return {
    name,
    groups: [...valuesOf(subject.O), AUTHENTICATED],
    extra: { 'authentication.kubernetes.io/credential-id': [`X509SHA256=${fingerprint}`] },
  };
}

/** Node gives a list where there are several. */
const valuesOf = (value: string | string[] | undefined): readonly string[] =>
  value === undefined ? [] : [value].flat();
