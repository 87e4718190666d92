// What servers of repositories are known by: certificates for TLS, host keys for ssh.

import { anything, list, type Of, object, optional, text } from '../core/shape.ts';

const certificate = object({
  /** A host, or '[host]:port'. */
  serverName: optional(text),
  /** 'https' or 'ssh'. */
  certType: optional(text),
  /** The kind of key: 'ssh-ed25519', 'rsa'. */
  certSubType: optional(text),
  /** A text in base64; answered as null. */
  certData: anything,
  /** A fingerprint, or the subject of the certificate. */
  certInfo: optional(text),
});

export interface Certificate extends Of<typeof certificate> {}

export const certificateList = object({ items: optional(list(certificate)), metadata: anything });

export interface CertificateList extends Of<typeof certificateList> {}

/** An entry of a known_hosts file. */
export interface KnownHost {
  readonly host: string;
  readonly keyType: string;
  /** In base64. */
  readonly key: string;
}

/** The entries of a known_hosts file, one for each host of a line; what is none is left out. */
export function parseKnownHosts(text: string): KnownHost[] {
  return text.split('\n').flatMap((line) => {
    const [hosts = '', keyType = '', key = ''] = line.trim().split(/\s+/);
    if (hosts.startsWith('#') || hosts.startsWith('@') || !isKey(keyType, key)) return [];
    return hosts.split(',').map((host) => ({ host, keyType, key }));
  });
}

const isKey = (keyType: string, key: string): boolean =>
  /^(ssh-|ecdsa-|sk-)[\w@.-]+$/.test(keyType) && /^[A-Za-z\d+/]{16,}={0,2}$/.test(key);

const PEM = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** The certificates of a PEM file, each once. */
export const parsePemCertificates = (text: string): string[] => [...new Set(text.match(PEM) ?? [])];
