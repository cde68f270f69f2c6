// JSON text -> values (RFC 8259), strictly, and no more of them than the limits allow.
// Knows nothing of what is asked of them.

import { JsonError } from "./json-error";
import { Kind, Value } from "./value";

/** The most values that a text may hold. */
export const MAX_VALUES: i32 = 400_000;
/** The deepest that arrays and objects may be nested. */
export const MAX_DEPTH: i32 = 500;

/** Parses one text. After a failure `problem` is set and what is returned means nothing. */
export class Parser {
  problem: JsonError | null = null;
  private at: i32 = 0;
  private values: i32 = 0;

  constructor(private text: string) {}

  /** The value that the whole text is. */
  parse(): Value {
    this.skip();
    const value = this.value(0);
    this.skip();
    if (this.problem === null && this.at < this.text.length) this.fail("there is something behind the value");
    return value;
  }

  private get unit(): i32 {
    return this.at < this.text.length ? this.text.charCodeAt(this.at) : -1;
  }

  private skip(): void {
    let unit = this.unit;
    while (unit == 0x20 || unit == 0x0a || unit == 0x0d || unit == 0x09) {
      this.at++;
      unit = this.unit;
    }
  }

  private fail(reason: string): void {
    if (this.problem === null) this.problem = JsonError.invalidJson(this.at, reason);
    this.at = this.text.length;
  }

  private value(depth: i32): Value {
    if (++this.values > MAX_VALUES && this.problem === null) this.problem = JsonError.tooMany(MAX_VALUES);
    if (depth > MAX_DEPTH && this.problem === null) this.problem = JsonError.tooDeep(MAX_DEPTH);
    if (this.problem !== null) return new Value(Kind.Null);
    const unit = this.unit;
    if (unit == 0x7b) return this.object(depth);
    if (unit == 0x5b) return this.array(depth);
    if (unit == 0x22) return new Value(Kind.String, this.string());
    if (unit == 0x2d || (unit >= 0x30 && unit <= 0x39)) return this.number();
    if (this.take("null")) return new Value(Kind.Null);
    if (this.take("true")) return new Value(Kind.True);
    if (this.take("false")) return new Value(Kind.False);
    this.fail(unit < 0 ? "the text ends where a value is needed" : "this is no JSON value");
    return new Value(Kind.Null);
  }

  private take(word: string): bool {
    if (!this.text.startsWith(word, this.at)) return false;
    this.at += word.length;
    return true;
  }

  private array(depth: i32): Value {
    const value = new Value(Kind.Array);
    this.at++;
    this.skip();
    if (this.unit == 0x5d) {
      this.at++;
      return value;
    }
    while (this.problem === null) {
      value.items.push(this.value(depth + 1));
      if (!this.goesOn(0x5d)) break;
    }
    return value;
  }

  private object(depth: i32): Value {
    const value = new Value(Kind.Object);
    this.at++;
    this.skip();
    if (this.unit == 0x7d) {
      this.at++;
      return value;
    }
    while (this.problem === null) {
      if (this.unit != 0x22) {
        this.fail("a name in double quotes is needed here");
        break;
      }
      const name = this.string();
      this.skip();
      if (this.unit != 0x3a) this.fail("a colon is needed here");
      this.at++;
      this.skip();
      value.set(name, this.value(depth + 1));
      if (!this.goesOn(0x7d)) break;
    }
    return value;
  }

  /** Behind an element: true behind a comma, false behind the end. */
  private goesOn(end: i32): bool {
    this.skip();
    const unit = this.unit;
    if (unit != end && unit != 0x2c) this.fail("a comma, or the end of the array or object, is needed here");
    if (this.problem !== null) return false;
    this.at++;
    if (unit == end) return false;
    this.skip();
    return true;
  }

  private number(): Value {
    const start = this.at;
    if (this.unit == 0x2d) this.at++;
    if (this.unit == 0x30) this.at++;
    else this.digits();
    if (this.unit == 0x2e) {
      this.at++;
      this.digits();
    }
    if ((this.unit | 0x20) == 0x65) {
      this.at++;
      if (this.unit == 0x2b || this.unit == 0x2d) this.at++;
      this.digits();
    }
    return new Value(Kind.Number, this.text.substring(start, this.at));
  }

  private digits(): void {
    const start = this.at;
    while (this.unit >= 0x30 && this.unit <= 0x39) this.at++;
    if (this.at == start) this.fail("a digit is needed here");
  }

  private string(): string {
    this.at++;
    let text = "";
    let start = this.at;
    while (true) {
      const unit = this.unit;
      if (unit < 0x20) {
        this.fail(unit < 0 ? "this string is not closed" : "a control character in a string is written \\u00..");
        return text;
      }
      if (unit != 0x22 && unit != 0x5c) {
        this.at++;
        continue;
      }
      const part = this.text.substring(start, this.at++);
      text = text == "" ? part : text + part;
      if (unit == 0x22) return text;
      text += this.escape();
      start = this.at;
    }
  }

  private escape(): string {
    const unit = this.unit;
    this.at++;
    if (unit == 0x75) return this.hexadecimal();
    if (unit == 0x22 || unit == 0x5c || unit == 0x2f) return String.fromCharCode(unit);
    const known = "bfnrt".indexOf(unit < 0 ? " " : String.fromCharCode(unit));
    if (known < 0) {
      this.at--;
      this.fail("this escape is not known");
      return "";
    }
    return "\b\f\n\r\t".charAt(known);
  }

  /** Half of a pair that stands alone becomes U+FFFD: no text can hold it. */
  private hexadecimal(): string {
    const lead = this.fourDigits();
    if ((lead & 0xf800) != 0xd800) return String.fromCharCode(lead);
    if (lead >= 0xdc00 || !this.text.startsWith("\\u", this.at)) return "\ufffd";
    const before = this.at;
    this.at += 2;
    const trail = this.fourDigits();
    if ((trail & 0xfc00) == 0xdc00) return String.fromCharCode(lead) + String.fromCharCode(trail);
    this.at = before;
    return "\ufffd";
  }

  private fourDigits(): i32 {
    let point = 0;
    for (let i = 0; i < 4; i++) {
      const digit = hexDigit(this.unit);
      if (digit < 0) {
        this.fail("four hexadecimal digits are needed here");
        return 0;
      }
      point = (point << 4) | digit;
      this.at++;
    }
    return point;
  }
}

/** The value of a hexadecimal digit; -1 for anything else. */
export function hexDigit(unit: i32): i32 {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  const lower = unit | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
