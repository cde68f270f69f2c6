// gzip (RFC 1952), decoded whole and written as a stream.
// Knows nothing of what the bytes are.

import { Growing } from "../../sdk/assembly/growing";
import { Result } from "../../sdk/assembly/result";
import { Crc32 } from "./crc32";
import { Deflater } from "./deflate";
import { Inflater } from "./inflate";
import { FormatProblem } from "./problem";
import { Sink } from "./sink";

/** Bytes in memory, from an address to another. */
export class Bytes {
  constructor(
    public from: usize,
    public end: usize,
  ) {}
}

/** What the gzip file from `from` to `end` holds: one member of at most `most` bytes. */
export function gunzip(from: usize, end: usize, most: u64): Result<Bytes, FormatProblem> {
  const data = headerEnd(from, end);
  if (data == 0 || data + 8 > end) return refuse(FormatProblem.corrupt("this is not gzip"));
  const size = load<u32>(end - 4);
  if (<u64>size > most) return refuse(FormatProblem.tooLarge(most));
  const target = heap.alloc(<usize>size + 8);
  const inflater = new Inflater(data, end - 8, target, target + size);
  const isWhole = inflater.run() && inflater.out == target + size && inflater.at == end - 8;
  if (!isWhole || new Crc32().of(target, size) != load<u32>(end - 8)) {
    return refuse(FormatProblem.corrupt("the compressed bytes are damaged"));
  }
  return Result.ok<Bytes, FormatProblem>(new Bytes(target, target + size));
}

function refuse(problem: FormatProblem): Result<Bytes, FormatProblem> {
  return Result.err<Bytes, FormatProblem>(problem);
}

/** Where the compressed bytes start, behind the header of gzip; 0 when it is none. */
function headerEnd(from: usize, end: usize): usize {
  if (end - from < 18 || load<u16>(from) != 0x8b1f || load<u8>(from, 2) != 8) return 0;
  const flags = load<u8>(from, 3);
  let at = from + 10;
  if ((flags & 4) != 0) at += 2 + <usize>load<u16>(at);
  for (let texts = popcnt<u32>(flags & 0x18); texts > 0; texts--) {
    while (at < end && load<u8>(at) != 0) at++;
    at++;
  }
  if ((flags & 2) != 0) at += 2;
  return (flags & 0xe0) == 0 && at < end ? at : 0;
}

/** Compresses what it is given. The header says nothing of a name, a time or a system: the same bytes give the same file. */
export class GzipSink extends Sink {
  private crc: Crc32 = new Crc32();
  private sum: u32 = 0;
  private size: u32 = 0;
  private deflater: Deflater;

  constructor(private out: Growing) {
    super();
    const header = out.add(10);
    store<u64>(header, 0x00088b1f);
    store<u16>(header, 0xff00, 8);
    this.deflater = new Deflater(out);
  }

  write(from: usize, length: i32): void {
    this.sum = this.crc.of(from, length, this.sum);
    this.size += <u32>length;
    this.deflater.write(from, length);
  }

  finish(): void {
    this.deflater.finish();
    const trailer = this.out.add(8);
    store<u32>(trailer, this.sum);
    store<u32>(trailer, this.size, 4);
  }
}
