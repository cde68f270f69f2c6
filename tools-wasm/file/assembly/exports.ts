// The component face of the tool `file`: arguments lifted, results laid out, nothing else.
// Knows nothing of what the actions do.

import { endCall } from "../../sdk/assembly/memory";
import { liftString, storeString } from "../../sdk/assembly/strings";
import { FileError } from "./file-error";
import { Entry, listDirectory } from "./list";
import { readLines } from "./read";
import { removePath } from "./remove";
import { writeText } from "./write";

export { cabi_realloc } from "../../sdk/assembly/memory";

// result<list<_>, file-error>: the case at 0, the payload at 8, 32 bytes. result<_, file-error> is the same.
const RESULT_SIZE: usize = 32;
const PAYLOAD: usize = 8;
// record entry: name at 0, kind at 8, size at 16.
const ENTRY_SIZE: usize = 24;

@exported("glovebox:std/file@0.1.0#read")
export function read(path: usize, pathLength: i32, limited: i32, limit: u32): usize {
  const lines = readLines(liftString(path, pathLength), limited != 0, limit);
  if (!lines.isOk) return failed(lines.error);
  return okList(lines.value.entries, lines.value.count);
}

@exported("glovebox:std/file@0.1.0#write")
export function write(path: usize, pathLength: i32, text: usize, textLength: i32): usize {
  return done(writeText(liftString(path, pathLength), liftString(text, textLength)));
}

@exported("glovebox:std/file@0.1.0#list")
export function list(path: usize, pathLength: i32): usize {
  const listed = listDirectory(liftString(path, pathLength));
  if (!listed.isOk) return failed(listed.error);
  return okList(storeEntries(listed.value), listed.value.length);
}

@exported("glovebox:std/file@0.1.0#remove")
export function remove(path: usize, pathLength: i32): usize {
  return done(removePath(liftString(path, pathLength)));
}

@exported("cabi_post_glovebox:std/file@0.1.0#read")
export function afterRead(_result: usize): void {
  endCall();
}

@exported("cabi_post_glovebox:std/file@0.1.0#write")
export function afterWrite(_result: usize): void {
  endCall();
}

@exported("cabi_post_glovebox:std/file@0.1.0#list")
export function afterList(_result: usize): void {
  endCall();
}

@exported("cabi_post_glovebox:std/file@0.1.0#remove")
export function afterRemove(_result: usize): void {
  endCall();
}

function storeEntries(entries: Entry[]): usize {
  const records = heap.alloc(ENTRY_SIZE * entries.length);
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i];
    const record = records + ENTRY_SIZE * i;
    storeString(record, entry.name);
    store<u8>(record, <u8>entry.kind, 8);
    store<u64>(record, entry.size, 16);
  }
  return records;
}

function okList(address: usize, length: i32): usize {
  const result = heap.alloc(RESULT_SIZE);
  store<u8>(result, 0);
  store<usize>(result, address, PAYLOAD);
  store<u32>(result, <u32>length, PAYLOAD + 4);
  return result;
}

function done(error: FileError | null): usize {
  if (error !== null) return failed(error);
  const result = heap.alloc(RESULT_SIZE);
  store<u8>(result, 0);
  return result;
}

function failed(error: FileError): usize {
  const result = heap.alloc(RESULT_SIZE);
  store<u8>(result, 1);
  error.store(result + PAYLOAD);
  return result;
}
