// A place in the text of a JSONPath query, its words, and the first thing that is wrong there.
// Knows nothing of how queries are put together.

import { hexDigit } from "./parser";

const LARGEST: i64 = 9007199254740991;

/** Reads the words of a query. After a failure it is at the end, where every loop stops. */
export class PathCursor {
  at: i32 = 0;
  problem: string = "";
  problemAt: i32 = 0;

  constructor(private text: string) {}

  get failed(): bool {
    return this.problem != "";
  }

  get more(): bool {
    return this.at < this.text.length;
  }

  fail(reason: string): void {
    if (!this.failed) {
      this.problem = reason;
      this.problemAt = this.at;
    }
    this.at = this.text.length;
  }

  isAt(word: string): bool {
    return this.text.startsWith(word, this.at);
  }

  take(word: string): bool {
    if (!this.isAt(word) || this.at >= this.text.length) return false;
    this.at += word.length;
    return true;
  }

  expect(word: string): void {
    if (!this.take(word)) this.fail(word + " is needed here");
  }

  /** Takes `word`, and the blanks before it; without it, neither. */
  takeAfterBlanks(word: string): bool {
    const before = this.at;
    this.skip();
    if (this.take(word)) return true;
    this.at = before;
    return false;
  }

  skip(): void {
    let unit = this.unit;
    while (unit == 0x20 || unit == 0x0a || unit == 0x0d || unit == 0x09) {
      this.at++;
      unit = this.unit;
    }
  }

  get atInteger(): bool {
    return this.unit == 0x2d || isDigit(this.unit);
  }


  /** An integer that every implementation can hold (RFC 7493), with neither -0 nor leading zeros. */
  integer(): i64 {
    const negative = this.take("-");
    const start = this.at;
    let value: i64 = 0;
    while (isDigit(this.unit)) {
      value = min(LARGEST + 1, 10 * value + this.unit - 0x30);
      this.at++;
    }
    const length = this.at - start;
    const zero = length > 0 && this.text.charCodeAt(start) == 0x30;
    if (length == 0 || value > LARGEST || (zero && (length > 1 || negative))) {
      this.at = start;
      this.fail("an index is an integer without leading zeros, up to 9007199254740991");
    }
    return negative ? -value : value;
  }

  /** A number as JSON has it. */
  number(): string {
    const start = this.at;
    this.take("-");
    const first = this.at;
    this.digits();
    if (this.text.charCodeAt(first) == 0x30 && this.at - first > 1) this.fail("a number has no leading zeros");
    if (this.take(".")) this.digits();
    if (this.take("e") || this.take("E")) {
      if (!this.take("+")) this.take("-");
      this.digits();
    }
    return this.text.substring(start, this.at);
  }

  private digits(): void {
    const start = this.at;
    while (isDigit(this.unit)) this.at++;
    if (this.at == start) this.fail("a digit is needed here");
  }

  /** The name of a function, or a word that stands for a value. */
  word(): string {
    const start = this.at;
    let unit = this.unit;
    while ((unit >= 0x61 && unit <= 0x7a) || (this.at > start && (unit == 0x5f || isDigit(unit)))) {
      this.at++;
      unit = this.unit;
    }
    return this.text.substring(start, this.at);
  }

  /** A name behind a dot. */
  shorthand(): string {
    const start = this.at;
    while (isNameUnit(this.unit) || (this.at > start && isDigit(this.unit))) this.at++;
    if (this.at == start) this.fail("a name or * is needed here; write ['...'] for any other name");
    return this.text.substring(start, this.at);
  }

  /** -1, or the number of the comparison in the order of `ExpressionKind`, and takes it. */
  comparison(): i32 {
    if (this.take("==")) return 3;
    if (this.take("!=")) return 4;
    if (this.take("<=")) return 6;
    if (this.take("<")) return 5;
    if (this.take(">=")) return 8;
    if (this.take(">")) return 7;
    return -1;
  }

  /** A string in single or double quotes. */
  quoted(): string {
    const quote = this.unit;
    this.at++;
    let text = "";
    let start = this.at;
    while (true) {
      const unit = this.unit;
      if (unit < 0x20) {
        this.fail(unit < 0 ? "this string is not closed" : "a control character in a string is written \\u00..");
        return text;
      }
      if (unit != quote && unit != 0x5c) {
        this.at++;
        continue;
      }
      text += this.text.substring(start, this.at++);
      if (unit == quote) return text;
      text += this.escape(quote);
      start = this.at;
    }
  }

  private escape(quote: i32): string {
    const unit = this.unit;
    this.at++;
    if (unit == quote || unit == 0x5c || unit == 0x2f) return String.fromCharCode(unit);
    if (unit == 0x75) return this.hexadecimal();
    const known = "bfnrt".indexOf(unit < 0 ? " " : String.fromCharCode(unit));
    if (known >= 0) return "\b\f\n\r\t".charAt(known);
    this.fail("this escape is not known");
    return "";
  }

  private hexadecimal(): string {
    const lead = this.fourDigits();
    if ((lead & 0xf800) != 0xd800) return String.fromCharCode(lead);
    const trail = lead < 0xdc00 && this.take("\\u") ? this.fourDigits() : 0;
    if ((trail & 0xfc00) != 0xdc00) this.fail("this is half of a character");
    return String.fromCharCode(lead) + String.fromCharCode(trail);
  }

  private fourDigits(): i32 {
    let point = 0;
    for (let i = 0; i < 4; i++) {
      const digit = hexDigit(this.unit);
      if (digit < 0) this.fail("four hexadecimal digits are needed here");
      point = (point << 4) | digit;
      this.at++;
    }
    return point;
  }

  private get unit(): i32 {
    return this.at < this.text.length ? this.text.charCodeAt(this.at) : -1;
  }
}

function isDigit(unit: i32): bool {
  return unit >= 0x30 && unit <= 0x39;
}

function isNameUnit(unit: i32): bool {
  const lower = unit | 0x20;
  return unit >= 0x80 || unit == 0x5f || (lower >= 0x61 && lower <= 0x7a && unit > 0);
}
