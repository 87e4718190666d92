// Certificates by host in one ConfigMap, host keys in another, as repo servers mount them.

import { createHash, X509Certificate } from 'node:crypto';
import { HawserError } from '../../core/errors.ts';
import { matchesGlob } from '../../core/glob.ts';
import { type Certificate, type KnownHost, parseKnownHosts, parsePemCertificates } from '../../model/certificate.ts';
import type { Cluster } from '../../objects/cluster.ts';
import { createTextMap } from './config-maps.ts';

export interface CertificateQuery {
  readonly hostNamePattern?: string;
  readonly certType?: string;
  readonly certSubType?: string;
}

export interface CertificateStore {
  list(query: CertificateQuery): Promise<readonly Certificate[]>;
  /** Answers those that are new or changed. */
  add(certificates: readonly Certificate[], upsert: boolean): Promise<readonly Certificate[]>;
  /** Answers those that were removed. */
  remove(query: CertificateQuery): Promise<readonly Certificate[]>;
}

export const TLS_MAP = 'argocd-tls-certs-cm';
export const KNOWN_HOSTS_MAP = 'argocd-ssh-known-hosts-cm';
export const KNOWN_HOSTS_KEY = 'ssh_known_hosts';

export function createCertificateStore(home: Cluster, namespace: string): CertificateStore {
  const tls = createTextMap(home, { namespace, name: TLS_MAP });
  const ssh = createTextMap(home, { namespace, name: KNOWN_HOSTS_MAP });
  const hostsIn = (texts: Readonly<Record<string, string>>): KnownHost[] =>
    parseKnownHosts(texts[KNOWN_HOSTS_KEY] ?? '');
  return {
    list: async (query) => {
      const [hosts, servers] = await Promise.all([ssh.read(), tls.read()]);
      const keys = hostsIn(hosts)
        .filter((host) => fitsHost(host, query))
        .map(described);
      const certificates = Object.entries(servers).flatMap(([name, pem]) => describedPem(name, pem));
      return [...keys, ...certificates.filter((one) => fits(one, query))];
    },
    add: async (certificates, upsert) => {
      const entries = certificates.map(readCertificate);
      const hosts = entries.flatMap((entry) => ('host' in entry ? [entry] : []));
      const servers = entries.flatMap((entry) => ('pems' in entry ? [entry] : []));
      const addedHosts =
        hosts.length === 0 ? [] : await ssh.change((texts) => addHosts(hostsIn(texts), hosts, { texts, upsert }));
      const addedServers = servers.length === 0 ? [] : await tls.change((texts) => addServers(texts, servers, upsert));
      return [...addedHosts, ...addedServers];
    },
    remove: async (query) => {
      const hosts = await ssh.change((texts) => {
        const gone = hostsIn(texts).filter((host) => fitsHost(host, query));
        return { texts: gone.length === 0 ? {} : withoutHosts(texts, gone), result: gone.map(withoutInfo) };
      });
      const servers = await tls.change((texts) => {
        const gone = Object.keys(texts).filter((serverName) => fits({ serverName, certType: 'https' }, query));
        return {
          texts: Object.fromEntries(gone.map((name) => [name, undefined])),
          result: gone.map((serverName) => ({ ...EMPTY, serverName, certType: 'https' })),
        };
      });
      return [...hosts, ...servers];
    },
  };
}

interface Server {
  readonly server: string;
  readonly pems: readonly string[];
}

/** What of an entry counts; throws for data that is none. */
function readCertificate({ serverName = '', certType, certSubType = '', certData }: Certificate): KnownHost | Server {
  const text = Buffer.from(typeof certData === 'string' ? certData : '', 'base64').toString();
  if (certType === 'ssh') {
    const [keyType, key] = [certSubType, text.trim()];
    // It becomes a word of a line.
    if (!/^[\w.:*?[\]|=+/-]+$/.test(serverName)) throw unreadable(`hostname '${serverName}' is not valid`);
    const bad = /[^A-Za-z\d+/=]/.exec(key);
    if (bad) throw unreadable(`illegal base64 data at input byte ${bad.index}`);
    if (!isHostKey(keyType, key)) throw unreadable('ssh: no key found');
    return { host: serverName, keyType, key };
  }
  if (certType !== 'https') throw unreadable(`unknown certificate type: '${certType ?? ''}'`);
  if (!isServerName(serverName)) throw unreadable(`hostname '${serverName}' is not valid`);
  const pems = parsePemCertificates(text);
  if (pems.length === 0) throw unreadable('no valid PEM data received');
  for (const pem of pems) checkPem(pem);
  return { server: serverName, pems };
}

const unreadable = (message: string): HawserError => new HawserError('invalid', message, { details: { grpc: 2 } });

/** A name that can be the key of a ConfigMap. */
const isServerName = (name: string): boolean => /^[A-Za-z\d]([A-Za-z\d._-]*[A-Za-z\d])?$/.test(name);

/** A key begins with the length and the text of its type. */
function isHostKey(keyType: string, key: string): boolean {
  const bytes = Buffer.from(key, 'base64');
  if (bytes.length < 8) return false;
  const length = bytes.readUInt32BE(0);
  return bytes.subarray(4, 4 + length).toString('latin1') === keyType;
}

function checkPem(pem: string): void {
  try {
    new X509Certificate(pem);
  } catch {
    throw unreadable('could not parse certificate: it is not an X.509 certificate');
  }
}

