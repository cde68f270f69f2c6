// A setting in a JSON file, comments and trailing commas allowed.
// Knows nothing of other formats.

import { Edit, lineEndOf, quoted, Setting } from "./edit";
import { isBlank } from "./lines";

const NOT_JSON = "this is not JSON";

/** Looks for the value at `key`, or for the place where it belongs. */
export function editJson(text: string, key: string[], setting: Setting): Edit {
  const value = setting.isText ? quoted(setting.text) : setting.text;
  const scanner = new Scanner(text);
  scanner.skip();
  if (scanner.at == text.length) return new Edit(text.length, text.length, nested(key, 0, value) + lineEndOf(text), null);
  for (let level = 0; level < key.length; level++) {
    const unit = scanner.unit;
    if (unit != 0x7b && unit != 0x5b) return Edit.stop(text, scanner.at, "a level of the key is neither an object nor an array");
    const found = scanner.find(key[level], unit == 0x7b);
    if (scanner.failed) return Edit.stop(text, scanner.at, NOT_JSON);
    if (found) continue;
    if (unit == 0x5b) return Edit.stop(text, scanner.at, "this array has no such index");
    return insertion(text, scanner, quoted(key[level]) + ": " + nested(key, level + 1, value));
  }
  const from = scanner.at;
  scanner.value();
  if (scanner.failed) return Edit.stop(text, scanner.at, NOT_JSON);
  return new Edit(from, scanner.at, value, text.substring(from, scanner.at));
}

/** The value inside the objects of the levels that are missing. */
function nested(key: string[], level: i32, value: string): string {
  for (let i = key.length - 1; i >= level; i--) value = "{ " + quoted(key[i]) + ": " + value + " }";
  return value;
}

/** A new member behind the last one, indented like it, or in braces that were empty. */
function insertion(text: string, scanner: Scanner, member: string): Edit {
  const last = scanner.lastEnd;
  if (last < 0) return new Edit(scanner.open + 1, scanner.open + 1, " " + member + " ", null);
  let start = scanner.lastStart;
  while (start > 0 && isBlank(text.charCodeAt(start - 1))) start--;
  const ownLine = start == 0 || text.charCodeAt(start - 1) == 0x0a;
  const space = ownLine ? lineEndOf(text) + text.substring(start, scanner.lastStart) : " ";
  return new Edit(last, last, "," + space + member, null);
}

/** Goes through JSON text, no further than it must. */
class Scanner {
  at: i32 = 0;
  failed: bool = false;
  /** Of the container that was looked through last: where it starts, and where its last member or element starts and ends. */
  open: i32 = 0;
  lastStart: i32 = 0;
  lastEnd: i32 = -1;

  constructor(private text: string) {}

  get unit(): i32 {
    return this.at < this.text.length ? this.text.charCodeAt(this.at) : -1;
  }

  /** Goes past white space and comments. */
  skip(): void {
    while (true) {
      const unit = this.unit;
      if (isBlank(unit) || unit == 0x0a || unit == 0x0d) this.at++;
      else if (this.text.startsWith("//", this.at)) this.goTo("\n", 0);
      else if (this.text.startsWith("/*", this.at)) this.goTo("*/", 2);
      else return;
    }
  }

  private goTo(mark: string, behind: i32): void {
    const found = this.text.indexOf(mark, this.at + behind);
    this.at = found < 0 ? this.text.length : found + behind;
  }

  /** In the container that starts here: whether it has `name`. Goes to the value of the last one, or behind the container. */
  find(name: string, isObject: bool): bool {
    this.open = this.at;
    this.lastEnd = -1;
    let found = -1;
    let index = 0;
    this.at++;
    this.skip();
    while (!this.failed && this.unit != (isObject ? 0x7d : 0x5d)) {
      this.lastStart = this.at;
      const isIt = isObject ? this.name() == name : index.toString() == name;
      const start = this.at;
      this.value();
      if (isIt) found = start;
      this.lastEnd = this.at;
      index++;
      this.skip();
      if (this.unit == 0x2c) {
        this.at++;
        this.skip();
      } else if (this.unit != 0x7d && this.unit != 0x5d) this.failed = true;
    }
    this.at = found >= 0 && !this.failed ? found : min(this.at, this.text.length);
    return found >= 0;
  }

  /** A member's name; goes on to its value. */
  private name(): string {
    const start = this.at;
    if (this.unit != 0x22) this.failed = true;
    this.string();
    const name = unescaped(this.text.substring(start + 1, this.at - 1));
    this.skip();
    if (this.unit != 0x3a) this.failed = true;
    this.at++;
    this.skip();
    return name;
  }

  /** Goes past a value; of what is inside, only the brackets have to match. */
  value(): void {
    let depth = 0;
    do {
      this.skip();
      const unit = this.unit;
      if (unit == 0x7b || unit == 0x5b) {
        depth++;
        this.at++;
      } else if ((unit == 0x7d || unit == 0x5d) && depth > 0) {
        depth--;
        this.at++;
      } else if ((unit == 0x2c || unit == 0x3a) && depth > 0) this.at++;
      else if (unit == 0x22) this.string();
      else this.word();
    } while (depth > 0 && !this.failed);
  }

  private word(): void {
    const start = this.at;
    let unit = this.unit;
    while (unit > 0x20 && unit < 0x7f && !',:[]{}"/'.includes(String.fromCharCode(unit))) {
      this.at++;
      unit = this.unit;
    }
    if (this.at == start) this.failed = true;
  }

  private string(): void {
    this.at++;
    while (this.unit != 0x22) {
      if (this.unit < 0x20) {
        this.failed = true;
        return;
      }
      this.at += this.unit == 0x5c ? 2 : 1;
    }
    this.at++;
  }
}

/** What a string without its quotes means; an escape that is not known stands for itself. */
function unescaped(text: string): string {
  if (!text.includes("\\")) return text;
  let result = "";
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) != 0x5c || i + 1 >= text.length) {
      result += text.charAt(i);
      continue;
    }
    const escaped = text.charAt(++i);
    const known = "bfnrt".indexOf(escaped);
    if (known >= 0) result += "\b\f\n\r\t".charAt(known);
    else if (escaped == "u" && i + 4 < text.length) {
      result += String.fromCharCode(i32(parseInt(text.substring(i + 1, i + 5), 16)));
      i += 4;
    } else result += escaped;
  }
  return result;
}
