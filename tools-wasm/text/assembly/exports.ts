// The component face of the tool `text`: arguments lifted, results laid out, nothing else.
// Knows nothing of what the actions do.

import { endCall } from "../../sdk/assembly/memory";
import { Result } from "../../sdk/assembly/result";
import { liftString } from "../../sdk/assembly/strings";
import { LineList, Order } from "./lines";
import { MAX_UNITS, Output } from "../../sdk/assembly/output";
import { patchText } from "./patch";
import { replaceText } from "./replace";
import { TextError } from "./text-error";

export { cabi_realloc } from "../../sdk/assembly/memory";

// result<string, text-error>: the case at 0, the payload at 4.
const RESULT_SIZE: usize = 20;
const PAYLOAD: usize = 4;
const DEFAULT_FUZZ: u32 = 2;

@exported("glovebox:std/text@0.1.0#replace")
export function replace(
  text: usize,
  textLength: i32,
  pattern: usize,
  patternLength: i32,
  replacement: usize,
  replacementLength: i32,
  hasLiteral: i32,
  literal: i32,
  hasExpected: i32,
  expected: u32,
): usize {
  return answer(
    replaceText(
      liftString(text, textLength),
      liftString(pattern, patternLength),
      liftString(replacement, replacementLength),
      (hasLiteral & literal) != 0,
      hasExpected != 0 ? <i64>expected : -1,
    ),
  );
}

@exported("glovebox:std/text@0.1.0#lines")
export function lines(
  text: usize,
  count: i32,
  hasSort: i32,
  sort: i32,
  hasUnique: i32,
  unique: i32,
  hasHead: i32,
  head: u32,
  hasTail: i32,
  tail: u32,
): usize {
  const list = new LineList(text, count);
  if (hasSort != 0) list.sort(<Order>sort);
  if ((hasUnique & unique) != 0) list.unique();
  if (hasHead != 0) list.head(head);
  if (hasTail != 0) list.tail(tail);
  const result = heap.alloc(8);
  store<usize>(result, list.store());
  store<u32>(result, list.count, 4);
  return result;
}

@exported("glovebox:std/text@0.1.0#count")
export function count(text: usize, length: i32): usize {
  const counts = new LineList(text, length).counts();
  const result = heap.alloc(16);
  store<u32>(result, counts.lines);
  store<u32>(result, counts.uniqueLines, 4);
  store<u32>(result, counts.words, 8);
  store<u32>(result, counts.characters, 12);
  return result;
}

@exported("glovebox:std/text@0.1.0#join")
export function join(text: usize, length: i32, hasEnd: i32, end: usize, endLength: i32): usize {
  const output = new LineList(text, length).join(hasEnd != 0 ? liftString(end, endLength) : "\n");
  if (output.full) return answer(Result.err<Output, TextError>(TextError.tooLarge(MAX_UNITS)));
  return answer(Result.ok<Output, TextError>(output));
}

@exported("glovebox:std/text@0.1.0#patch")
export function patch(
  text: usize,
  textLength: i32,
  diff: usize,
  diffLength: i32,
  hasFuzz: i32,
  fuzz: u32,
): usize {
  const most = hasFuzz != 0 ? fuzz : DEFAULT_FUZZ;
  return answer(patchText(liftString(text, textLength), liftString(diff, diffLength), most));
}

@exported("cabi_post_glovebox:std/text@0.1.0#replace")
export function afterReplace(_result: usize): void {
  endCall();
}

@exported("cabi_post_glovebox:std/text@0.1.0#lines")
export function afterLines(_result: usize): void {
  endCall();
}

@exported("cabi_post_glovebox:std/text@0.1.0#join")
export function afterJoin(_result: usize): void {
  endCall();
}

@exported("cabi_post_glovebox:std/text@0.1.0#patch")
export function afterPatch(_result: usize): void {
  endCall();
}

function answer(given: Result<Output, TextError>): usize {
  const result = heap.alloc(RESULT_SIZE);
  store<u8>(result, u8(!given.isOk));
  if (given.isOk) {
    store<usize>(result, given.value.address, PAYLOAD);
    store<u32>(result, given.value.length, PAYLOAD + 4);
  } else given.error.store(result + PAYLOAD);
  return result;
}
