// A request for a certificate (PKCS #10): for whom, and with which key.

import { textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { type Element, elementsOf, TAG, textOf } from './der.ts';

export interface SigningRequest {
  /** The attributes of the name, by the last byte of their type. */
  readonly subject: ReadonlyMap<number, readonly string[]>;
  /** The key, as it is written. */
  readonly key: Buffer;
  /** Other names, by the tag that says of what kind they are. */
  readonly names: ReadonlyMap<number, readonly Buffer[]>;
}

/** Last bytes of types of attributes: 2.5.4.n. */
export const ATTRIBUTE = { commonName: 3, organization: 10 } as const;

/** Tags of other names. */
export const NAME = { email: 0x81, dns: 0x82, uri: 0x86, ip: 0x87 } as const;

const NAMES = '551d11';
const EXTENSIONS = '2a864886f70d01090e';

/** What an object asks for; undefined where it cannot be read. */
export function requestOf(object: KubeObject): SigningRequest | undefined {
  try {
    return readRequest(Buffer.from(textAt(object, 'spec', 'request'), 'base64').toString('latin1'));
  } catch {
    return undefined;
  }
}

/** Reads a request in PEM; throws where it is none. */
function readRequest(pem: string): SigningRequest {
  const body = /-----BEGIN CERTIFICATE REQUEST-----([^-]+)-----END/.exec(pem)?.[1] ?? '';
  const [request] = elementsOf(Buffer.from(body, 'base64'));
  const [info] = childrenOf(request);
  const [, name, key, attributes] = childrenOf(info);
  if (!name || !key) throw new Error('the request is not whole');
  return { subject: readName(name), key: key.whole, names: readNames(attributes) };
}

const childrenOf = (one: Element | undefined): readonly Element[] => (one ? elementsOf(one.content) : []);

function readName(name: Element): ReadonlyMap<number, readonly string[]> {
  const values = new Map<number, string[]>();
  for (const pair of childrenOf(name).flatMap(childrenOf)) {
    const [type, value] = childrenOf(pair);
    if (type?.content.length !== 3 || !type.content.toString('hex').startsWith('5504') || !value) continue;
    const kind = type.content.readUInt8(2);
    values.set(kind, [...(values.get(kind) ?? []), textOf(value)]);
  }
  return values;
}

function readNames(attributes: Element | undefined): ReadonlyMap<number, readonly Buffer[]> {
  const asked = childrenOf(attributes).find((one) => childrenOf(one)[0]?.content.toString('hex') === EXTENSIONS);
  const extensions = childrenOf(childrenOf(childrenOf(asked)[1])[0]);
  const found = extensions.find((one) => childrenOf(one)[0]?.content.toString('hex') === NAMES);
  const value = found && childrenOf(found).find(({ tag }) => tag === TAG.octets);
  const names = new Map<number, Buffer[]>();
  for (const { tag, content } of value ? childrenOf(elementsOf(value.content)[0]) : [])
    names.set(tag, [...(names.get(tag) ?? []), content]);
  return names;
}
