// A tar archive (POSIX ustar, with pax headers for names that do not fit).
// Knows nothing of compression.

import { ArchiveWriter } from "./archive-writer";
import { Sink } from "./sink";
import { Utf8Text } from "./text";

const BLOCK: i32 = 512;
const NAME: i32 = 100;
/** 1980-01-01, the first day that zip knows: tar complains about 1970. */
const TIME: u64 = 315_532_800;
const FILE_MODE: u64 = 0o644;
const DIRECTORY_MODE: u64 = 0o755;
const FILE: u8 = 0x30;
const DIRECTORY: u8 = 0x35;
const PAX: u8 = 0x78;

const block = memory.data(BLOCK);
const zeros = memory.data(2 * BLOCK);

/** Writes headers and contents to a sink. */
export class TarWriter extends ArchiveWriter {
  private size: i32 = 0;

  constructor(private sink: Sink) {
    super();
  }

  directory(name: string): void {
    this.header(name + "/", DIRECTORY, DIRECTORY_MODE, 0);
  }

  file(name: string, size: i32): void {
    this.header(name, FILE, FILE_MODE, size);
    this.size = size;
  }

  content(from: usize, length: i32): void {
    this.sink.write(from, length);
  }

  end(): void {
    this.pad(this.size);
  }

  finish(): void {
    this.sink.write(zeros, 2 * BLOCK);
    this.sink.finish();
  }

  private pad(size: i32): void {
    const rest = size & (BLOCK - 1);
    if (rest != 0) this.sink.write(zeros, BLOCK - rest);
  }

  private header(name: string, type: u8, mode: u64, size: i32): void {
    const bytes = new Utf8Text(name);
    // What is not ASCII has no meaning of its own in a ustar header.
    if (bytes.length > NAME || bytes.length != name.length) this.paxHeader(bytes);
    this.headerBlock(bytes, type, mode, size);
  }

  /** A record `LENGTH path=NAME\n`, whose length counts its own digits, as an entry of its own. */
  private paxHeader(name: Utf8Text): void {
    const rest = name.length + " path=\n".length;
    let length = rest + digits(rest);
    length = rest + digits(length);
    const text = new Utf8Text(length.toString() + " path=");
    this.headerBlock(new Utf8Text("pax"), PAX, FILE_MODE, length);
    this.sink.write(text.address, text.length);
    this.sink.write(name.address, name.length);
    store<u8>(block, 0x0a);
    this.sink.write(block, 1);
    this.pad(length);
  }

  private headerBlock(name: Utf8Text, type: u8, mode: u64, size: i32): void {
    memory.fill(block, 0, BLOCK);
    memory.copy(block, name.address, min(name.length, NAME));
    octal(100, 8, mode);
    octal(108, 8, 0);
    octal(116, 8, 0);
    octal(124, 12, size);
    octal(136, 12, TIME);
    memory.fill(block + 148, 0x20, 8);
    store<u8>(block + 156, type);
    // "ustar", NUL, "00"
    store<u64>(block + 257, 0x3030_0072_6174_7375);
    let sum: u64 = 0;
    for (let i = 0; i < BLOCK; i++) sum += load<u8>(block + i);
    octal(148, 7, sum);
    this.sink.write(block, BLOCK);
  }
}

/** Writes `value` with leading zeros, and a NUL, into the `length` bytes of a field. */
function octal(at: i32, length: i32, value: u64): void {
  for (let i = length - 2; i >= 0; i--) {
    store<u8>(block + at + i, 0x30 + <u8>(value & 7));
    value >>= 3;
  }
  store<u8>(block + at + length - 1, 0);
}

function digits(value: i32): i32 {
  return value.toString().length;
}
