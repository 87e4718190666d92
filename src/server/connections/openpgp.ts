// Public keys in OpenPGP's armour (RFC 4880): what tells them apart, and one armour for each of several in one text. The
// libraries that read them are under a licence that cannot be bundled here, and all of it is a few packets.

import { createHash } from 'node:crypto';
import type { GpgKey } from '../../model/gpg-key.ts';

/** The public keys of an armoured text, each with its own armour; none where it holds none. */
export function readPublicKeys(text: string): GpgKey[] {
  const blocks = text.match(/-----BEGIN PGP PUBLIC KEY BLOCK-----[\s\S]*?-----END PGP PUBLIC KEY BLOCK-----/g) ?? [];
  return blocks.flatMap((block) => keysOf(packetsOf(dearmour(block))));
}

interface Packet {
  readonly tag: number;
  readonly body: Buffer;
  /** With its head. */
  readonly whole: Buffer;
}

const PUBLIC_KEY = 6;
const USER_ID = 13;

function dearmour(block: string): Buffer {
  const lines = block.split(/\r?\n/).map((line) => line.trim());
  const start = lines.indexOf('', 1);
  const data = lines.slice(start < 0 ? 1 : start + 1).filter((line) => /^[A-Za-z\d+/]+={0,2}$/.test(line));
  return Buffer.from(data.join(''), 'base64');
}

function packetsOf(bytes: Buffer): Packet[] {
  const packets: Packet[] = [];
  for (let at = 0; at < bytes.length; ) {
    const packet = packetAt(bytes, at);
    // What is cut off, or no packet, ends the list.
    if (!packet || at + packet.whole.length > bytes.length) return packets;
    packets.push(packet);
    at += packet.whole.length;
  }
  return packets;
}

function packetAt(bytes: Buffer, at: number): Packet | undefined {
  const head = bytes[at] ?? 0;
  if ((head & 0x80) === 0) return undefined;
  const isNew = (head & 0x40) !== 0;
  const size = isNew ? newLength(bytes, at + 1) : oldLength(bytes, at + 1, head & 3);
  if (!size) return undefined;
  const [length, octets] = size;
  const start = at + 1 + octets;
  if (start + length > bytes.length) return undefined;
  const tag = isNew ? head & 0x3f : (head >> 2) & 0xf;
  return { tag, body: bytes.subarray(start, start + length), whole: bytes.subarray(at, start + length) };
}

type Length = readonly [length: number, octets: number];

function oldLength(bytes: Buffer, at: number, kind: number): Length | undefined {
  const octets = [1, 2, 4][kind];
  if (octets === undefined || at + octets > bytes.length) return undefined;
  return [bytes.readUIntBE(at, octets), octets];
}

function newLength(bytes: Buffer, at: number): Length | undefined {
  const first = bytes[at];
  if (first === undefined) return undefined;
  if (first < 192) return [first, 1];
  if (first < 224) return [((first - 192) << 8) + (bytes[at + 1] ?? 0) + 192, 2];
  return first === 255 && at + 5 <= bytes.length ? [bytes.readUInt32BE(at + 1), 5] : undefined;
}

/** Each key begins with its own packet; signatures and subkeys follow it. */
function keysOf(packets: readonly Packet[]): GpgKey[] {
  const starts = packets.flatMap(({ tag }, index) => (tag === PUBLIC_KEY ? [index] : []));
  return starts.flatMap((start, index) => {
    const own = packets.slice(start, starts[index + 1]);
    const [key] = own;
    const facts = key && factsOf(key.body);
    if (!facts) return [];
    const owner = own.find(({ tag }) => tag === USER_ID)?.body.toString('utf8') ?? '';
    return [{ ...facts, owner, trust: 'unknown', keyData: armour(Buffer.concat(own.map(({ whole }) => whole))) }];
  });
}

/** Of a key of version 4, which is what is in use. */
function factsOf(body: Buffer): Pick<GpgKey, 'keyID' | 'fingerprint' | 'subType'> | undefined {
  if (body[0] !== 4 || body.length < 8) return undefined;
  const head = Buffer.from([0x99, body.length >> 8, body.length & 0xff]);
  const fingerprint = createHash('sha1').update(head).update(body).digest('hex').toUpperCase();
  return { keyID: fingerprint.slice(-16), fingerprint, subType: algorithmOf(body) };
}

/** As gpg calls them: with the length of the key, or by its curve. */
function algorithmOf(body: Buffer): string {
  const algorithm = body[5] ?? 0;
  if ([18, 19, 22].includes(algorithm)) return curveOf(body.subarray(7, 7 + (body[6] ?? 0)).toString('hex'));
  const name = { 1: 'rsa', 2: 'rsa', 3: 'rsa', 16: 'elg', 17: 'dsa' }[algorithm];
  if (name === undefined) return { 27: 'ed25519', 28: 'ed448' }[algorithm] ?? 'unknown';
  return `${name}${body.readUInt16BE(6)}`;
}

const CURVES: Readonly<Record<string, string>> = {
  '2b06010401da470f01': 'ed25519',
  '2b060104019755010501': 'cv25519',
  '2a8648ce3d030107': 'nistp256',
  '2b81040022': 'nistp384',
  '2b81040023': 'nistp521',
  '2b8104000a': 'secp256k1',
  '2b2403030208010107': 'brainpoolP256r1',
  '2b240303020801010b': 'brainpoolP384r1',
  '2b240303020801010d': 'brainpoolP512r1',
};

const curveOf = (oid: string): string => CURVES[oid] ?? 'unknown';

const LINE = /.{1,64}/g;

function armour(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(LINE) ?? [];
  const head = '-----BEGIN PGP PUBLIC KEY BLOCK-----';
  const sum = Buffer.from(crc24(bytes).toString(16).padStart(6, '0'), 'hex').toString('base64');
  return [head, '', ...lines, `=${sum}`, '-----END PGP PUBLIC KEY BLOCK-----'].join('\n');
}

function crc24(bytes: Buffer): number {
  let crc = 0xb704ce;
  for (const byte of bytes) {
    crc ^= byte << 16;
    for (let bit = 0; bit < 8; bit += 1) {
      crc <<= 1;
      if (crc & 0x1000000) crc ^= 0x1864cfb;
    }
  }
  return crc & 0xffffff;
}
