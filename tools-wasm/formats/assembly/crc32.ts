// CRC-32 as gzip and zip have it (RFC 1952, section 8).
// Knows nothing of what the bytes are.

/** The checksums of one byte each. */
export class Crc32 {
  private table: StaticArray<u32> = new StaticArray<u32>(256);

  constructor() {
    for (let i = 0; i < 256; i++) {
      let value = <u32>i;
      for (let k = 0; k < 8; k++) value = (value & 1) != 0 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
      this.table[i] = value;
    }
  }

  /** The checksum of `length` bytes; `before` is that of the bytes before them. */
  of(from: usize, length: usize, before: u32 = 0): u32 {
    let value = ~before;
    for (let i: usize = 0; i < length; i++) {
      value = unchecked(this.table[(value ^ load<u8>(from + i)) & 0xff]) ^ (value >>> 8);
    }
    return ~value;
  }
}
