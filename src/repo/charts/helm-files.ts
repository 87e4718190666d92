// What helm reads of repositories and registries from files, so that no login stands on its command line.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatYaml } from '../../core/yaml.ts';
import type { Credentials, Repository } from '../request.ts';

export interface HelmRepository extends Repository {
  readonly name: string;
  /** Whether other hosts that its index names get the login too. */
  readonly passesOn?: boolean;
}

/** Writes the repositories that helm knows, into the folder of its configuration (`helmEnvironment`). */
export async function writeRepositories(scratch: string, repositories: readonly HelmRepository[]): Promise<void> {
  const entries = await Promise.all(
    repositories.map(async ({ name, url, credentials = {}, passesOn = false }) => ({
      name,
      url,
      username: credentials.username ?? '',
      password: credentials.password ?? '',
      insecure_skip_tls_verify: credentials.insecure ?? false,
      ...(await tlsFiles(scratch, name, credentials)),
      pass_credentials_all: passesOn,
    })),
  );
  const text = formatYaml({ apiVersion: '', repositories: entries });
  await writeFile(join(scratch, 'repositories.yaml'), text, { mode: 0o600 });
}

/** Writes the logins of OCI registries. */
export async function writeLogins(scratch: string, registries: readonly Repository[]): Promise<void> {
  const auths = registries.flatMap(({ url, credentials: { username, password } = {} }) => {
    if (!username && !password) return [];
    const [host = ''] = url.replace(/^oci:\/\//i, '').split('/');
    const auth = Buffer.from(`${username ?? ''}:${password ?? ''}`).toString('base64');
    return [[host, { auth }] as const];
  });
  if (auths.length === 0) return;
  const text = JSON.stringify({ auths: Object.fromEntries(auths) });
  await writeFile(join(scratch, 'registry.json'), text, { mode: 0o600 });
}

/** How a registry is spoken to, as words of a command line. */
export async function transportWords(scratch: string, credentials: Credentials = {}): Promise<string[]> {
  const { insecure, plainHttp } = credentials;
  const files = await tlsFiles(scratch, 'registry', credentials);
  const words = { '--ca-file': files.caFile, '--cert-file': files.certFile, '--key-file': files.keyFile };
  return [
    ...(insecure ? ['--insecure-skip-tls-verify'] : []),
    ...(plainHttp ? ['--plain-http'] : []),
    ...Object.entries(words).flatMap(([word, path]) => (path === undefined ? [] : [word, path])),
  ];
}

/** The certificates as files, which helm takes nothing else for. */
async function tlsFiles(
  scratch: string,
  name: string,
  { caCertificates, tlsClientCert, tlsClientKey }: Credentials,
): Promise<{ readonly caFile?: string; readonly certFile?: string; readonly keyFile?: string }> {
  const written: Record<string, string> = {};
  const contents = { caFile: caCertificates, certFile: tlsClientCert, keyFile: tlsClientKey };
  for (const [field, content] of Object.entries(contents)) {
    if (!content) continue;
    const path = join(scratch, `${name}-${field}.pem`);
    written[field] = path;
    await writeFile(path, content, { mode: 0o600 });
  }
  return written;
}
