// What fixes an install to one archive: an exact version, and the archive's digest.
// Knows nothing of registries or files.

import { sha256, sha512 } from "./sha2";

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Whether this is a whole version of npm (`1.2.3`, `1.2.3-rc.1`), and no range or tag. */
export function isNpmVersion(text: string): bool {
  const parts = numbersOf(text);
  if (parts != 3) return false;
  const rest = text.substring(numbersEnd(text));
  return rest == "" || ((rest.startsWith("-") || rest.startsWith("+")) && rest.length > 1 && hasOnly(rest, "-+."));
}

/** Whether this is a version of Python (PEP 440: `1.2`, `1.2.post1`, `2!1.0rc1`), and no specifier. */
export function isPythonVersion(text: string): bool {
  return numbersOf(text) > 0 && hasOnly(text, ".!+") && !text.endsWith(".");
}

/** How many numbers with dots between them a text starts with. */
function numbersOf(text: string): i32 {
  const end = numbersEnd(text);
  if (end == 0) return 0;
  const parts = text.substring(0, end).split(".");
  for (let i = 0; i < parts.length; i++) {
    if (parts[i] == "") return 0;
  }
  return parts.length;
}

function numbersEnd(text: string): i32 {
  let end = 0;
  while (end < text.length && (isDigit(text.charCodeAt(end)) || text.charAt(end) == ".")) end++;
  return end;
}

/** Whether a text has letters and digits, and of other characters those of `others`. */
export function hasOnly(text: string, others: string): bool {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    const isLetter = (unit | 0x20) >= 0x61 && (unit | 0x20) <= 0x7a;
    if (!isLetter && !isDigit(unit) && !others.includes(text.charAt(i))) return false;
  }
  return true;
}

function isDigit(unit: i32): bool {
  return unit >= 0x30 && unit <= 0x39;
}

/** What to write instead of a version that is not exact. */
export function exactInstead(text: string): string {
  let start = 0;
  while (start < text.length && !isDigit(text.charCodeAt(start))) start++;
  let end = start;
  while (end < text.length && hasOnly(text.charAt(end), ".-+!")) end++;
  const exact = text.substring(start, end);
  return isNpmVersion(exact) ? 'one exact version, for example "' + exact + '"' : 'one exact version, for example "1.2.3"';
}

/** A digest as the lock file has it, `sha512-` or `sha256-` and base64; empty when the text is none. */
export function canonicalIntegrity(text: string): string {
  const size = text.startsWith("sha512") ? 64 : text.startsWith("sha256") ? 32 : 0;
  if (size == 0) return "";
  const value = text.substring(7);
  const separator = text.charAt(6);
  if (separator == ":" || separator == "=") return value.length == 2 * size ? ofHexadecimal(text.substring(0, 6), value) : "";
  const length = size == 64 ? 88 : 44;
  const end = length - (size == 64 ? 2 : 1);
  const isBase64 = separator == "-" && value.length == length && hasOnly(value.substring(0, end), "+/") && value.substring(end) == "==".substring(0, length - end);
  return isBase64 ? text : "";
}

function ofHexadecimal(algorithm: string, text: string): string {
  const size = text.length >> 1;
  const bytes = heap.alloc(size);
  for (let i = 0; i < size; i++) {
    const high = nibble(text.charCodeAt(2 * i));
    const low = nibble(text.charCodeAt(2 * i + 1));
    if (high < 0 || low < 0) return "";
    store<u8>(bytes + i, <u8>((high << 4) | low));
  }
  return algorithm + "-" + base64(bytes, size);
}

function nibble(unit: i32): i32 {
  if (isDigit(unit)) return unit - 0x30;
  const letter = unit | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/** The digest of `length` bytes, with the algorithm of another one. */
export function integrityLike(other: string, from: usize, length: i32): string {
  const digest = heap.alloc(64);
  if (other.startsWith("sha512-")) {
    sha512(from, length, digest);
    return "sha512-" + base64(digest, 64);
  }
  sha256(from, length, digest);
  return "sha256-" + base64(digest, 32);
}

function base64(from: usize, length: i32): string {
  let text = "";
  for (let i = 0; i < length; i += 3) {
    const left = length - i;
    const bits =
      (<u32>load<u8>(from + i) << 16) | (left > 1 ? <u32>load<u8>(from + i + 1) << 8 : 0) | (left > 2 ? <u32>load<u8>(from + i + 2) : 0);
    text += BASE64.charAt(bits >> 18) + BASE64.charAt((bits >> 12) & 63);
    text += left > 1 ? BASE64.charAt((bits >> 6) & 63) : "=";
    text += left > 2 ? BASE64.charAt(bits & 63) : "=";
  }
  return text;
}
