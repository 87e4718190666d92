import { generate } from 'selfsigned';

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

const DAYS = 365;
const DAY_MS = 24 * 3600 * 1000;

/** A certificate for this machine's own names, valid for a year. */
export async function makeCertificate(now: number): Promise<Certificate> {
  const names = ['localhost', 'argocd-server', 'argocd-server.argocd', 'argocd-server.argocd.svc'];
  const certificate = await generate(
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
        // For clients, too: what the local cluster signs for them is signed with this one.
        { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
        {
          name: 'subjectAltName',
          altNames: [...names.map((value) => dns(value)), address('127.0.0.1'), address('::1')],
        },
      ],
    },
  );
  return { cert: certificate.cert, key: certificate.private };
}

const dns = (value: string): { readonly type: 2; readonly value: string } => ({ type: 2, value });
const address = (ip: string): { readonly type: 7; readonly ip: string } => ({ type: 7, ip });
