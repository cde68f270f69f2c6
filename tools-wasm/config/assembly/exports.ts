// The component face of the tool `config`: arguments lifted, results laid out, nothing else.
// Knows nothing of formats.

import { endCall } from "../../sdk/assembly/memory";
import { liftString, storeString } from "../../sdk/assembly/strings";
import { Setting } from "./edit";
import { Format, setValue } from "./set";

export { cabi_realloc } from "../../sdk/assembly/memory";

// result<option<string>, config-error>: the case at 0, the payload at 4.
const RESULT_SIZE: usize = 24;
const PAYLOAD: usize = 4;

@exported("glovebox:std/config@0.1.0#set")
export function set(
  path: usize,
  pathLength: i32,
  key: usize,
  keyLength: i32,
  kind: i32,
  value: i64,
  valueLength: i32,
  hasFormat: i32,
  format: i32,
): usize {
  const names: string[] = [];
  for (let i = 0; i < keyLength; i++) names.push(liftString(load<usize>(key + 8 * i), load<i32>(key + 8 * i, 4)));
  const wanted = hasFormat != 0 ? <Format>format : Format.Unknown;
  const before = setValue(liftString(path, pathLength), names, liftSetting(kind, value, valueLength), wanted);
  const result = heap.alloc(RESULT_SIZE);
  store<u8>(result, u8(!before.isOk));
  if (!before.isOk) {
    before.error.store(result + PAYLOAD);
    return result;
  }
  const text = before.value.text;
  store<u8>(result, u8(text !== null), PAYLOAD);
  if (text !== null) storeString(result + PAYLOAD + 4, text);
  return result;
}

@exported("cabi_post_glovebox:std/config@0.1.0#set")
export function afterSet(_result: usize): void {
  endCall();
}

/** WIT's variant `setting`: text, integer, number, boolean or null. */
function liftSetting(kind: i32, value: i64, length: i32): Setting {
  switch (kind) {
    case 0:
      return new Setting(true, false, liftString(<usize>value, length));
    case 1:
      return new Setting(false, false, value.toString());
    case 2:
      return new Setting(false, false, numberText(reinterpret<f64>(value)));
    case 3:
      return new Setting(false, false, value != 0 ? "true" : "false");
    default:
      return new Setting(false, true, "null");
  }
}

/** A number as every format has it; nothing for infinity and NaN, which JSON has not. */
function numberText(value: f64): string {
  if (!isFinite(value)) return "";
  const text = value.toString();
  return text.endsWith(".0") ? text.substring(0, text.length - 2) : text;
}
