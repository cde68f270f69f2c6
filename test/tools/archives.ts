// Archives byte by byte, good and bad ones.

import { Buffer } from "node:buffer";
import { crc32, deflateRawSync } from "node:zlib";

/** An entry, whether or not an archive may have it. */
export interface Entry {
  readonly name: string;
  readonly content?: string | Uint8Array;
  /** The type flag of tar, or the attributes of zip. */
  readonly type?: string;
  readonly size?: number;
}

/** A tar archive with exactly these headers. */
export function tarOf(entries: readonly Entry[]): Buffer {
  const blocks = entries.flatMap(({ name, content = "", type = "0", size }) => {
    const data = Buffer.from(content);
    const header = Buffer.alloc(512);
    header.write(name, 0, 100);
    header.write(`0000644\0`, 100);
    header.write(`${(size ?? data.length).toString(8).padStart(11, "0")}\0`, 124);
    header.write("        ", 148);
    header.write(type, 156);
    header.write("ustar\x0000", 257, "latin1");
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    return [header, data, Buffer.alloc((512 - (data.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

/** A zip archive with exactly these entries, deflated. */
export function zipOf(entries: readonly Entry[], crc?: number): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, content = "", type = "0", size } of entries) {
    const data = Buffer.from(content);
    const packed = deflateRawSync(data);
    const text = Buffer.from(name);
    const record = Buffer.alloc(46);
    record.writeUInt32LE(0x02014b50);
    record.writeUInt16LE(0x0314, 4);
    record.writeUInt16LE(8, 10);
    record.writeUInt32LE(crc ?? crc32(data), 16);
    record.writeUInt32LE(packed.length, 20);
    record.writeUInt32LE(size ?? data.length, 24);
    record.writeUInt16LE(text.length, 28);
    record.writeUInt32LE((Number.parseInt(type, 8) << 16) >>> 0, 38);
    record.writeUInt32LE(offset, 42);
    central.push(record, text);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50);
    local.writeUInt16LE(text.length, 26);
    locals.push(local, text, packed);
    offset += 30 + text.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...central, end]);
}
