// What the real controllers made of requests for certificates (record.mjs), made by the simulated ones.

import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isObject, listAt, numberAt, textAt } from '../../../src/core/json.ts';
import { elementsOf } from '../../../src/local-cluster/signing/der.ts';
import { makeCertificate } from '../../../src/server/http/self-signed.ts';
import { type ControlledCluster, openControlledCluster } from '../../support/controlled-cluster.ts';

const parsed: unknown = JSON.parse(readFileSync(new URL('requests.json', import.meta.url), 'utf8'));
const requests = Object.entries(isObject(parsed) ? parsed : {});
const PATH = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
const SECRETS = '/api/v1/namespaces/kube-system/secrets';
const HOUR_MS = 3_600_000;

let cluster: ControlledCluster;
let authority: X509Certificate;

beforeAll(async () => {
  cluster = await openControlledCluster();
  const { cert, key } = await makeCertificate(cluster.clock.now());
  authority = new X509Certificate(cert);
  const stringData = { 'tls.crt': cert, 'tls.key': key };
  await cluster.call('POST', SECRETS, { metadata: { name: 'hawser-api-certificate' }, stringData });
});

afterAll(() => cluster.close());

/** The name, and all extensions but which key has signed. */
function saidBy(certificate: string): readonly string[] {
  const { raw } = new X509Certificate(Buffer.from(certificate, 'base64'));
  const fields = elementsOf(elementsOf(elementsOf(raw)[0]?.content ?? raw)[0]?.content ?? raw);
  const extensions = elementsOf(elementsOf(fields.at(-1)?.content ?? raw)[0]?.content ?? raw);
  return [fields[5], ...extensions].flatMap((one) => one?.whole.toString('hex') ?? []).filter((one) => !isKeyId(one));
}

const isKeyId = (hex: string): boolean => hex.includes('0603551d23');

const decisions = (object: unknown): string[] =>
  listAt(object, 'status', 'conditions').map((one) =>
    ['type', 'reason', 'message'].map((field) => textAt(one, field)).join('|'),
  );

test.each(requests)('%s', async (name, request) => {
  const spec = isObject(request) && isObject(request['spec']) ? request['spec'] : {};
  const made = await cluster.call('POST', PATH, { metadata: { name }, spec });
  const refused = textAt(request, 'refused');
  if (refused !== '') return expect(textAt(made.body, 'message')).toBe(refused);
  await cluster.pass(1000);
  const type = 'application/json';
  const { body: open } = await cluster.call('GET', `${PATH}/${name}`);
  const approved = { type: 'Approved', status: 'True', reason: 'KubectlApprove', message: 'by kubectl' };
  if (decisions(open).length === 0)
    await cluster.call('PUT', `${PATH}/${name}/approval`, { ...open, status: { conditions: [approved] } }, type);
  await cluster.pass(1000);
  const { body } = await cluster.call('GET', `${PATH}/${name}`);
  expect(decisions(body)).toEqual(listAt(request, 'conditions'));
  const [own, real] = [textAt(body, 'status', 'certificate'), textAt(request, 'certificate')];
  if (real === '') return expect(own).toBe('');
  expect(saidBy(own)).toEqual(saidBy(real));
  const certificate = new X509Certificate(Buffer.from(own, 'base64'));
  expect(certificate.verify(authority.publicKey)).toBe(true);
  expect(certificate.checkIssued(authority)).toBe(true);
  const asked = (numberAt(spec, 'expirationSeconds') ?? Number.POSITIVE_INFINITY) * 1000;
  const most = Date.parse(authority.validTo) - cluster.clock.now();
  const lasts = Date.parse(certificate.validTo) - cluster.clock.now();
  expect(Math.abs(lasts - Math.min(asked, most))).toBeLessThan(60_000);
});

test('requests go some time after they were decided on, open ones after a day', async () => {
  const names = async (): Promise<string[]> =>
    (await cluster.items(PATH)).map((one) => textAt(one, 'metadata', 'name')).filter((name) => name !== 'own');
  const [, ok] = requests.find(([name]) => name === 'ok') ?? [];
  const spec = isObject(ok) && isObject(ok['spec']) ? ok['spec'] : {};
  await cluster.call('POST', PATH, { metadata: { name: 'open' }, spec });
  await cluster.pass(2 * HOUR_MS);
  expect(await names()).toEqual(['open']);
  await cluster.pass(23 * HOUR_MS);
  expect(await names()).toEqual([]);
});