interface Adding {
  readonly texts: Readonly<Record<string, string>>;
  readonly upsert: boolean;
}

function addHosts(known: readonly KnownHost[], hosts: readonly KnownHost[], { texts, upsert }: Adding) {
  const isSame = (a: KnownHost, b: KnownHost): boolean => a.host === b.host && a.keyType === b.keyType;
  const added: KnownHost[] = [];
  const changed: KnownHost[] = [];
  for (const host of hosts) {
    const before = [...known, ...added].find((one) => isSame(one, host));
    if (!before) added.push(host);
    else if (before.key !== host.key) {
      const name = `Key for '${host.host}' (subtype: '${host.keyType}') already exists and upsert was not specified.`;
      if (!upsert) throw unreadable(name);
      changed.push(host);
    }
  }
  const result = [...added, ...changed].map(described);
  if (result.length === 0) return { texts: {}, result };
  const lines = textOf(changed.length > 0 ? withoutHosts(texts, changed) : texts);
  const more = [...changed, ...added].map(({ host, keyType, key }) => `${host} ${keyType} ${key}\n`).join('');
  return { texts: { [KNOWN_HOSTS_KEY]: `${lines}${more}` }, result };
}

function textOf(texts: Readonly<Record<string, string>>): string {
  const text = texts[KNOWN_HOSTS_KEY] ?? '';
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

/** The lines without some entries; comments and whatever else stands there stay. */
function withoutHosts(
  texts: Readonly<Record<string, string>>,
  gone: readonly KnownHost[],
): Readonly<Record<string, string>> {
  const isGone = ({ host, keyType }: KnownHost): boolean =>
    gone.some((one) => one.host === host && one.keyType === keyType);
  const lines = (texts[KNOWN_HOSTS_KEY] ?? '').split('\n').flatMap((line) => {
    const entries = parseKnownHosts(line);
    const kept = entries.filter((entry) => !isGone(entry));
    if (kept.length === entries.length) return [line];
    const [first] = kept;
    return first ? [`${kept.map(({ host }) => host).join(',')} ${first.keyType} ${first.key}`] : [];
  });
  return { [KNOWN_HOSTS_KEY]: lines.join('\n') };
}

function addServers(texts: Readonly<Record<string, string>>, servers: readonly Server[], upsert: boolean) {
  const changes: Record<string, string> = {};
  for (const { server, pems } of servers) {
    const before = texts[server];
    const after = `${pems.join('\n')}\n`;
    const isSame = before !== undefined && parsePemCertificates(before).join('\n') === pems.join('\n');
    if (isSame) continue;
    if (before !== undefined && !upsert)
      throw unreadable(`TLS certificate for server '${server}' already exists, and upsert was not specified`);
    changes[server] = after;
  }
  const result = Object.entries(changes).flatMap(([name, pem]) => describedPem(name, pem));
  return { texts: changes, result };
}

const EMPTY = { certSubType: '', certInfo: '', certData: null } as const;

const described = ({ host, keyType, key }: KnownHost): Certificate => ({
  ...withoutInfo({ host, keyType, key }),
  certInfo: `SHA256:${createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64').replace(/=+$/, '')}`,
});

const withoutInfo = ({ host, keyType }: KnownHost): Certificate => ({
  ...EMPTY,
  serverName: host,
  certType: 'ssh',
  certSubType: keyType,
});

/** A certificate that cannot be read is listed, so that it can be removed. */
function describedPem(serverName: string, pem: string): Certificate[] {
  return parsePemCertificates(pem).map((one) => ({ ...EMPTY, serverName, certType: 'https', ...factsOf(one) }));
}

const KEY_TYPES: Readonly<Record<string, string>> = { ec: 'ecdsa' };

function factsOf(pem: string): Pick<Certificate, 'certSubType' | 'certInfo'> {
  try {
    const { publicKey, subject } = new X509Certificate(pem);
    const type = publicKey.asymmetricKeyType ?? '';
    return { certSubType: KEY_TYPES[type] ?? type, certInfo: subjectText(subject) };
  } catch {
    return { certSubType: '', certInfo: '' };
  }
}

/** In the order of the reference, the last first. */
const SUBJECT = ['serialNumber', 'CN', 'postalCode', 'street', 'ST', 'L', 'OU', 'O', 'C'];

function subjectText(subject: string): string {
  const parts = subject.split('\n').flatMap((line) => {
    const at = line.indexOf('=');
    return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1).replace(/([,+"\\<>;])/g, '\\$1')] as const];
  });
  return SUBJECT.flatMap((name) => {
    const values = parts.filter(([key]) => key === name).map(([, value]) => `${name.toUpperCase()}=${value}`);
    return values.length === 0 ? [] : [values.join('+')];
  }).join(',');
}

const fitsHost = ({ host, keyType }: KnownHost, query: CertificateQuery): boolean =>
  fits({ serverName: host, certType: 'ssh', certSubType: keyType }, query);

function fits({ serverName = '', certType, certSubType }: Certificate, query: CertificateQuery): boolean {
  const { hostNamePattern = '', certType: type = '', certSubType: subType = '' } = query;
  if (hostNamePattern !== '' && !matchesGlob(hostNamePattern, serverName)) return false;
  if (type !== '' && type !== certType) return false;
  return subType === '' || subType === '*' || subType === certSubType;
}
