// The component face of the tool `archive`: arguments lifted, results laid out, nothing else.
// Knows nothing of archives.

import { endCall } from "../../sdk/assembly/memory";
import { liftString, storeString } from "../../sdk/assembly/strings";
import { Format } from "./format";
import { pack as packTo } from "./pack";
import { unpack as unpackTo } from "./unpack";

export { cabi_realloc } from "../../sdk/assembly/memory";

// result<list<unpacked>, archive-error>, and result<packed, archive-error>: the case at 0, the payload at 8.
// A record `unpacked`: name at 0, size at 8. A record `packed`: files at 0, bytes at 8, size at 16.
const RESULT_SIZE: usize = 32;
const PAYLOAD: usize = 8;
const RECORD_SIZE: usize = 16;

@exported("glovebox:std/archive@0.1.0#unpack")
export function unpack(
  path: usize,
  pathLength: i32,
  to: usize,
  toLength: i32,
  hasFormat: i32,
  format: i32,
  hasOverwrite: i32,
  overwrite: i32,
): usize {
  const wanted = hasFormat != 0 ? <Format>format : Format.Unknown;
  const files = unpackTo(liftString(path, pathLength), liftString(to, toLength), wanted, (hasOverwrite & overwrite) != 0);
  const result = heap.alloc(RESULT_SIZE);
  store<u8>(result, u8(!files.isOk));
  if (!files.isOk) {
    files.error.store(result + PAYLOAD);
    return result;
  }
  const count = files.value.length;
  const records = heap.alloc(RECORD_SIZE * count);
  for (let i = 0; i < count; i++) {
    storeString(records + RECORD_SIZE * i, files.value[i].name);
    store<u64>(records + RECORD_SIZE * i, files.value[i].size, 8);
  }
  store<usize>(result, records, PAYLOAD);
  store<u32>(result, count, PAYLOAD + 4);
  return result;
}

@exported("cabi_post_glovebox:std/archive@0.1.0#unpack")
export function afterUnpack(_result: usize): void {
  endCall();
}

@exported("glovebox:std/archive@0.1.0#pack")
export function pack(
  path: usize,
  pathLength: i32,
  to: usize,
  toLength: i32,
  hasFormat: i32,
  format: i32,
  hasOverwrite: i32,
  overwrite: i32,
): usize {
  const wanted = hasFormat != 0 ? <Format>format : Format.Unknown;
  const packed = packTo(liftString(path, pathLength), liftString(to, toLength), wanted, (hasOverwrite & overwrite) != 0);
  const result = heap.alloc(RESULT_SIZE);
  store<u8>(result, u8(!packed.isOk));
  if (!packed.isOk) packed.error.store(result + PAYLOAD);
  else {
    store<u32>(result, packed.value.files, PAYLOAD);
    store<u64>(result, packed.value.bytes, PAYLOAD + 8);
    store<u64>(result, packed.value.size, PAYLOAD + 16);
  }
  return result;
}

@exported("cabi_post_glovebox:std/archive@0.1.0#pack")
export function afterPack(_result: usize): void {
  endCall();
}
