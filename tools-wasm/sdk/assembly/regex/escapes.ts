// What follows a backslash, inside brackets and outside: single characters and named sets.
// Knows nothing of the rest of the grammar.

import { foldCase } from "./case-folding";
import { CharSet } from "./char-set";
import { Cursor, isDigit, NONE } from "./cursor";
import { escapeSet } from "./named-sets";

/** The set of `\d \D \w \W \s \S`, when the cursor is at such a letter. */
export function namedEscape(cursor: Cursor, ignoreCase: bool): CharSet | null {
  const letter = cursor.pointAt(cursor.at);
  const set = escapeSet(letter | 0x20);
  if (set === null) return null;
  cursor.next();
  const whole = ignoreCase ? foldCase(set) : set;
  return letter & 0x20 ? whole : whole.negated();
}

/** The character that an escape stands for, after its backslash at `start`. */
export function escapedPoint(cursor: Cursor, start: i32): i32 {
  if (!cursor.more) return refuse(cursor, start, "a backslash ends the pattern; write \\\\ for itself");
  const point = cursor.next();
  switch (point) {
    case 0x74: // t
      return 0x09;
    case 0x6e: // n
      return 0x0a;
    case 0x76: // v
      return 0x0b;
    case 0x66: // f
      return 0x0c;
    case 0x72: // r
      return 0x0d;
    case 0x30: // 0
      if (!isDigit(cursor.pointAt(cursor.at))) return 0;
      return refuse(cursor, start, "write \\x and two hexadecimal digits instead of an octal number");
    case 0x78: // x
      return hexPoint(cursor, start, 2);
    case 0x75: // u
      return unicodePoint(cursor, start);
    default:
      if (isPunctuation(point) && point != 0x3c && point != 0x3e) return point;
      return refuse(cursor, start, explainEscape(point));
  }
}

function unicodePoint(cursor: Cursor, start: i32): i32 {
  const lead = hexPoint(cursor, start, 4);
  if ((lead & 0xfffffc00) != 0xd800 || !cursor.takeText("\\u")) return lead;
  const trail = hexPoint(cursor, start, 4);
  if ((trail & 0xfffffc00) != 0xdc00) return refuse(cursor, start, "this is half of a character");
  return (((lead & 0x3ff) << 10) | (trail & 0x3ff)) + 0x10000;
}

/** `{` hexadecimal digits `}`, or exactly `digits` of them. */
function hexPoint(cursor: Cursor, start: i32, digits: i32): i32 {
  const braced = cursor.take("{");
  const from = cursor.at;
  let point = 0;
  while (point <= 0x10ffff && (braced || cursor.at < from + digits)) {
    const value = hexValue(cursor.pointAt(cursor.at));
    if (value < 0) break;
    point = (point << 4) | value;
    cursor.at++;
  }
  const enough = braced ? cursor.at > from && cursor.take("}") : cursor.at == from + digits;
  if (enough && point <= 0x10ffff) return point;
  return refuse(cursor, start, "write \\xHH, \\uHHHH or \\u{H...} with hexadecimal digits, up to 10FFFF");
}

function refuse(cursor: Cursor, start: i32, reason: string): i32 {
  cursor.fail(start, reason);
  return NONE;
}

function explainEscape(point: i32): string {
  if (point >= 0x31 && point <= 0x39) return "back-references are not supported";
  if (point == 0x6b) return "back-references are not supported"; // k
  if ((point | 0x20) == 0x70) return "Unicode properties are not supported: list the characters in [...]"; // p P
  if (point == 0x3c || point == 0x3e) return "write \\b for the border of a word"; // < >
  if (point == 0x41) return "write ^ for the start of the line"; // A
  if ((point | 0x20) == 0x7a) return "write $ for the end of the line"; // z Z
  return "this escape is not known";
}

function isPunctuation(point: i32): bool {
  return (
    (point >= 0x20 && point <= 0x2f) ||
    (point >= 0x3a && point <= 0x40) ||
    (point >= 0x5b && point <= 0x60) ||
    (point >= 0x7b && point <= 0x7e)
  );
}

function hexValue(point: i32): i32 {
  if (isDigit(point)) return point - 0x30;
  const lower = point | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : NONE;
}
