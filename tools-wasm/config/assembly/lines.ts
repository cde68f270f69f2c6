// The lines of a text, by their places in it.
// Knows nothing of formats.

/** A line: where it starts, where it ends before its line end, and where the next one starts. */
export class Line {
  constructor(
    private text: string,
    public start: i32,
    public end: i32,
    public next: i32,
  ) {}

  /** Where the first character is that is no blank; the end for none. */
  get first(): i32 {
    let at = this.start;
    while (at < this.end && isBlank(this.text.charCodeAt(at))) at++;
    return at;
  }

  get indent(): i32 {
    return this.first - this.start;
  }

  get isEmpty(): bool {
    return this.first == this.end;
  }

  /** The first character that is no blank; 0 for none. */
  get mark(): i32 {
    const first = this.first;
    return first < this.end ? this.text.charCodeAt(first) : 0;
  }

  /** The text from `from` to `to`, without blanks at its ends. */
  part(from: i32, to: i32): string {
    return this.text.substring(from, to).trim();
  }
}

/** All lines of a text. */
export function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  let start = 0;
  while (start < text.length) {
    const found = text.indexOf("\n", start);
    const next = found < 0 ? text.length : found + 1;
    let end = found < 0 ? text.length : found;
    if (end > start && text.charCodeAt(end - 1) == 0x0d) end--;
    lines.push(new Line(text, start, end, next));
    start = next;
  }
  return lines;
}

export function isBlank(unit: i32): bool {
  return unit == 0x20 || unit == 0x09;
}

/** Where the value that ends before `end` ends, if a comment with one of `marks` behind a blank may follow it. */
export function beforeComment(text: string, from: i32, end: i32, marks: string): i32 {
  let at = from;
  while (at < end && !(marks.includes(text.charAt(at)) && (at == from || isBlank(text.charCodeAt(at - 1))))) at++;
  while (at > from && isBlank(text.charCodeAt(at - 1))) at--;
  return at;
}

/** Where the string in quotes that starts at `from` ends, behind its last quote; -1 if not before `end`. */
export function behindQuoted(text: string, from: i32, end: i32): i32 {
  const quote = text.charCodeAt(from);
  for (let at = from + 1; at < end; at++) {
    const unit = text.charCodeAt(at);
    if (unit == 0x5c && quote == 0x22) at++;
    else if (unit == quote) {
      if (quote != 0x27 || at + 1 >= end || text.charCodeAt(at + 1) != 0x27) return at + 1;
      at++;
    }
  }
  return -1;
}
