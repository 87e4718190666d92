// The certificate of a port is the one that its files, or its Secrets, have now. One that is broken does not replace it.

import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../../src/cli/io/system-clock.ts';
import { createKubeCluster } from '../../../../src/kubernetes/cluster.ts';
import { openLocalCluster } from '../../../../src/local-cluster/open.ts';
import { NOBODY } from '../../../../src/server/auth/enforcer.ts';
import { secretCertificates } from '../../../../src/server/http/certificate.ts';
import { certificateFiles, certificateProblem } from '../../../../src/server/http/certificate-source.ts';
import { createApi } from '../../../../src/server/http/dispatch.ts';
import { serveApi } from '../../../../src/server/http/port.ts';
import { type Certificate, makeCertificate } from '../../../../src/server/http/self-signed.ts';
import { until } from '../../../support/workplace.ts';

let folder: string;
const said: string[] = [];
const log = (line: string): void => void said.push(line);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hawser-certificate-'));
  said.length = 0;
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const make = (): Promise<Certificate> => makeCertificate(Date.now());

function write({ cert, key }: Certificate): { readonly cert: string; readonly key: string } {
  const files = { cert: join(folder, 'tls.crt'), key: join(folder, 'tls.key') };
  writeFileSync(files.cert, cert);
  writeFileSync(files.key, key);
  return files;
}

/** The certificate that a port shows. */
const shownBy = (port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      const { raw } = socket.getPeerCertificate();
      socket.destroy();
      resolve(raw.toString('base64'));
    });
    socket.on('error', reject);
  });

const plain = ({ cert }: Certificate): string => cert.replace(/-----.*?-----|\s/g, '');

describe('files', () => {
  test('are read again: connections from then on have the new one, and a broken one changes nothing', async () => {
    const [first, second, third] = await Promise.all([make(), make(), make()]);
    const files = write(first);
    const source = certificateFiles(files, log, 20);
    const api = createApi({
      routes: [],
      authenticate: async () => NOBODY,
      authorizer: { may: () => true, authorize: async () => undefined },
    });
    const port = await serveApi({ host: '127.0.0.1', port: 0 }, { api, tls: await source.current() });
    const stop = source.follow((next) => port.renew(next));
    try {
      expect(await shownBy(port.port)).toBe(plain(first));
      write(second);
      await until('the second', async () => (await shownBy(port.port)) === plain(second));
      write({ cert: third.cert, key: second.key });
      await until('the complaint', () =>
        said.some((line) => line.includes('the key is not the one of the certificate')),
      );
      expect(await shownBy(port.port)).toBe(plain(second));
      write({ cert: '', key: '' });
      await until('the complaint', () => said.some((line) => line.includes('not one in PEM')));
      rmSync(files.cert);
      await until('the complaint', () => said.some((line) => line.includes('ENOENT')));
      expect(await shownBy(port.port)).toBe(plain(second));
      write(third);
      await until('the third', async () => (await shownBy(port.port)) === plain(third));
      expect(said.every((line) => line.endsWith('the one before stays'))).toBe(true);
    } finally {
      stop();
      await port.close(0);
    }
  });

  test('that cannot be used are refused at the start', async () => {
    const files = { cert: join(folder, 'none.crt'), key: join(folder, 'none.key') };
    await expect(certificateFiles(files, log).current()).rejects.toMatchObject({ code: 'usage' });
    await expect(certificateFiles(write({ cert: 'x', key: 'y' }), log).current()).rejects.toThrow(
      'the certificate is not one in PEM',
    );
  });
});

test('what is broken is said', async () => {
  const [one, other] = await Promise.all([make(), make()]);
  const locked = createPrivateKey(one.key).export({
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-128-cbc',
    passphrase: 'x',
  });
  expect(certificateProblem(one)).toBeUndefined();
  expect(certificateProblem({ ...one, cert: `${one.cert}\n${other.cert}` })).toBeUndefined();
  expect(certificateProblem({ ...one, key: other.key })).toBe('the key is not the one of the certificate');
  expect(certificateProblem({ ...one, cert: '' })).toBe('the certificate is not one in PEM');
  expect(certificateProblem({ ...one, cert: one.cert.slice(0, 300) })).toBe('the certificate is not one in PEM');
  expect(certificateProblem({ ...one, cert: one.key })).toBe('the certificate is not one in PEM');
  expect(certificateProblem({ ...one, key: '' })).toBe('the key is not one in PEM');
  expect(certificateProblem({ ...one, key: one.cert })).toBe('the key is not one in PEM');
  expect(certificateProblem({ ...one, key: one.key.slice(0, 300) })).toBe('the key is not one in PEM');
  expect(certificateProblem({ ...one, key: String(locked) })).toBe('the key has a passphrase');
});

describe('Secrets', () => {
  const secretOf = (name: string, { cert, key }: Certificate) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: 'argocd' },
    data: { 'tls.crt': btoa(cert), 'tls.key': btoa(key) },
  });

  test('argocd-server-tls goes before the one that was made; broken ones change nothing', async () => {
    const local = await openLocalCluster({ clock: systemClock, random: Math.random });
    const home = createKubeCluster(local.handle);
    const [given, next] = await Promise.all([make(), make()]);
    let tell = (_: { before: undefined; after: object }): void => undefined;
    const source = secretCertificates({
      home,
      namespace: 'argocd',
      clock: systemClock,
      log,
      subscribe: (listener) => {
        tell = (change) => listener(JSON.parse(JSON.stringify(change)));
        return () => undefined;
      },
    });
    const made = await source.current();
    expect(await source.current()).toEqual(made);
    const shown: string[] = [];
    source.follow(({ cert }) => shown.push(cert));

    const tls = { group: '', version: 'v1', kind: 'Secret', namespace: 'argocd', name: 'argocd-server-tls' };
    tell({ before: undefined, after: await home.create(secretOf('argocd-server-tls', given)) });
    await until('the given one', () => shown.at(-1) === given.cert);
    expect(await source.current()).toEqual(given);

    const broken = await home.patch(tls, { type: 'merge', body: { data: { 'tls.key': btoa(next.key) } } });
    tell({ before: undefined, after: broken });
    await until('the complaint', () => said.length > 0);
    expect(said).toEqual([
      'warning: the certificate in Secret argocd-server-tls cannot be used: the key is not the one of the certificate; the one before stays',
    ]);
    expect(await source.current()).toEqual(made);
    tell({
      before: undefined,
      after: await home.patch(tls, { type: 'merge', body: secretOf('argocd-server-tls', next) }),
    });
    await until('the next one', () => shown.at(-1) === next.cert);

    await home.patch(
      { ...tls, name: 'argocd-secret' },
      { type: 'merge', body: { data: { 'tls.crt': btoa('damaged'), 'tls.key': btoa('damaged') } } },
    );
    await home.patch(tls, { type: 'merge', body: { data: { 'tls.crt': null } } });
    const instead = await source.current();
    expect(certificateProblem(instead)).toBeUndefined();
    expect(said.at(-1)).toContain('a new one is, until it is mended');
    await local.close();
  });
});
