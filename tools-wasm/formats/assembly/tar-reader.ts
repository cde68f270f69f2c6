// The entries of a tar archive (POSIX ustar and pax, and the long names of GNU tar).
// Knows nothing of compression.

import { Entries, Entry } from "./entries";
import { lengthBeforeNul, textAt } from "./text";

const BLOCK: usize = 512;
const MAX_HEADER: i64 = 64 * 1024;

/** Reads the entries of the archive from `from` to `end`. */
export function readTar(from: usize, end: usize, entries: Entries): void {
  let longName: string | null = null;
  let at = from;
  while (entries.problem === null && at + BLOCK <= end) {
    if (isEmpty(at)) return;
    if (!hasChecksum(at)) return entries.corrupt("a header of the tar archive is damaged");
    const size = octal(at + 124, 12);
    const data = at + BLOCK;
    if (size < 0 || <u64>size > <u64>(end - data)) {
      if (size >= 0 && <u64>size > entries.maxBytes) entries.tooLarge();
      else entries.corrupt("the tar archive ends inside an entry");
      return;
    }
    const type = load<u8>(at, 156);
    at = data + ((<usize>size + BLOCK - 1) & ~(BLOCK - 1));
    if (type == 0x4c || type == 0x78 || type == 0x67) {
      if (size > MAX_HEADER) return entries.corrupt("a header of the tar archive is too long");
      if (type == 0x4c) longName = textAt(data, lengthBeforeNul(data, <i32>size));
      else if (type == 0x78) longName = paxPath(data, <i32>size, entries);
      continue;
    }
    const name = longName !== null ? longName : nameOf(data - BLOCK);
    longName = null;
    if (name === null) return entries.corrupt("a name in the tar archive is not UTF-8");
    if (type == 0x30 || type == 0 || type == 0x37) entries.add(new Entry(name, name.endsWith("/"), data, <i32>size));
    else if (type == 0x35) entries.add(new Entry(name, true, data, 0));
    else entries.unsupported(name, "it is a link, a device or another special entry");
  }
}

function isEmpty(at: usize): bool {
  for (let i: usize = 0; i < BLOCK; i += 8) {
    if (load<u64>(at + i) != 0) return false;
  }
  return true;
}

/** The sum of a header's bytes, its own field taken as blanks. */
function hasChecksum(at: usize): bool {
  let sum: i64 = 0;
  for (let i: usize = 0; i < BLOCK; i++) sum += i >= 148 && i < 156 ? 0x20 : load<u8>(at + i);
  return sum == octal(at + 148, 8);
}

/** A number in octal digits, between blanks and NULs; -1 for anything else. */
function octal(at: usize, length: i32): i64 {
  let value: i64 = 0;
  let i = 0;
  while (i < length && load<u8>(at + i) == 0x20) i++;
  for (; i < length; i++) {
    const digit = load<u8>(at + i);
    if (digit == 0x20 || digit == 0) break;
    if (digit < 0x30 || digit > 0x37) return -1;
    value = (value << 3) | (digit - 0x30);
  }
  return value;
}

/** The name in a header, behind the prefix that ustar has. */
function nameOf(header: usize): string | null {
  const name = textAt(header, lengthBeforeNul(header, 100));
  const isPosix = load<u32>(header, 257) == 0x61747375 && load<u8>(header, 262) == 0;
  const prefixLength = isPosix ? lengthBeforeNul(header + 345, 155) : 0;
  if (prefixLength == 0 || name === null) return name;
  const prefix = textAt(header + 345, prefixLength);
  return prefix === null ? null : prefix + "/" + name;
}

/** The `path` of a pax header: records of a length, a blank, a key, = and a value, which ends with a line end. */
function paxPath(data: usize, size: i32, entries: Entries): string | null {
  let path: string | null = null;
  let at = 0;
  while (at < size && entries.problem === null) {
    let length = 0;
    let key = at;
    for (; key < size && key < at + 6 && isDigit(load<u8>(data + key)); key++) length = length * 10 + load<u8>(data + key) - 0x30;
    if (length <= key - at + 1 || length > size - at || load<u8>(data + key) != 0x20) {
      entries.corrupt("a header of the tar archive is damaged");
      return null;
    }
    const record = textAt(data + key + 1, at + length - key - 2);
    if (record === null) {
      entries.corrupt("a header of the tar archive is not UTF-8");
      return null;
    }
    if (record.startsWith("path=")) path = record.substring(5);
    // The size of the entry behind it would be another one than its header says.
    if (record.startsWith("size=")) entries.corrupt("entries of 8 GiB are not unpacked");
    at += length;
  }
  return path;
}

function isDigit(byte: u8): bool {
  return byte >= 0x30 && byte <= 0x39;
}
