// A certificate and its key that a Secret holds, read as Go's TLS reads them.

import { createPrivateKey, X509Certificate } from 'node:crypto';
import { objectAt } from '../../core/json.ts';
import type { Warnings } from './when.ts';

const KEY = 'PRIVATE KEY';
const CERTIFICATE = 'CERTIFICATE';

const blockTypes = (pem: string): string[] =>
  [...pem.matchAll(/-----BEGIN ([^\n]+)-----[\s\S]*?-----END \1-----/g)].map(([, type = '']) => type);

const skipped = (types: readonly string[]): string =>
  `after skipping PEM blocks of the following types: [${types.join(' ')}]`;

function certificateProblem(types: readonly string[]): string | undefined {
  if (types.includes(CERTIFICATE)) return undefined;
  if (types.length === 0) return 'tls: failed to find any PEM data in certificate input';
  return types.length === 1 && types[0]?.endsWith(KEY)
    ? 'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched'
    : `tls: failed to find "${CERTIFICATE}" PEM block in certificate input ${skipped(types)}`;
}

function keyProblem(types: readonly string[]): string | undefined {
  if (types.some((type) => type.endsWith(KEY))) return undefined;
  if (types.length === 0) return 'tls: failed to find any PEM data in key input';
  return types.length === 1 && types[0] === CERTIFICATE
    ? 'tls: found a certificate rather than a key in the PEM for the private key'
    : `tls: failed to find PEM block with type ending in "${KEY}" in key input ${skipped(types)}`;
}

function isPair(certificate: string, key: string): boolean {
  try {
    return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key));
  } catch {
    // What Node cannot read Go may.
    return true;
  }
}

export const secretWarnings: Warnings = (secret) => {
  if (secret['type'] !== 'kubernetes.io/tls') return [];
  const values = objectAt(secret, 'data');
  const pem = (name: string): string => Buffer.from(String(values[name] ?? ''), 'base64').toString();
  const [certificate, key] = [pem('tls.crt'), pem('tls.key')];
  const problem = certificateProblem(blockTypes(certificate)) ?? keyProblem(blockTypes(key));
  if (problem !== undefined) return [problem];
  return isPair(certificate, key) ? [] : ['tls: private key does not match public key'];
};
