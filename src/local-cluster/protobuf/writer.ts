/** Protobuf written from its end to its start: the length of what a field holds is known when it is written. */
export class Writer {
  #bytes = Buffer.allocUnsafe(1024);
  #start = this.#bytes.length;

  get length(): number {
    return this.#bytes.length - this.#start;
  }

  /** Whole numbers of either sign, as 64 bits. */
  varint(value: number): void {
    if (value >= 0 && value < 0x80) {
      this.#reserve(1);
      this.#bytes[this.#start] = value;
      return;
    }
    const digits: number[] = [];
    let rest = BigInt.asUintN(64, BigInt(Math.trunc(value)));
    for (; rest >= 0x80n; rest >>= 7n) digits.push(Number(rest & 0x7fn) | 0x80);
    digits.push(Number(rest));
    this.#reserve(digits.length);
    this.#bytes.set(digits, this.#start);
  }

  double(value: number): void {
    this.#reserve(8);
    this.#bytes.writeDoubleLE(value, this.#start);
  }

  text(value: string): void {
    this.#reserve(Buffer.byteLength(value));
    this.#bytes.write(value, this.#start);
  }

  raw(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#bytes.set(value, this.#start);
  }

  /** Key and, for what has one, length of the field whose content was written since `end`. */
  field(number: number, wire: number, end: number): void {
    if (wire === LENGTH_DELIMITED) this.varint(this.length - end);
    this.varint(number * 8 + wire);
  }

  done(): Buffer {
    return Buffer.from(this.#bytes.subarray(this.#start));
  }

  /** Makes room for so many bytes before what is written. */
  #reserve(count: number): void {
    if (count > this.#start) {
      const written = this.#bytes.subarray(this.#start);
      const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, written.length + count));
      larger.set(written, larger.length - written.length);
      this.#bytes = larger;
      this.#start = larger.length - written.length;
    }
    this.#start -= count;
  }
}

export const VARINT = 0;
export const FIXED64 = 1;
export const LENGTH_DELIMITED = 2;
