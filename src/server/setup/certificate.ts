// The server's certificate: self-signed, made once, kept where the reference keeps its own.

import { textAt } from '../../core/json.ts';
import type { Cluster } from '../../objects/cluster.ts';
import type { KubeObject } from '../../objects/object.ts';

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

const DAYS = 365;
const DAY_MS = 24 * 3600 * 1000;

/** Keeps `tls.crt` and `tls.key` in a Secret of the control plane; makes them when they are missing or have expired. */
export async function serverCertificate(
  home: Cluster,
  secret: { readonly namespace: string; readonly name: string },
  now: number,
): Promise<Certificate> {
  const reference = { group: '', version: 'v1', kind: 'Secret', ...secret };
  const found = await home.get(reference);
  const kept = found && readCertificate(found);
  const { X509Certificate } = await import('node:crypto');
  if (kept && Date.parse(new X509Certificate(kept.cert).validTo) > now + DAY_MS) return kept;
  const made = await makeCertificate(now);
  const data = { 'tls.crt': encode(made.cert), 'tls.key': encode(made.key) };
  if (found) await home.patch(reference, { type: 'merge', body: { data } });
  else await home.create({ apiVersion: 'v1', kind: 'Secret', metadata: { ...secret }, type: 'Opaque', data });
  return made;
}

function readCertificate(secret: KubeObject): Certificate | undefined {
  const cert = decode(textAt(secret, 'data', 'tls.crt'));
  const key = decode(textAt(secret, 'data', 'tls.key'));
  return cert && key ? { cert, key } : undefined;
}

async function makeCertificate(now: number): Promise<Certificate> {
  const { generate } = await import('selfsigned');
  const names = ['localhost', 'argocd-server', 'argocd-server.argocd', 'argocd-server.argocd.svc'];
  const made = await generate(
    [
      { name: 'commonName', value: 'localhost' },
      { name: 'organizationName', value: 'Hawser' },
    ],
    {
      keySize: 2048,
      algorithm: 'sha256',
      notBeforeDate: new Date(now - DAY_MS),
      notAfterDate: new Date(now + DAYS * DAY_MS),
      extensions: [
        { name: 'basicConstraints', cA: true, critical: true },
        { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, keyCertSign: true },
        { name: 'extKeyUsage', serverAuth: true },
        {
          name: 'subjectAltName',
          altNames: [...names.map((value) => dns(value)), address('127.0.0.1'), address('::1')],
        },
      ],
    },
  );
  return { cert: made.cert, key: made.private };
}

const encode = (text: string): string => Buffer.from(text).toString('base64');
const decode = (text: string): string => Buffer.from(text, 'base64').toString();

const dns = (value: string): { readonly type: 2; readonly value: string } => ({ type: 2, value });
const address = (ip: string): { readonly type: 7; readonly ip: string } => ({ type: 7, ip });
