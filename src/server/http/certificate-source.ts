// Where the certificate of a port comes from, and word of a new one. One that cannot be used does not replace one that can.

import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { HawserError, messageOf } from '../../core/errors.ts';
import type { Certificate } from './self-signed.ts';

export interface CertificateSource {
  current(): Promise<Certificate>;
  /** Calls when there is another one; the answer ends that. */
  follow(changed: (certificate: Certificate) => void): () => void;
}

export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

/** A volume is renewed behind its links, so the files are read again. */
const READ_AGAIN_MS = 5000;

/** Throws `usage` where the first one cannot be used. */
export function certificateFiles(
  files: CertificateFiles,
  log: (message: string) => void,
  intervalMs = READ_AGAIN_MS,
): CertificateSource {
  const read = async (): Promise<Certificate> => {
    const [cert, key] = await Promise.all([files.cert, files.key].map((path) => readFile(path, 'utf8')));
    return { cert: cert ?? '', key: key ?? '' };
  };
  const where = `${files.cert} and ${files.key}`;
  return {
    current: async () => {
      const certificate = await read().catch((thrown: unknown) => {
        throw unusable(where, messageOf(thrown));
      });
      const problem = certificateProblem(certificate);
      if (problem !== undefined) throw unusable(where, problem);
      return certificate;
    },
    follow: (changed) => {
      const replace = createReplacement(log, changed);
      const look = (): Promise<void> =>
        read().then(
          (certificate) => replace(certificate, where),
          (thrown: unknown) => replace(messageOf(thrown), where),
        );
      const timer = setInterval(look, intervalMs);
      timer.unref();
      return () => clearInterval(timer);
    },
  };
}

const unusable = (where: string, problem: string): HawserError =>
  new HawserError('usage', `cannot serve TLS with ${where}: ${problem}`, {
    hint: '--tls-cert and --tls-key name files in PEM',
  });

/** Takes what was read, or why it could not be, and where; the same is taken, and complained of, once. */
export function createReplacement(
  log: (message: string) => void,
  changed: (certificate: Certificate) => void,
): (read: Certificate | string, where: string) => void {
  let last: string | undefined;
  return (read, where) => {
    const text = typeof read === 'string' ? read : `${read.cert}${read.key}`;
    if (text === last) return;
    const problem = typeof read === 'string' ? read : certificateProblem(read);
    if (problem !== undefined)
      log(`warning: the certificate in ${where} cannot be used: ${problem}; the one before stays`);
    else if (typeof read !== 'string') changed(read);
    last = text;
  };
}

/** Why no connection could be made with it. */
export function certificateProblem({ cert, key }: Certificate): string | undefined {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(cert);
  } catch {
    return 'the certificate is not one in PEM';
  }
  try {
    if (!certificate.checkPrivateKey(createPrivateKey(key))) return 'the key is not the one of the certificate';
  } catch (thrown) {
    return /passphrase|bad decrypt|interrupted or cancelled/i.test(messageOf(thrown))
      ? 'the key has a passphrase'
      : 'the key is not one in PEM';
  }
  try {
    createSecureContext({ cert, key });
    return undefined;
  } catch (thrown) {
    return messageOf(thrown);
  }
}
