/** Bytes that are no protobuf of the message they should be. */
export class ProtobufError extends Error {}

const TOO_SHORT = 'unexpected EOF';

/** Protobuf read from its start; throws ProtobufError where it is broken. */
export class Reader {
  readonly #bytes: Buffer;
  #at = 0;
  #end: number;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#end = bytes.length;
  }

  get more(): boolean {
    return this.#at < this.#end;
  }

  /** As 64 bits without a sign. */
  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined || this.#at >= this.#end) throw new ProtobufError(TOO_SHORT);
      this.#at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new ProtobufError('proto: integer overflow');
  }

  double(): number {
    this.#require(8);
    this.#at += 8;
    return this.#bytes.readDoubleLE(this.#at - 8);
  }

  text(): string {
    const text = this.#bytes.toString('utf8', this.#at, this.#end);
    this.#at = this.#end;
    return text;
  }

  rest(): Buffer {
    const bytes = this.#bytes.subarray(this.#at, this.#end);
    this.#at = this.#end;
    return bytes;
  }

  /** Number and wire type of the next field. */
  key(): { readonly number: number; readonly wire: number } {
    const key = Number(this.varint());
    const number = Math.floor(key / 8);
    if (number <= 0) throw new ProtobufError(`proto: illegal tag ${number} (wire type ${key % 8})`);
    return { number, wire: key % 8 };
  }

  /** Reads a field that has a length: to `read` its content is all there is. */
  within<T>(read: () => T): T {
    const length = Number(this.varint());
    this.#require(length);
    const end = this.#end;
    this.#end = this.#at + length;
    const value = read();
    this.#at = this.#end;
    this.#end = end;
    return value;
  }

  skip(wire: number): void {
    if (wire === 0) this.varint();
    else if (wire === 2) this.within(() => undefined);
    else if (wire === 1 || wire === 5) {
      const length = wire === 1 ? 8 : 4;
      this.#require(length);
      this.#at += length;
    } else throw new ProtobufError(`proto: illegal wireType ${wire}`);
  }

  #require(length: number): void {
    if (!(length <= this.#end - this.#at)) throw new ProtobufError(TOO_SHORT);
  }
}
