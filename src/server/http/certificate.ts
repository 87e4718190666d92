// The server's certificate: self-signed, made once, kept where the reference keeps its own.

import { textAt } from '../../core/json.ts';
import type { Cluster } from '../../objects/cluster.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { Certificate } from './self-signed.ts';

const DAY_MS = 24 * 3600 * 1000;

/** Keeps `tls.crt` and `tls.key` in a Secret of the control plane; makes them when they are missing or have expired. */
export async function serverCertificate(
  home: Cluster,
  secret: { readonly namespace: string; readonly name: string },
  now: number,
): Promise<Certificate> {
  const reference = { group: '', version: 'v1', kind: 'Secret', ...secret };
  const existing = await home.get(reference);
  const current = existing && readCertificate(existing);
  const { X509Certificate } = await import('node:crypto');
  if (current && Date.parse(new X509Certificate(current.cert).validTo) > now + DAY_MS) return current;
  const { makeCertificate } = await import('./self-signed.ts');
  const certificate = await makeCertificate(now);
  const data = { 'tls.crt': encode(certificate.cert), 'tls.key': encode(certificate.key) };
  if (existing) await home.patch(reference, { type: 'merge', body: { data } });
  else await home.create({ apiVersion: 'v1', kind: 'Secret', metadata: { ...secret }, type: 'Opaque', data });
  return certificate;
}

function readCertificate(secret: KubeObject): Certificate | undefined {
  const cert = decode(textAt(secret, 'data', 'tls.crt'));
  const key = decode(textAt(secret, 'data', 'tls.key'));
  return cert && key ? { cert, key } : undefined;
}

const encode = (text: string): string => Buffer.from(text).toString('base64');
const decode = (text: string): string => Buffer.from(text, 'base64').toString();
