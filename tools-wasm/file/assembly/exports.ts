// The component face of the tool `file`: arguments lifted, results laid out, nothing else.
// Knows nothing of what the actions do.

import { endCall } from "../../sdk/assembly/memory";
import { liftString, storeString } from "../../sdk/assembly/strings";
import { copyFile, movePath } from "./copy";
import { Entry } from "./entry";
import { FileError } from "./file-error";
import { listDirectory } from "./list";
import { readLines, readText } from "./read";
import { removePath } from "./remove";
import { search } from "./search";
import { makeDirectory, statusOf } from "./status";
import { appendText, writeText } from "./write";

export { cabi_realloc } from "../../sdk/assembly/memory";

// result<list<_>, file-error>: the case at 0, the payload at 8, 32 bytes. result<_, file-error>, of a string
// and of a status are the same.
const RESULT_SIZE: usize = 32;
const PAYLOAD: usize = 8;
// record entry: name at 0, kind at 8, size at 16.
const ENTRY_SIZE: usize = 24;

@exported("glovebox:std/file@0.1.0#read")
export function read(path: usize, pathLength: i32, limited: i32, limit: u32, skips: i32, first: u32): usize {
  const skipped = skips != 0 && first > 0 ? first - 1 : 0;
  const lines = readLines(liftString(path, pathLength), limited != 0, limit, skipped);
  if (!lines.isOk) return failed(lines.error);
  return okList(lines.value.entries, lines.value.count);
}

@exported("glovebox:std/file@0.1.0#read-text")
export function readWhole(path: usize, pathLength: i32): usize {
  const text = readText(liftString(path, pathLength));
  if (!text.isOk) return failed(text.error);
  return okList(text.value.address, text.value.length);
}

@exported("glovebox:std/file@0.1.0#write")
export function write(path: usize, pathLength: i32, text: usize, textLength: i32): usize {
  return done(writeText(liftString(path, pathLength), liftString(text, textLength)));
}

@exported("glovebox:std/file@0.1.0#append")
export function append(path: usize, pathLength: i32, text: usize, textLength: i32): usize {
  return done(appendText(liftString(path, pathLength), liftString(text, textLength)));
}

@exported("glovebox:std/file@0.1.0#copy")
export function copy(from: usize, fromLength: i32, to: usize, toLength: i32, given: i32, overwrite: i32): usize {
  return done(copyFile(liftString(from, fromLength), liftString(to, toLength), (given & overwrite) != 0));
}

@exported("glovebox:std/file@0.1.0#move")
export function move(from: usize, fromLength: i32, to: usize, toLength: i32, given: i32, overwrite: i32): usize {
  return done(movePath(liftString(from, fromLength), liftString(to, toLength), (given & overwrite) != 0));
}

@exported("glovebox:std/file@0.1.0#remove")
export function remove(path: usize, pathLength: i32, given: i32, recursive: i32): usize {
  return done(removePath(liftString(path, pathLength), (given & recursive) != 0));
}

@exported("glovebox:std/file@0.1.0#list")
export function list(
  path: usize,
  pathLength: i32,
  given: i32,
  recursive: i32,
  hasGlob: i32,
  glob: usize,
  globLength: i32,
): usize {
  const pattern = hasGlob != 0 ? liftString(glob, globLength) : null;
  const listed = listDirectory(liftString(path, pathLength), (given & recursive) != 0, pattern);
  if (!listed.isOk) return failed(listed.error);
  return okList(storeEntries(listed.value), listed.value.length);
}

@exported("glovebox:std/file@0.1.0#stat")
export function stat(path: usize, pathLength: i32, given: i32, follow: i32): usize {
  const status = statusOf(liftString(path, pathLength), given == 0 || follow != 0);
  if (!status.isOk) return failed(status.error);
  const result = heap.alloc(RESULT_SIZE);
  store<u8>(result, 0);
  store<u8>(result, <u8>status.value.kind, PAYLOAD);
  store<u64>(result, status.value.size, PAYLOAD + 8);
  return result;
}

@exported("glovebox:std/file@0.1.0#make-directory")
export function make(path: usize, pathLength: i32): usize {
  return done(makeDirectory(liftString(path, pathLength)));
}

@exported("glovebox:std/file@0.1.0#search")
export function searchTree(
  path: usize,
  pathLength: i32,
  pattern: usize,
  patternLength: i32,
  hasGlob: i32,
  glob: usize,
  globLength: i32,
  hasContext: i32,
  context: u32,
): usize {
  const filter = hasGlob != 0 ? liftString(glob, globLength) : null;
  const lines = hasContext != 0 ? context : 0;
  const found = search(liftString(path, pathLength), liftString(pattern, patternLength), filter, lines);
  if (!found.isOk) return failed(found.error);
  return okList(found.value.address, found.value.count);
}

@exported("cabi_post_glovebox:std/file@0.1.0#read")
export function afterRead(_result: usize): void {
  endCall();
}

@exported("cabi_post_glovebox:std/file@0.1.0#read-text")
export function afterReadText(_result: usize): void {
  endCall();
}

@exported("cabi_post_glovebox:std/file@0.1.0#write")
export function afterWrite(_result: usize): void {
  endCall();
}

@exported("cabi_post_glovebox:std/file@0.1.0#append")
export function afterAppend(_result: usize): void {
  endCall();
}

@exported("cabi_post_glovebox:std/file@0.1.0#copy")
export function afterCopy(_result: usize): void {
  endCall();
}

@exported("cabi_post_glovebox:std/file@0.1.0#move")
export function afterMove(_result: usize): void {
  endCall();
}

@exported("cabi_post_glovebox:std/file@0.1.0#remove")
export function afterRemove(_result: usize): void {
  endCall();
}

@exported("cabi_post_glovebox:std/file@0.1.0#list")
export function afterList(_result: usize): void {
  endCall();
}

@exported("cabi_post_glovebox:std/file@0.1.0#stat")
export function afterStat(_result: usize): void {
  endCall();
}

@exported("cabi_post_glovebox:std/file@0.1.0#make-directory")
export function afterMakeDirectory(_result: usize): void {
  endCall();
}

@exported("cabi_post_glovebox:std/file@0.1.0#search")
export function afterSearch(_result: usize): void {
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
