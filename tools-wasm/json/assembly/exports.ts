// The component face of the tool `json`: arguments lifted, results laid out, nothing else.
// Knows nothing of what the actions do.

import { endCall } from "../../sdk/assembly/memory";
import { MAX_UNITS, Output } from "../../sdk/assembly/output";
import { liftString, storeString } from "../../sdk/assembly/strings";
import { JsonError } from "./json-error";
import { patchJson } from "./patch";
import { queryText } from "./query";
import { writeValue } from "./writer";

export { cabi_realloc } from "../../sdk/assembly/memory";

// result<_, json-error>: the case at 0, the payload at 4. A record `node`: pointer at 0, value at 8.
const RESULT_SIZE: usize = 20;
const PAYLOAD: usize = 4;
const NODE_SIZE: usize = 16;
const MAX_INDENT: u32 = 8;

@exported("glovebox:std/json@0.1.0#query")
export function query(text: usize, textLength: i32, path: usize, pathLength: i32): usize {
  const found = queryText(liftString(text, textLength), liftString(path, pathLength));
  if (!found.isOk) return failed(found.error);
  const nodes = found.value;
  const records = heap.alloc(NODE_SIZE * nodes.length);
  let units = 0;
  for (let i = 0; i < nodes.length; i++) {
    const output = new Output(0);
    writeValue(nodes[i].value, 0, output);
    units += output.length;
    if (output.full || units > MAX_UNITS) return failed(JsonError.tooMany(MAX_UNITS));
    const record = records + NODE_SIZE * i;
    storeString(record, nodes[i].pointer);
    store<usize>(record, output.address, 8);
    store<u32>(record, output.length, 12);
  }
  return ok(records, nodes.length);
}

@exported("glovebox:std/json@0.1.0#patch")
export function patch(
  text: usize,
  textLength: i32,
  operations: usize,
  operationsLength: i32,
  hasIndent: i32,
  indent: u32,
): usize {
  const patched = patchJson(liftString(text, textLength), liftString(operations, operationsLength));
  if (!patched.isOk) return failed(patched.error);
  const output = new Output(textLength);
  writeValue(patched.value, hasIndent != 0 ? <i32>min(indent, MAX_INDENT) : 0, output);
  if (output.full) return failed(JsonError.tooMany(MAX_UNITS));
  return ok(output.address, output.length);
}

@exported("cabi_post_glovebox:std/json@0.1.0#query")
export function afterQuery(_result: usize): void {
  endCall();
}

@exported("cabi_post_glovebox:std/json@0.1.0#patch")
export function afterPatch(_result: usize): void {
  endCall();
}

function ok(address: usize, length: i32): usize {
  const result = heap.alloc(RESULT_SIZE);
  store<u8>(result, 0);
  store<usize>(result, address, PAYLOAD);
  store<u32>(result, length, PAYLOAD + 4);
  return result;
}

function failed(error: JsonError): usize {
  const result = heap.alloc(RESULT_SIZE);
  store<u8>(result, 1);
  error.store(result + PAYLOAD);
  return result;
}
