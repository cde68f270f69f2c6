// The entries of a zip archive (APPNOTE 6.3), by its central directory.
// Knows nothing of how they are decompressed.

import { Entries, Entry } from "./entries";
import { textAt } from "./text";

const END_SIZE: usize = 22;
const CENTRAL_SIZE: usize = 46;
const LOCAL_SIZE: usize = 30;

/** Reads the entries of the archive from `from` to `end`. */
export function readZip(from: usize, end: usize, entries: Entries): void {
  const directory = endOfDirectory(from, end);
  if (directory == 0) return entries.corrupt("there is no directory at the end of the zip archive");
  const count = load<u16>(directory, 10);
  let at = from + load<u32>(directory, 16);
  for (let i = 0; i < <i32>count && entries.problem === null; i++) {
    if (at < from || at + CENTRAL_SIZE > directory || load<u32>(at) != 0x02014b50) {
      return entries.corrupt("the directory of the zip archive is damaged");
    }
    const nameLength = <usize>load<u16>(at, 28);
    const next = at + CENTRAL_SIZE + nameLength + load<u16>(at, 30) + load<u16>(at, 32);
    if (next > directory) return entries.corrupt("the directory of the zip archive is damaged");
    const name = textAt(at + CENTRAL_SIZE, <i32>nameLength);
    if (name === null) return entries.corrupt("a name in the zip archive is not UTF-8");
    readEntry(from, directory, at, name, entries);
    at = next;
  }
}

function readEntry(from: usize, end: usize, central: usize, name: string, entries: Entries): void {
  const compressed = <u64>load<u32>(central, 20);
  const size = <u64>load<u32>(central, 24);
  const method = load<u16>(central, 10);
  // Made on Unix, the type of the file is in the upper half of its attributes.
  const type = load<u8>(central, 5) == 3 ? load<u32>(central, 38) >>> 28 : 0;
  if ((load<u16>(central, 8) & 1) != 0) return entries.unsupported(name, "it is encrypted");
  if (type != 0 && type != 8 && type != 4) return entries.unsupported(name, "it is a link or a device");
  if (method != 0 && method != 8) return entries.unsupported(name, "it is compressed in another way than deflate");
  if (size > entries.maxBytes) return entries.tooLarge();
  const local = from + load<u32>(central, 42);
  if (local < from || local + LOCAL_SIZE > end || load<u32>(local) != 0x04034b50) {
    return entries.corrupt("an entry of the zip archive is not where the directory says");
  }
  const data = local + LOCAL_SIZE + load<u16>(local, 26) + load<u16>(local, 28);
  if (data > end || compressed > <u64>(end - data) || (method == 0 && compressed != size)) {
    return entries.corrupt("an entry of the zip archive is longer than the archive");
  }
  const isDirectory = name.endsWith("/");
  const entry = new Entry(name, isDirectory, data, isDirectory ? 0 : <i32>size);
  entry.crc = load<u32>(central, 16);
  entry.compressed = method == 8 ? <i32>compressed : -2;
  entries.add(entry);
}

/** Where the record is that ends a zip archive: the last one, whose comment reaches to the end. */
function endOfDirectory(from: usize, end: usize): usize {
  if (end - from < END_SIZE) return 0;
  const first = end - from > END_SIZE + 0xffff ? end - END_SIZE - 0xffff : from;
  for (let at = end - END_SIZE; at >= first; at--) {
    if (load<u32>(at) == 0x06054b50 && at + END_SIZE + load<u16>(at, 20) == end) return at;
    if (at == from) break;
  }
  return 0;
}
