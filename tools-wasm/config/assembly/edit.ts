// What a format has to say to a setting: one place of the text to be replaced, or why not.
// Knows nothing of formats.

/** A value to be set. */
export class Setting {
  constructor(
    /** Whether it is text, and not a number or a word of the format. */
    public isText: bool,
    public isNull: bool,
    /** The text, or the number or word as all formats write it. */
    public text: string,
  ) {}
}

/** The outcome of looking for a setting. */
export class Edit {
  /** Why the key or the value cannot be written; empty for nothing. */
  refusal: string = "";
  /** Why this place is not edited, and its line; empty for nothing. */
  obstacle: string = "";
  line: u32 = 0;

  constructor(
    public from: i32,
    public to: i32,
    public replacement: string,
    /** What was there, as it was written; null for nothing. */
    public old: string | null,
  ) {}

  static refuse(reason: string): Edit {
    const edit = new Edit(0, 0, "", null);
    edit.refusal = reason;
    return edit;
  }

  /** `at` is somewhere in the line that is in the way. */
  static stop(text: string, at: i32, reason: string): Edit {
    const edit = new Edit(0, 0, "", null);
    edit.obstacle = reason;
    edit.line = 1;
    for (let i = 0; i < min(at, text.length); i++) edit.line += u32(text.charCodeAt(i) == 0x0a);
    return edit;
  }

  get isOk(): bool {
    return this.refusal == "" && this.obstacle == "";
  }
}

/** What ends the lines of a text. */
export function lineEndOf(text: string): string {
  const at = text.indexOf("\n");
  return at > 0 && text.charCodeAt(at - 1) == 0x0d ? "\r\n" : "\n";
}

/** `text` as a JSON string, which is also one of YAML. */
export function quoted(text: string): string {
  let result = '"';
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit == 0x22 || unit == 0x5c) result += "\\" + text.charAt(i);
    else if (unit == 0x0a) result += "\\n";
    else if (unit == 0x0d) result += "\\r";
    else if (unit == 0x09) result += "\\t";
    else if (unit < 0x20 || (unit >= 0x7f && unit < 0xa0) || unit == 0x2028 || unit == 0x2029 || unit == 0xfeff) {
      result += "\\u" + unit.toString(16).padStart(4, "0");
    } else result += text.charAt(i);
  }
  return result + '"';
}
