// A guest that does what a host must survive: one function for each attack.
// Knows nothing of the limits that it will meet.

import { locate } from "../../../../tools-wasm/sdk/assembly/locate";
import { liftString } from "../../../../tools-wasm/sdk/assembly/strings";
import { Utf8Encoder } from "../../../../tools-wasm/sdk/assembly/utf8";
import { Descriptor, DescriptorFlags, OpenFlags } from "../../../../tools-wasm/sdk/assembly/wasi/filesystem";
import { exit, get_random_bytes, get_stdout, output_stream_write, wall_clock_now } from "./wasi";

export { cabi_realloc } from "../../../../tools-wasm/sdk/assembly/memory";

const PIECE: usize = 4096;
/** For results of any layout here: 24 bytes at most. */
const area: usize = memory.data(24, 8);

let calls: u32 = 0;
/** What the compiler may not leave out. */
let witness: u32 = 0;

@exported("test:guests/hostile@0.1.0#spin")
export function spin(): void {
  while (true) witness++;
}

@exported("test:guests/hostile@0.1.0#fill")
export function fill(): void {
  const size: usize = 32 * 1024;
  const block = heap.alloc(size);
  while (true) memory.fill(block, <u8>(witness++), size);
}

@exported("test:guests/hostile@0.1.0#work")
export function work(steps: u32): u32 {
  let sum: u32 = 0;
  for (let i: u32 = 0; i < steps; i++) sum = (sum << 1) ^ i ^ (sum >>> 31);
  return sum;
}

@exported("test:guests/hostile@0.1.0#grow")
export function grow(): void {
  while (memory.grow(16) >= 0) witness++;
  unreachable();
}

@exported("test:guests/hostile@0.1.0#hoard")
export function hoard(): u32 {
  let pages: u32 = 0;
  while (memory.grow(1) >= 0) pages++;
  return pages;
}

@exported("test:guests/hostile@0.1.0#recurse")
export function recurse(depth: u32): u32 {
  return descend(depth);
}

function descend(depth: u32): u32 {
  if (depth == 0) return witness;
  // The addition comes after the call, so that it is no tail call.
  return descend(depth == u32.MAX_VALUE ? depth : depth - 1) + ++witness;
}

@exported("test:guests/hostile@0.1.0#trap")
export function trap(): void {
  unreachable();
}

@exported("test:guests/hostile@0.1.0#divide")
export function divide(by: i32): i32 {
  return 1_000_000 / by;
}

@exported("test:guests/hostile@0.1.0#write-then-trap")
export function writeThenTrap(path: usize, pathLength: i32, text: usize, textLength: i32): void {
  writeFile(liftString(path, pathLength), liftString(text, textLength));
  unreachable();
}

@exported("test:guests/hostile@0.1.0#write-then-spin")
export function writeThenSpin(path: usize, pathLength: i32, text: usize, textLength: i32): void {
  writeFile(liftString(path, pathLength), liftString(text, textLength));
  spin();
}

@exported("test:guests/hostile@0.1.0#write-then-fail")
export function writeThenFail(path: usize, pathLength: i32, text: usize, textLength: i32): usize {
  writeFile(liftString(path, pathLength), liftString(text, textLength));
  return refused(text, textLength);
}

@exported("test:guests/hostile@0.1.0#write-then-exit")
export function writeThenExit(path: usize, pathLength: i32, text: usize, textLength: i32, success: i32): void {
  writeFile(liftString(path, pathLength), liftString(text, textLength));
  exit(i32(success == 0));
}

@exported("test:guests/hostile@0.1.0#fill-disk")
export function fillDisk(path: usize, pathLength: i32): void {
  const file = openFile(liftString(path, pathLength), OpenFlags.create, DescriptorFlags.write)!;
  const block = heap.alloc(PIECE);
  let offset: u64 = 0;
  while (true) {
    const written = file.write(block, <i32>PIECE, offset);
    if (!written.isOk) unreachable();
    offset += written.value;
  }
}

