// A zip archive (APPNOTE 6.3) whose files are deflated. Without zip64: its limits are above ours.
// Knows nothing of where the files are.

import { Growing } from "../../sdk/assembly/growing";
import { ArchiveWriter } from "./archive-writer";
import { Crc32 } from "./crc32";
import { Deflater } from "./deflate";
import { Utf8Text } from "./text";

const LOCAL_SIZE: usize = 30;
const CENTRAL_SIZE: usize = 46;
const END_SIZE: usize = 22;
/** Names are UTF-8. */
const FLAGS: u16 = 0x0800;
const VERSION: u16 = 20;
/** Made on Unix, so that modes mean something. */
const MADE_BY: u16 = 0x0300 | VERSION;
/** 1980-01-01 00:00, the first time there is. */
const TIME: u32 = 0x0021_0000;
const FILE_ATTRIBUTES: u32 = 0o100644 << 16;
const DIRECTORY_ATTRIBUTES: u32 = (0o40755 << 16) | 0x10;

/** What the directory at the end says of an entry. */
class Record {
  crc: u32 = 0;
  compressed: u32 = 0;

  constructor(
    public name: Utf8Text,
    public isDirectory: bool,
    public size: u32,
    /** Where its local header starts. */
    public offset: u32,
  ) {}

  get isDeflated(): bool {
    return this.size > 0;
  }
}

/** Writes a zip archive into memory. */
export class ZipWriter extends ArchiveWriter {
  private crc: Crc32 = new Crc32();
  private records: Record[] = [];
  private deflater: Deflater | null = null;

  constructor(private out: Growing) {
    super();
  }

  directory(name: string): void {
    this.begin(new Record(new Utf8Text(name + "/"), true, 0, <u32>this.out.length));
  }

  file(name: string, size: i32): void {
    const record = new Record(new Utf8Text(name), false, size, <u32>this.out.length);
    this.begin(record);
    if (!record.isDeflated) return;
    if (this.deflater === null) this.deflater = new Deflater(this.out);
    this.deflater!.start();
  }

  content(from: usize, length: i32): void {
    const record = this.records[this.records.length - 1];
    record.crc = this.crc.of(from, length, record.crc);
    this.deflater!.write(from, length);
  }

  end(): void {
    const record = this.records[this.records.length - 1];
    if (!record.isDeflated) return;
    this.deflater!.finish();
    const data = record.offset + LOCAL_SIZE + record.name.length;
    record.compressed = <u32>(this.out.length - data);
    storeFacts(this.out.address + record.offset + 4, record);
  }

  finish(): void {
    const start = this.out.length;
    for (let i = 0; i < this.records.length; i++) this.central(this.records[i]);
    const size = this.out.length - start;
    const end = this.out.add(END_SIZE);
    store<u32>(end, 0x06054b50);
    store<u32>(end, 0, 4);
    store<u16>(end, <u16>this.records.length, 8);
    store<u16>(end, <u16>this.records.length, 10);
    store<u32>(end, <u32>size, 12);
    store<u32>(end, <u32>start, 16);
    store<u16>(end, 0, 20);
  }

  private begin(record: Record): void {
    this.records.push(record);
    const header = this.out.add(LOCAL_SIZE + record.name.length);
    store<u32>(header, 0x04034b50);
    storeFacts(header + 4, record);
    memory.copy(header + LOCAL_SIZE, record.name.address, record.name.length);
  }

  private central(record: Record): void {
    const header = this.out.add(CENTRAL_SIZE + record.name.length);
    store<u32>(header, 0x02014b50);
    store<u16>(header, MADE_BY, 4);
    storeFacts(header + 6, record);
    // No comment, first disk, binary.
    store<u64>(header, 0, 32);
    store<u32>(header, record.isDirectory ? DIRECTORY_ATTRIBUTES : FILE_ATTRIBUTES, 38);
    store<u32>(header, record.offset, 42);
    memory.copy(header + CENTRAL_SIZE, record.name.address, record.name.length);
  }
}

/** The 26 bytes that both headers of an entry have in common. */
function storeFacts(at: usize, record: Record): void {
  store<u16>(at, VERSION);
  store<u16>(at, FLAGS, 2);
  store<u16>(at, record.isDeflated ? 8 : 0, 4);
  store<u32>(at, TIME, 6);
  store<u32>(at, record.crc, 10);
  store<u32>(at, record.compressed, 14);
  store<u32>(at, record.size, 18);
  store<u16>(at, <u16>record.name.length, 22);
  store<u16>(at, 0, 24);
}
