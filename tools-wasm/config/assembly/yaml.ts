// A setting in a YAML file, by its lines: block mappings and values on one line, and nothing that would need a parser to be safe.
// Knows nothing of other formats.

import { Edit, lineEndOf, quoted, Setting } from "./edit";
import { beforeComment, behindQuoted, isBlank, Line, linesOf } from "./lines";

const RESERVED = "|true|false|null|yes|no|on|off|y|n|";

/** Looks for the value at `key`, or for the place where it belongs. */
export function editYaml(text: string, key: string[], setting: Setting): Edit {
  return new YamlEdit(text, key, setting.isText ? scalar(setting.text) : setting.text).find();
}

/** Text as a plain scalar where no reader takes it for anything else, else in double quotes. */
function scalar(text: string): string {
  let plain = text.length > 0 && text.length < 80 && text.trim() == text && !isReserved(text);
  for (let i = 0; i < text.length && plain; i++) {
    const lower = text.charCodeAt(i) | 0x20;
    const isLetter = lower >= 0x61 && lower <= 0x7a;
    const isDigit = text.charCodeAt(i) >= 0x30 && text.charCodeAt(i) <= 0x39;
    plain = isLetter || (i > 0 && (isDigit || " _./-".includes(text.charAt(i))));
  }
  return plain ? text : quoted(text);
}

/** A word that some reader takes for something else than text, in whatever case it is written. */
function isReserved(text: string): bool {
  let lower = "|";
  for (let i = 0; i < text.length && i < 8; i++) lower += String.fromCharCode(text.charCodeAt(i) | 0x20);
  return RESERVED.includes(lower + "|");
}

/** One search, level by level. */
class YamlEdit {
  private lines: Line[];
  private first: i32 = 0;
  private last: i32;

  constructor(
    private text: string,
    private key: string[],
    private value: string,
  ) {
    this.lines = linesOf(text);
    this.last = this.lines.length;
  }

  find(): Edit {
    const problem = this.trim();
    if (problem !== null) return problem;
    let outer = -1;
    for (let level = 0; level < this.key.length; level++) {
      const indent = this.indentOfLevel();
      if (indent < 0 || indent <= outer) return this.insertion(level, outer < 0 ? 0 : outer + 2, outer);
      const found = this.lineOf(this.key[level], indent);
      if (this.stopped !== null) return this.stopped!;
      if (found < 0) return this.insertion(level, indent, outer);
      const line = this.lines[found];
      const colon = this.behindKey(line) + 1;
      const end = this.endOfBlock(found + 1, indent);
      if (level == this.key.length - 1) return this.replacement(line, colon, found + 1, end, indent);
      const to = beforeComment(this.text, colon, line.end, "#");
      if (line.part(colon, to) != "") return Edit.stop(this.text, line.start, "a level of the key is not a block mapping");
      if (this.isListAt(end, indent)) return Edit.stop(this.text, this.lines[end].start, "a level of the key is a list");
      this.first = found + 1;
      this.last = end;
      outer = indent;
    }
    return Edit.refuse("the key is empty");
  }

  private stopped: Edit | null = null;

  /** Leaves out what is around the one document. */
  private trim(): Edit | null {
    for (let i = 0; i < this.lines.length; i++) {
      const line = this.lines[i];
      const isMark = this.text.startsWith("---", line.start) || this.text.startsWith("...", line.start);
      if (!isMark && line.mark != 0x25) continue;
      const hasContent = this.contentAfter(0, i) >= 0;
      if (hasContent || line.part(line.start, line.end) != "---") {
        return Edit.stop(this.text, line.start, "several documents, directives, or a value beside ---");
      }
      this.first = i + 1;
    }
    return null;
  }

  /** The first line from `from` to `to` that is neither empty nor a comment; -1 for none. */
  private contentAfter(from: i32, to: i32): i32 {
    for (let i = from; i < to; i++) {
      const mark = this.lines[i].mark;
      if (mark != 0 && mark != 0x23 && i >= this.first) return i;
    }
    return -1;
  }

  private indentOfLevel(): i32 {
    const at = this.contentAfter(this.first, this.last);
    return at < 0 ? -1 : this.lines[at].indent;
  }

