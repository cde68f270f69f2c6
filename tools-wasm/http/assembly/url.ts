// URLs of http and https, taken apart as wasi:http wants them, and joined with what a redirect says.
// Knows nothing of requests. What two parsers could read in two ways, it refuses.

import { lowerCase } from "../../sdk/assembly/ascii";
import { Utf8Encoder } from "../../sdk/assembly/utf8";

const MAX_LENGTH: i32 = 8000;
const DIGITS = "0123456789ABCDEF";

/** Where a request goes. */
export class Url {
  constructor(
    public secure: bool,
    /** A host, with or without a port. */
    public authority: string,
    /** With the query; it starts with "/". */
    public path: string,
  ) {}

  get text(): string {
    return (this.secure ? "https://" : "http://") + this.authority + this.path;
  }

  /** Whether both have the same scheme, host and port. */
  hasOriginOf(other: Url): bool {
    return this.secure == other.secure && lowerCase(this.authority) == lowerCase(other.authority);
  }

  /** What `location` means in an answer from here; null for what leads nowhere. */
  resolve(location: string): Url | null {
    if (schemeLength(location) > 0) return parseUrl(location);
    if (location.startsWith("//")) return parseUrl((this.secure ? "https:" : "http:") + location);
    const query = this.path.indexOf("?");
    const own = query < 0 ? this.path : this.path.substring(0, query);
    const origin = (this.secure ? "https://" : "http://") + this.authority;
    if (location.startsWith("/")) return parseUrl(origin + location);
    if (location == "" || location.startsWith("?") || location.startsWith("#")) return parseUrl(origin + own + location);
    return parseUrl(origin + own.substring(0, own.lastIndexOf("/") + 1) + location);
  }
}

/** Reads an absolute URL of http or https; null for anything else. A fragment is left out; what has to be encoded is. */
export function parseUrl(written: string): Url | null {
  const text = withoutBlanks(written);
  const start = schemeLength(text);
  const secure = lowerCase(text.substring(0, start)) == "https://";
  if (start == 0 || text.length > MAX_LENGTH || (!secure && lowerCase(text.substring(0, start)) != "http://")) return null;
  let end = start;
  while (end < text.length && !isEnd(text.charCodeAt(end))) end++;
  const authority = text.substring(start, end);
  if (!isAuthority(authority)) return null;
  const hash = text.indexOf("#", end);
  const path = encoded(text.substring(end, hash < 0 ? text.length : hash));
  if (path === null) return null;
  return new Url(secure, authority, path.startsWith("/") ? path : "/" + path);
}

/** WHATWG's URL does not take blanks at the end for a part of it. */
function withoutBlanks(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) == 0x20) end--;
  return text.substring(0, end);
}

/** The length of `https://`, or of what another scheme is written like; 0 for none. */
function schemeLength(text: string): i32 {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit == 0x3a) return i == 0 ? 0 : text.substr(i, 3) == "://" ? i + 3 : i + 1;
    const isLetter = (unit | 0x20) >= 0x61 && (unit | 0x20) <= 0x7a;
    if (!isLetter && (i == 0 || !isSchemeUnit(unit))) return 0;
  }
  return 0;
}

function isSchemeUnit(unit: i32): bool {
  return (unit >= 0x30 && unit <= 0x39) || unit == 0x2b || unit == 0x2d || unit == 0x2e;
}

/** `/`, `?`, `#` */
function isEnd(unit: i32): bool {
  return unit == 0x2f || unit == 0x3f || unit == 0x23;
}

/** Letters, digits, and what addresses and ports need: no user, no blank, nothing that is only a host once it is decoded. */
function isAuthority(text: string): bool {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    const isWord = ((unit | 0x20) >= 0x61 && (unit | 0x20) <= 0x7a) || (unit >= 0x30 && unit <= 0x3a) || unit == 0x5f;
    if (!isWord && unit != 0x2d && unit != 0x2e && unit != 0x5b && unit != 0x5d) return false;
  }
  return text.length > 0;
}

/** A path and a query with what may not stand in them percent-encoded; null when there is a control or a backslash. */
function encoded(text: string): string | null {
  const encoder = new Utf8Encoder(text);
  const size = <usize>text.length * 3 + 16;
  const bytes = heap.alloc(size);
  const length = encoder.fill(bytes, size);
  let result = "";
  let plain = 0;
  for (let i = 0; i < length; i++) {
    const byte = load<u8>(bytes + i);
    if (byte < 0x20 || byte == 0x7f || byte == 0x5c) return null;
    if (isPlain(byte)) continue;
    result += String.UTF8.decodeUnsafe(bytes + plain, i - plain) + "%" + DIGITS.charAt(byte >> 4) + DIGITS.charAt(byte & 15);
    plain = i + 1;
  }
  return result + String.UTF8.decodeUnsafe(bytes + plain, length - plain);
}

/** Not what WHATWG's URL encodes in paths and in queries alike. */
function isPlain(byte: u8): bool {
  return byte > 0x20 && byte < 0x7f && byte != 0x22 && byte != 0x3c && byte != 0x3e;
}
