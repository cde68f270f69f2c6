// The component face of the tool `process`: arguments lifted, results laid out, nothing else.
// Knows nothing of how lines are filtered.

import { endCall } from "../../sdk/assembly/memory";
import { PatternProblem } from "../../sdk/assembly/regex/problem";
import { compile } from "../../sdk/assembly/regex/regex";
import { liftString, storeString } from "../../sdk/assembly/strings";
import { filterLines } from "./filter";

export { cabi_realloc } from "../../sdk/assembly/memory";

// result<list<line>, filter-error>: the case at 0, the payload at 4. In filter-error the payload is 4 further on.
const RESULT_SIZE: usize = 20;
const PAYLOAD: usize = 4;

@exported("glovebox:std/process@0.1.0#filter")
export function filter(
  text: usize,
  count: i32,
  pattern: usize,
  patternLength: i32,
  hasContext: i32,
  context: u32,
): usize {
  const compiled = compile(liftString(pattern, patternLength));
  if (compiled.machine === null) return failed(compiled.problem!);
  const lines = filterLines(text, count, compiled.machine!, hasContext != 0 ? context : 0);
  const result = heap.alloc(RESULT_SIZE);
  store<u8>(result, 0);
  store<usize>(result, lines.address, PAYLOAD);
  store<u32>(result, <u32>lines.count, PAYLOAD + 4);
  return result;
}

@exported("cabi_post_glovebox:std/process@0.1.0#filter")
export function afterFilter(_result: usize): void {
  endCall();
}

function failed(problem: PatternProblem): usize {
  const result = heap.alloc(RESULT_SIZE);
  const payload = result + 2 * PAYLOAD;
  store<u8>(result, 1);
  store<u8>(result, <u8>problem.tooComplex, PAYLOAD);
  if (problem.tooComplex) {
    storeString(payload, problem.reason);
  } else {
    store<u32>(payload, <u32>problem.position);
    storeString(payload + 4, problem.reason);
  }
  return result;
}