  /** The line of this level whose key is `name`; -1 for none. */
  private lineOf(name: string, indent: i32): i32 {
    let found = -1;
    for (let i = this.first; i < this.last; i++) {
      const line = this.lines[i];
      if (line.mark == 0 || line.mark == 0x23 || line.indent > indent) continue;
      if (line.indent < indent) return this.stop(line, "the indentation of this line is not that of its level");
      if (this.text.substring(line.start, line.first).includes("\t")) return this.stop(line, "tabs cannot indent YAML");
      const behind = this.behindKey(line);
      if (behind < 0) {
        // The entries of a list may stand as far out as the key that it belongs to.
        const isEntry = line.mark == 0x2d && i > this.first;
        if (isEntry) continue;
        return this.stop(line, "this line is not a key of a block mapping");
      }
      if (this.keyOf(line, behind) != name) continue;
      if (found >= 0) return this.stop(line, "this key is there twice");
      found = i;
    }
    return found;
  }

  private stop(line: Line, reason: string): i32 {
    this.stopped = Edit.stop(this.text, line.start, reason);
    return -1;
  }

  /** Where the colon behind a line's key is; -1 for no key. */
  private behindKey(line: Line): i32 {
    const text = this.text;
    let at = line.first;
    const mark = line.mark;
    if (mark == 0x22 || mark == 0x27) at = behindQuoted(text, at, line.end);
    else if ("-?:,[]{}#&*!|>%@`".includes(String.fromCharCode(mark))) return -1;
    if (at < 0) return -1;
    for (; at < line.end; at++) {
      const unit = text.charCodeAt(at);
      if (unit == 0x23 && isBlank(text.charCodeAt(at - 1))) return -1;
      if (unit == 0x3a && (at + 1 == line.end || isBlank(text.charCodeAt(at + 1)))) return at;
    }
    return -1;
  }

  private keyOf(line: Line, behind: i32): string {
    const written = line.part(line.first, behind);
    const mark = line.mark;
    if (mark == 0x27) return written.substring(1, written.length - 1).replaceAll("''", "'");
    if (mark != 0x22) return written;
    return written.substring(1, written.length - 1).replaceAll('\\"', '"').replaceAll("\\\\", "\\");
  }

  /** Behind the lines that belong to a key at `indent`: the next line that is as far out. */
  private endOfBlock(from: i32, indent: i32): i32 {
    for (let i = from; i < this.last; i++) {
      const line = this.lines[i];
      if (line.mark != 0 && line.mark != 0x23 && line.indent <= indent) return i;
    }
    return this.last;
  }

  /** Whether the entries of a list stand as far out as the key before them. */
  private isListAt(index: i32, indent: i32): bool {
    return index < this.last && this.lines[index].indent == indent && this.lines[index].mark == 0x2d;
  }

  private replacement(line: Line, colon: i32, next: i32, end: i32, indent: i32): Edit {
    const text = this.text;
    let from = colon;
    while (from < line.end && isBlank(text.charCodeAt(from))) from++;
    const mark = from < line.end ? text.charCodeAt(from) : 0;
    if (mark != 0 && "[]{}&*!|>%@`".includes(String.fromCharCode(mark))) {
      return Edit.stop(text, line.start, "a value with an anchor, a tag, brackets or over several lines");
    }
    let to = beforeComment(text, from, line.end, "#");
    if (mark == 0x22 || mark == 0x27) {
      to = behindQuoted(text, from, line.end);
      if (to < 0) return Edit.stop(text, line.start, "a value over several lines");
    }
    const below = this.contentAfter(next, end);
    if (below >= 0 || (from >= to && this.isListAt(end, indent))) return Edit.stop(text, line.start, "a value over several lines");
    if (from < to) return new Edit(from, to, this.value, text.substring(from, to));
    return new Edit(colon, colon, " " + this.value, "");
  }

  /** New lines at the end of the level, from `level` on. What belongs to it reaches as far as its lines are indented. */
  private insertion(level: i32, indent: i32, outer: i32): Edit {
    let place = this.first > 0 ? this.lines[this.first - 1].next : 0;
    for (let i = this.first; i < this.last; i++) {
      const line = this.lines[i];
      const isDeep = line.mark == 0x23 && line.indent > outer;
      if (line.mark != 0 && (line.mark != 0x23 || isDeep)) place = line.next;
    }
    const end = lineEndOf(this.text);
    let added = place > 0 && this.text.charCodeAt(place - 1) != 0x0a ? end : "";
    for (let i = level; i < this.key.length; i++) {
      const isLast = i == this.key.length - 1;
      added += " ".repeat(indent + 2 * (i - level)) + scalar(this.key[i]) + ":" + (isLast ? " " + this.value : "") + end;
    }
    return new Edit(place, place, added, null);
  }
}