@exported("test:guests/hostile@0.1.0#hold")
export function hold(path: usize, pathLength: i32, count: u32): u32 {
  const located = locate(liftString(path, pathLength));
  if (!located.isOk) return 0;
  const location = located.value;
  for (let i: u32 = 0; i < count; i++) {
    if (!location.directory.openAt(0, location.path, 0, DescriptorFlags.read).isOk) return i;
  }
  return count;
}

@exported("test:guests/hostile@0.1.0#peek")
export function peek(path: usize, pathLength: i32): bool {
  return openFile(liftString(path, pathLength), 0, DescriptorFlags.read) !== null;
}

@exported("test:guests/hostile@0.1.0#flood")
export function flood(bytes: u64): void {
  const out = get_stdout();
  const block = heap.alloc(PIECE);
  memory.fill(block, 0x78, PIECE);
  for (let sent: u64 = 0; sent < bytes; sent += PIECE) output_stream_write(out, block, <i32>PIECE, area);
}

@exported("test:guests/hostile@0.1.0#say")
export function say(text: usize, textLength: i32): void {
  const out = get_stdout();
  const encoder = new Utf8Encoder(liftString(text, textLength));
  const block = heap.alloc(PIECE);
  while (!encoder.done) output_stream_write(out, block, encoder.fill(block, PIECE), area);
}

@exported("test:guests/hostile@0.1.0#leave")
export function leave(success: i32): void {
  exit(i32(success == 0));
}

@exported("test:guests/hostile@0.1.0#gamble")
export function gamble(bytes: u64): u32 {
  get_random_bytes(bytes, area);
  const block = load<usize>(area);
  const length = load<u32>(area, 4);
  let sum: u32 = 0;
  for (let i: u32 = 0; i < length; i++) sum += load<u8>(block + i);
  return sum;
}

@exported("test:guests/hostile@0.1.0#now")
export function now(): u64 {
  wall_clock_now(area);
  return load<u64>(area);
}

@exported("test:guests/hostile@0.1.0#echo")
export function echo(text: usize, textLength: i32): usize {
  return list(text, textLength);
}

@exported("test:guests/hostile@0.1.0#fail")
export function fail(reason: usize, reasonLength: i32): usize {
  return refused(reason, reasonLength);
}

@exported("test:guests/hostile@0.1.0#count")
export function count(): u32 {
  return ++calls;
}

@exported("test:guests/hostile@0.1.0#long")
export function long(characters: u32): usize {
  const text = heap.alloc(<usize>characters << 1);
  for (let i: u32 = 0; i < characters; i++) store<u16>(text + (<usize>i << 1), 0x78);
  return list(text, characters);
}

@exported("test:guests/hostile@0.1.0#wild")
export function wild(): usize {
  return list(0xfffffff0, 100);
}

@exported("test:guests/hostile@0.1.0#vast")
export function vast(): usize {
  return list(area, 0xfffffff0);
}

/** `refusal.unlucky(reason)`: the case of the result at 0, that of the variant at 4, its payload at 8. */
function refused(reason: usize, reasonLength: i32): usize {
  store<u8>(area, 1);
  store<u8>(area, 0, 4);
  store<usize>(area, reason, 8);
  store<u32>(area, reasonLength, 12);
  return area;
}

function list(address: usize, length: u32): usize {
  store<usize>(area, address);
  store<u32>(area, length, 4);
  return area;
}

function writeFile(path: string, text: string): void {
  const file = openFile(path, OpenFlags.create | OpenFlags.truncate, DescriptorFlags.write)!;
  const size = 3 * text.length + 16;
  const bytes = heap.alloc(size);
  if (!file.write(bytes, new Utf8Encoder(text).fill(bytes, size), 0).isOk) unreachable();
}

function openFile(path: string, openFlags: i32, flags: i32): Descriptor | null {
  const located = locate(path);
  if (!located.isOk) return null;
  const opened = located.value.directory.openAt(0, located.value.path, openFlags, flags);
  return opened.isOk ? opened.value : null;
}
