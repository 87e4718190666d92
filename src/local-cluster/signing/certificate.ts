// A certificate (X.509) for a request, signed with the key of the cluster's own.

import { createPrivateKey, sign, X509Certificate } from 'node:crypto';
import { element, elementsOf, oid, sequence, setOf, TAG, text, time } from './der.ts';
import { ATTRIBUTE, NAME, type SigningRequest } from './request.ts';

/** Who signs: both in PEM. */
export interface Authority {
  readonly certificate: string;
  readonly key: string;
}

export interface Terms {
  readonly usages: readonly string[];
  readonly seconds: number;
  readonly now: number;
  readonly serial: Buffer;
}

const BACKDATED_MS = 300_000;

export function certificateFor(request: SigningRequest, authority: Authority, terms: Terms): string {
  const issuer = new X509Certificate(authority.certificate);
  const key = createPrivateKey(authority.key);
  const algorithm = key.asymmetricKeyType === 'ec' ? sequence(oid(ECDSA)) : sequence(oid(RSA), element(0x05));
  const until = Math.min(terms.now + terms.seconds * 1000, Date.parse(issuer.validTo));
  const { subject, keyId } = partsOf(issuer.raw);
  const body = sequence(
    element(0xa0, element(TAG.integer, Buffer.of(2))),
    element(TAG.integer, terms.serial),
    algorithm,
    subject,
    sequence(time(terms.now - BACKDATED_MS), time(until)),
    nameOf(request),
    request.key,
    element(0xa3, sequence(...extensionsOf(request, terms, keyId))),
  );
  const signed = sequence(body, algorithm, bits(sign('sha256', body, key), 0));
  const lines = signed.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

const RSA = '2a864886f70d01010b';
const ECDSA = '2a8648ce3d040302';

const bits = (bytes: Buffer, unused: number): Buffer => element(TAG.bits, Buffer.of(unused), bytes);

/** In this order, whatever the order of the request: country, province, locality, street, code, organization, unit, name, number. */
const ORDER = [6, 8, 7, 9, 17, ATTRIBUTE.organization, 11, ATTRIBUTE.commonName, 5];
/** There is one of these at most: the last. */
const SINGLE: readonly number[] = [ATTRIBUTE.commonName, 5];

function nameOf({ subject }: SigningRequest): Buffer {
  const parts = ORDER.flatMap((kind) => {
    const values = subject.get(kind) ?? [];
    const told = SINGLE.includes(kind) ? values.slice(-1) : values;
    const type = oid(`5504${kind.toString(16).padStart(2, '0')}`);
    return told.length > 0 ? [setOf(told.map((value) => sequence(type, text(value))))] : [];
  });
  return sequence(...parts);
}

/** What is taken of the certificate of who signs: its name, and the id of its key. */
function partsOf(raw: Buffer): { readonly subject: Buffer; readonly keyId: Buffer | undefined } {
  const [certificate] = elementsOf(raw);
  const [body] = elementsOf(certificate?.content ?? raw);
  const fields = elementsOf(body?.content ?? raw);
  const extensions = fields.find(({ tag }) => tag === 0xa3);
  const list = extensions ? elementsOf(elementsOf(extensions.content)[0]?.content ?? raw) : [];
  const id = list.map(({ content }) => elementsOf(content)).find(([type]) => type?.content.toString('hex') === KEY_ID);
  const value = id?.at(-1);
  return {
    subject: fields[5]?.whole ?? sequence(),
    keyId: value && elementsOf(value.content)[0]?.content,
  };
}

const KEY_ID = '551d0e';

const extension = (hex: string, value: Buffer, isCritical = false): Buffer =>
  sequence(oid(hex), ...(isCritical ? [element(0x01, Buffer.of(0xff))] : []), element(TAG.octets, value));

/** The bits of what the key itself may do. */
const KEY_USES: Readonly<Record<string, number>> = { 'digital signature': 0x80, 'key encipherment': 0x20 };
const PURPOSES: Readonly<Record<string, string>> = {
  'server auth': '2b06010505070301',
  'client auth': '2b06010505070302',
};
const NAME_ORDER = [NAME.dns, NAME.email, NAME.ip, NAME.uri];

function extensionsOf({ names }: SigningRequest, { usages }: Terms, keyId: Buffer | undefined): readonly Buffer[] {
  const uses = usages.reduce((sum, usage) => sum | (KEY_USES[usage] ?? 0), 0);
  const purposes = usages.flatMap((usage) => PURPOSES[usage] ?? []).map(oid);
  const others = NAME_ORDER.flatMap((kind) => (names.get(kind) ?? []).map((name) => element(kind, name)));
  return [
    ...(uses > 0 ? [extension('551d0f', bits(Buffer.of(uses), (uses & 0x20) > 0 ? 5 : 7), true)] : []),
    ...(purposes.length > 0 ? [extension('551d25', sequence(...purposes))] : []),
    extension('551d13', sequence(), true),
    ...(keyId ? [extension('551d23', sequence(element(0x80, keyId)))] : []),
    ...(others.length > 0 ? [extension('551d11', sequence(...others))] : []),
  ];
}
