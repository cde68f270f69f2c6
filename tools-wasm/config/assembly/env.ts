// A setting in an .env file.
// Knows nothing of other formats.

import { Edit, lineEndOf, Setting } from "./edit";
import { beforeComment, behindQuoted, linesOf } from "./lines";

/** Looks for the value of `key`, or for the place where it belongs. */
export function editEnv(text: string, key: string[], setting: Setting): Edit {
  if (key.length != 1 || !isName(key[0])) return Edit.refuse("a key of an .env file is one name: letters, digits and _");
  if (setting.text.includes("\0")) return Edit.refuse("no variable can hold a NUL");
  const value = setting.isNull ? "" : written(setting.text);
  const lines = linesOf(text);
  let found: Edit | null = null;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i];
    if (line.isEmpty || line.mark == 0x23) continue;
    const at = text.indexOf("=", line.first);
    if (at < 0 || at >= line.end) continue;
    let name = line.part(line.first, at);
    if (name.startsWith("export ")) name = name.substring(7).trim();
    const quote = at + 1 < line.end ? text.charCodeAt(at + 1) : 0;
    let to = beforeComment(text, at + 1, line.end, "#");
    if (quote == 0x22 || quote == 0x27) {
      to = behindQuoted(text, at + 1, line.end);
      // What follows may be inside the string: it cannot be told from settings.
      if (to < 0) return Edit.stop(text, at, "a value over several lines");
    }
    if (name == key[0]) found = new Edit(at + 1, to, value, text.substring(at + 1, to));
  }
  if (found !== null) return found;
  const end = lineEndOf(text);
  const open = text.length > 0 && text.charCodeAt(text.length - 1) != 0x0a;
  return new Edit(text.length, text.length, (open ? end : "") + key[0] + "=" + value + end, null);
}

function isName(name: string): bool {
  for (let i = 0; i < name.length; i++) {
    const unit = name.charCodeAt(i);
    const lower = unit | 0x20;
    const isDigit = unit >= 0x30 && unit <= 0x39;
    if (!(lower >= 0x61 && lower <= 0x7a) && unit != 0x5f && !(isDigit && i > 0)) return false;
  }
  return name.length > 0;
}

/** As it stands where every reader agrees on it, in single quotes where nothing is expanded, else in double ones. */
function written(value: string): string {
  let plain = true;
  for (let i = 0; i < value.length && plain; i++) {
    const unit = value.charCodeAt(i);
    const lower = unit | 0x20;
    const isWord = (lower >= 0x61 && lower <= 0x7a) || (unit >= 0x30 && unit <= 0x39);
    plain = isWord || "_./:@%+,-".includes(value.charAt(i));
  }
  if (plain) return value;
  if (!value.includes("'") && !value.includes("\n") && !value.includes("\r")) return "'" + value + "'";
  let result = '"';
  for (let i = 0; i < value.length; i++) {
    const character = value.charAt(i);
    if (character == "\n") result += "\\n";
    else if (character == "\r") result += "\\r";
    else result += '"\\$`'.includes(character) ? "\\" + character : character;
  }
  return result + '"';
}
