// The encoding of certificates (DER): a tag, a length, a content.

export interface Element {
  readonly tag: number;
  readonly content: Buffer;
  /** All of it, as it was read. */
  readonly whole: Buffer;
}

export const TAG = {
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  printable: 0x13,
  wide: 0x1e,
  utcTime: 0x17,
  time: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** The elements that follow one another in some bytes; throws where they are no DER. */
export function elementsOf(bytes: Buffer): readonly Element[] {
  const elements: Element[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { start, length } = headOf(bytes, at);
    const end = start + length;
    if (end > bytes.length) throw new Error('a length is beyond the end');
    elements.push({
      tag: bytes.readUInt8(at),
      content: bytes.subarray(start, end),
      whole: bytes.subarray(at, end),
    });
    at = end;
  }
  return elements;
}

function headOf(bytes: Buffer, at: number): { readonly start: number; readonly length: number } {
  const first = bytes.readUInt8(at + 1);
  if (first < 0x80) return { start: at + 2, length: first };
  const size = first & 0x7f;
  return { start: at + 2 + size, length: bytes.readUIntBE(at + 2, size) };
}

export function element(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), content]);
  const size = length < 0x1_00 ? 1 : length < 0x1_00_00 ? 2 : 3;
  const head = Buffer.alloc(2 + size);
  head.writeUInt8(tag, 0);
  head.writeUInt8(0x80 | size, 1);
  head.writeUIntBE(length, 2, size);
  return Buffer.concat([head, content]);
}

export const sequence = (...parts: readonly Uint8Array[]): Buffer => element(TAG.sequence, ...parts);

/** A set, whose members are in the order of their bytes. */
export const setOf = (members: readonly Buffer[]): Buffer =>
  element(TAG.set, ...[...members].sort((a, b) => Buffer.compare(a, b)));

export const oid = (hex: string): Buffer => element(TAG.oid, Buffer.from(hex, 'hex'));

const PRINTABLE = /^[A-Za-z0-9 '()+,\-./:=?]*$/;

export const text = (value: string): Buffer =>
  element(PRINTABLE.test(value) ? TAG.printable : TAG.utf8, Buffer.from(value));

export function textOf({ tag, content }: Element): string {
  return tag === TAG.wide ? Buffer.from(content).swap16().toString('utf16le') : content.toString('utf8');
}

/** Years after 2049 need four digits. */
export function time(milliseconds: number): Buffer {
  const digits = new Date(milliseconds).toISOString().replace(/[-:T]|\.\d+/g, '');
  return digits < '2050' ? element(TAG.utcTime, Buffer.from(digits.slice(2))) : element(TAG.time, Buffer.from(digits));
}
