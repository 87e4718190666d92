// The server's certificate: self-signed, made once, kept where the reference keeps its own.

import { messageOf } from '../../core/errors.ts';
import { textAt } from '../../core/json.ts';
import type { Clock } from '../../core/time.ts';
import type { Cluster } from '../../objects/cluster.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { CertificateSource } from './certificate-source.ts';
import type { Certificate } from './self-signed.ts';

const DAY_MS = 24 * 3600 * 1000;

/** Keeps `tls.crt` and `tls.key` in a Secret of the control plane; makes them when they are missing or have expired. */
export async function serverCertificate(
  home: Cluster,
  secret: { readonly namespace: string; readonly name: string },
  { now, log }: { readonly now: number; readonly log: (message: string) => void },
): Promise<Certificate> {
  const reference = { group: '', version: 'v1', kind: 'Secret', ...secret };
  const existing = await home.get(reference);
  const current = existing && readCertificate(existing);
  const [{ X509Certificate }, { certificateProblem }, { makeCertificate }] = await Promise.all([
    import('node:crypto'),
    import('./certificate-source.ts'),
    import('./self-signed.ts'),
  ]);
  const problem = current && certificateProblem(current);
  // Somebody put it there, and is to mend it.
  if (problem !== undefined) {
    log(
      `warning: the certificate in Secret ${secret.name} cannot be used: ${problem}; a new one is, until it is mended`,
    );
    return makeCertificate(now);
  }
  if (current && Date.parse(new X509Certificate(current.cert).validTo) > now + DAY_MS) return current;
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

/** Where an installation keeps the certificate that it was given, and below it the one that was made. */
const SECRETS = ['argocd-server-tls', 'argocd-secret'] as const;

export interface SecretCertificates {
  readonly home: Cluster;
  readonly namespace: string;
  readonly clock: Clock;
  readonly log: (message: string) => void;
  subscribe(
    listener: (change: { readonly after: KubeObject | undefined; readonly before: KubeObject | undefined }) => void,
  ): () => void;
}

/** The certificate in the Secrets of an installation, as they are now. */
export function secretCertificates(options: SecretCertificates): CertificateSource {
  const { home, namespace, clock, log, subscribe } = options;

  async function given(): Promise<{ readonly certificate: Certificate; readonly where: string } | undefined> {
    for (const name of SECRETS) {
      const secret = await home.get({ group: '', version: 'v1', kind: 'Secret', namespace, name });
      const certificate = secret && readCertificate(secret);
      if (certificate) return { certificate, where: `Secret ${name}` };
    }
    return undefined;
  }

  return {
    current: async () => {
      const { certificateProblem } = await import('./certificate-source.ts');
      const first = await given();
      const problem = first && certificateProblem(first.certificate);
      if (first && problem === undefined && first.where.endsWith(SECRETS[0])) return first.certificate;
      if (first && problem !== undefined && first.where.endsWith(SECRETS[0]))
        log(`warning: the certificate in ${first.where} cannot be used: ${problem}; the one that was made is`);
      return serverCertificate(home, { namespace, name: SECRETS[1] }, { now: clock.now(), log });
    },
    follow: (changed) => {
      const replacing = import('./certificate-source.ts').then(({ createReplacement }) =>
        createReplacement(log, changed),
      );
      return subscribe(({ after, before }) => {
        const object = after ?? before;
        const { namespace: of, name = '' } = object?.metadata ?? {};
        if (object?.kind !== 'Secret' || of !== namespace || !SECRETS.some((secret) => secret === name)) return;
        Promise.all([given(), replacing]).then(
          ([next, replace]) => next && replace(next.certificate, next.where),
          (thrown: unknown) => log(`warning: cannot read the certificate: ${messageOf(thrown)}`),
        );
      });
    },
  };
}

const encode = (text: string): string => Buffer.from(text).toString('base64');
const decode = (text: string): string => Buffer.from(text, 'base64').toString();
