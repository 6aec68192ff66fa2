/** Writes the values that SSH's formats are made of (RFC 4251, section 5). */
export const sshString = (bytes: Buffer | string): Buffer => {
  const body = typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes;
  return Buffer.concat([sshUint32(body.length), body]);
};

export function sshUint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** A non-negative integer: without leading zeros, but for one where the highest bit would mean a sign. */
export function sshMpint(digits: Buffer): Buffer {
  const first = digits.findIndex((byte) => byte !== 0);
  const significant = first < 0 ? Buffer.alloc(0) : digits.subarray(first);
  return sshString((significant[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.alloc(1), significant]) : significant);
}

/** Reads them again. @throws RangeError where the bytes end too early */
export class SshReader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, start = 0) {
    this.#bytes = bytes;
    this.#at = start;
  }

  uint32(): number {
    const value = this.#bytes.readUInt32BE(this.#at);
    this.#at += 4;
    return value;
  }

  string(): Buffer {
    const length = this.uint32();
    if (length > this.#bytes.length - this.#at) throw new RangeError("a string ends after its buffer");
    const value = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return value;
  }

  text(): string {
    return this.string().toString("latin1");
  }
}
