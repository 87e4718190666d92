// Names in a repository are bytes. Those that are no UTF-8 must not become one and the same: each such byte is kept as half
// of a surrogate pair, which no text holds, and turned back where a file is made.

/** The first half that stands for byte 0. */
const STRAY = 0xdc00;

export function nameOfBytes(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  if (!text.includes('\ufffd')) return text;
  let name = '';
  for (let at = 0; at < bytes.length; ) {
    const length = characterLength(bytes, at);
    name += length === 0 ? String.fromCharCode(STRAY + (bytes[at] ?? 0)) : bytes.toString('utf8', at, at + length);
    at += Math.max(1, length);
  }
  return name;
}

const STRAY_HALF = /(?<![\ud800-\udbff])([\udc80-\udcff])/;

/** The path of a file system that a name means. */
export function bytesOfName(name: string): string | Buffer {
  const parts = name.split(STRAY_HALF);
  if (parts.length === 1) return name;
  return Buffer.concat(
    parts.map((part, index) => (index % 2 === 1 ? Buffer.from([part.charCodeAt(0) - STRAY]) : Buffer.from(part))),
  );
}

/** How many bytes the UTF-8 character takes that begins here; 0 where none does. */
function characterLength(bytes: Buffer, at: number): number {
  for (let length = 1; length <= 4; length += 1) {
    const text = bytes.toString('utf8', at, at + length);
    if (text !== '' && !text.includes('\ufffd')) return length;
  }
  return bytes.subarray(at, at + 3).equals(REPLACEMENT) ? REPLACEMENT.length : 0;
}

const REPLACEMENT = Buffer.from('\ufffd');
