// JSON Pointer (RFC 6901).
// Knows nothing of JSONPath.

import { Kind, Value } from "./value";

/** The reference tokens of a pointer; null when it is none. */
export function parsePointer(pointer: string): string[] | null {
  if (pointer == "") return [];
  if (!pointer.startsWith("/")) return null;
  const tokens = pointer.substring(1).split("/");
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    for (let at = token.indexOf("~"); at >= 0; at = token.indexOf("~", at + 1)) {
      const next = at + 1 < token.length ? token.charCodeAt(at + 1) : 0;
      if (next != 0x30 && next != 0x31) return null;
    }
    if (token.includes("~")) tokens[i] = token.split("~1").join("/").split("~0").join("~");
  }
  return tokens;
}

/** A name as a reference token. */
export function pointerToken(name: string): string {
  if (!name.includes("~") && !name.includes("/")) return name;
  return name.split("~").join("~0").split("/").join("~1");
}

/** The index that a token is, at most `length`; -1 when it is none. */
export function arrayIndex(token: string, length: i32): i32 {
  if (token.length == 0 || token.length > 9 || (token.length > 1 && token.charCodeAt(0) == 0x30)) return -1;
  let index = 0;
  for (let i = 0; i < token.length; i++) {
    const digit = token.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    index = 10 * index + digit;
  }
  return index <= length ? index : -1;
}

/** What `token` leads to from `value`: where it is in its items; -1 for nowhere. */
export function step(value: Value, token: string): i32 {
  if (value.kind == Kind.Object) return value.find(token);
  if (value.kind == Kind.Array) return arrayIndex(token, value.items.length - 1);
  return -1;
}
