// Values -> JSON text.
// Knows nothing of where they come from.

import { Output } from "../../sdk/assembly/output";
import { Kind, Value } from "./value";

const DIGITS = "0123456789abcdef";

/** Writes `value`; with `indent` over 0, over several lines. */
export function writeValue(value: Value, indent: i32, output: Output, depth: i32 = 0): void {
  switch (value.kind) {
    case Kind.Null:
      return output.addText("null");
    case Kind.False:
      return output.addText("false");
    case Kind.True:
      return output.addText("true");
    case Kind.Number:
      return output.addText(value.text);
    case Kind.String:
      return writeString(value.text, output);
    default:
      writeItems(value, indent, output, depth);
  }
}

function writeItems(value: Value, indent: i32, output: Output, depth: i32): void {
  const isObject = value.kind == Kind.Object;
  const items = value.items;
  output.addText(isObject ? "{" : "[");
  for (let i = 0; i < items.length; i++) {
    if (i > 0) output.addText(",");
    newLine(indent, output, depth + 1);
    if (isObject) {
      writeString(value.names[i], output);
      output.addText(indent > 0 ? ": " : ":");
    }
    writeValue(items[i], indent, output, depth + 1);
  }
  if (items.length > 0) newLine(indent, output, depth);
  output.addText(isObject ? "}" : "]");
}

function newLine(indent: i32, output: Output, depth: i32): void {
  if (indent == 0) return;
  output.addText("\n");
  for (let i = 0; i < indent * depth; i++) output.addText(" ");
}

/** Writes a string with as few escapes as there can be. */
export function writeString(text: string, output: Output): void {
  output.addText('"');
  const address = changetype<usize>(text);
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x20 && unit != 0x22 && unit != 0x5c) continue;
    output.add(address + (<usize>start << 1), address + (<usize>i << 1));
    start = i + 1;
    output.addText(escapeOf(unit));
  }
  output.add(address + (<usize>start << 1), address + (<usize>text.length << 1));
  output.addText('"');
}

function escapeOf(unit: i32): string {
  if (unit == 0x22) return '\\"';
  if (unit == 0x5c) return "\\\\";
  const short = "\b\f\n\r\t".indexOf(String.fromCharCode(unit));
  if (short >= 0) return "\\" + "bfnrt".charAt(short);
  return "\\u00" + DIGITS.charAt(unit >> 4) + DIGITS.charAt(unit & 15);
}
