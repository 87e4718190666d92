// Credentials reach git by its environment: an askpass script that prints variables, keys in files of mode 0600.

import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Credentials, Repository } from '../request.ts';

/** Answers for the places that the credentials are for: a redirect must not carry them to another one. */
const ASKPASS = `#!/bin/sh
url=\${1#*\\'} && url=\${url%%\\'*}
place=\${url#*://} && place=\${place##*@} && place=\${url%%://*}://\${place%%/*}
case " $HAWSER_GIT_PLACES " in
  *" $place "*) ;;
  *) exit 1 ;;
esac
case "$1" in
  [Uu]sername*) printf '%s\\n' "$HAWSER_GIT_USERNAME" ;;
  *) printf '%s\\n' "$HAWSER_GIT_PASSWORD" ;;
esac
`;

/** The place of a URL as git names it, and the same by TLS. */
function placesOf(url: string): string[] {
  const [, scheme = '', host = ''] = /^(https?):\/\/(?:[^/]*@)?([^/]+)/i.exec(url) ?? [];
  if (host === '') return [];
  const origin = `${scheme.toLowerCase()}://${host}`;
  return host.includes(':') ? [origin] : [origin, `https://${host}`];
}

/** Runs `use` with the environment that lets git in; the files it needs are gone afterwards. */
export async function withCredentials<T>(
  { url, credentials }: Repository,
  scratch: string,
  use: (environment: NodeJS.ProcessEnv) => Promise<T>,
): Promise<T> {
  if (!credentials) return use({ GIT_SSH_COMMAND: 'ssh -o BatchMode=yes' });
  await mkdir(scratch, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(scratch, 'key-'));
  try {
    return await use(await gitEnvironment(credentials, { url, folder }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The texts that no error may show. */
export function secretsOf(credentials: Credentials | undefined): string[] {
  const { password, bearerToken, sshPrivateKey, tlsClientKey } = credentials ?? {};
  return [password, bearerToken, sshPrivateKey, tlsClientKey].flatMap((text) => (text ? [text] : []));
}

async function gitEnvironment(
  credentials: Credentials,
  { url, folder }: { readonly url: string; readonly folder: string },
): Promise<NodeJS.ProcessEnv> {
  const settings: [string, string][] = [];
  const environment: NodeJS.ProcessEnv = { GIT_SSH_COMMAND: await sshCommand(credentials, folder) };
  const { username, password, bearerToken, tlsClientCert, tlsClientKey, insecure, proxy, caCertificates } = credentials;
  if (password) {
    const script = join(folder, 'askpass.sh');
    await writeFile(script, ASKPASS, { mode: 0o700 });
    await chmod(script, 0o700);
    // Some hosts take a token as password of any name.
    Object.assign(environment, {
      GIT_ASKPASS: script,
      HAWSER_GIT_PLACES: placesOf(url).join(' '),
      HAWSER_GIT_USERNAME: username || 'git',
      HAWSER_GIT_PASSWORD: password,
    });
    settings.push(['credential.helper', '']);
  }
  if (bearerToken) {
    // A header goes wherever git goes, so it goes nowhere else.
    settings.push(['http.extraHeader', `Authorization: Bearer ${bearerToken}`], ['http.followRedirects', 'false']);
  }
  if (insecure) settings.push(['http.sslVerify', 'false']);
  else if (caCertificates) settings.push(['http.sslCAInfo', await secretFile(folder, 'ca.crt', caCertificates)]);
  // An empty one is none: the way is straight, whatever the environment says.
  if (proxy !== undefined) settings.push(['http.proxy', proxy]);
  if (tlsClientCert && tlsClientKey) {
    settings.push(['http.sslCert', await secretFile(folder, 'client.crt', tlsClientCert)]);
    settings.push(['http.sslKey', await secretFile(folder, 'client.key', tlsClientKey)]);
  }
  return { ...environment, ...settingsEnvironment(settings) };
}

/** Settings of one git command, given by its environment: a command line is for everyone to read. */
function settingsEnvironment(settings: readonly (readonly [string, string])[]): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { GIT_CONFIG_COUNT: String(settings.length) };
  settings.forEach(([key, value], index) => {
    environment[`GIT_CONFIG_KEY_${index}`] = key;
    environment[`GIT_CONFIG_VALUE_${index}`] = value;
  });
  return environment;
}

async function sshCommand(credentials: Credentials, folder: string): Promise<string> {
  const words = ['ssh', '-o', 'BatchMode=yes'];
  if (credentials.sshPrivateKey) {
    const key = await secretFile(folder, 'key', `${credentials.sshPrivateKey.trimEnd()}\n`);
    words.push('-i', `'${key}'`, '-o', 'IdentitiesOnly=yes');
  }
  if (credentials.insecure) words.push('-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null');
  else if (credentials.sshKnownHosts) {
    const file = await secretFile(folder, 'known_hosts', credentials.sshKnownHosts);
    // The user's own files count as well: whom this machine trusts, it goes on trusting.
    const files = `"${file}" ~/.ssh/known_hosts ~/.ssh/known_hosts2`;
    words.push('-o', 'StrictHostKeyChecking=yes', '-o', `'UserKnownHostsFile=${files}'`);
  }
  return words.join(' ');
}

async function secretFile(folder: string, name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content, { mode: 0o600 });
  return path;
}
