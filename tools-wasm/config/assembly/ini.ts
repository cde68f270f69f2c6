// A setting in an INI file.
// Knows nothing of other formats.

import { Edit, lineEndOf, Setting } from "./edit";
import { beforeComment, isBlank, Line, linesOf } from "./lines";

/** Looks for the value at `key`, or for the place where it belongs. */
export function editIni(text: string, key: string[], setting: Setting): Edit {
  if (key.length > 2) return Edit.refuse("a key of an INI file is a section and a name");
  const section = key.length == 2 ? key[0] : "";
  const name = key[key.length - 1];
  const value = setting.isNull ? "" : setting.text;
  const refusal = refusalOf(section, name, value);
  if (refusal != "") return Edit.refuse(refusal);
  const lines = linesOf(text);
  let current = "";
  let separator = " = ";
  let place = key.length == 1 ? 0 : -1;
  let found: Edit | null = null;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i];
    const mark = line.mark;
    if (mark == 0 || mark == 0x3b || mark == 0x23) continue;
    if (mark == 0x5b) {
      const close = text.indexOf("]", line.first);
      if (close < 0 || close > line.end) return Edit.stop(text, line.start, "this section has no ]");
      current = line.part(line.first + 1, close);
      if (current == section) place = line.next;
      continue;
    }
    const at = separatorOf(text, line);
    if (at < 0) continue;
    let from = at + 1;
    while (from < line.end && isBlank(text.charCodeAt(from))) from++;
    const before = line.part(line.start, at);
    const to = beforeComment(text, from, line.end, ";#");
    if (from < to) separator = text.substring(line.first + before.length, from);
    if (current != section) continue;
    place = line.next;
    if (before == name) found = new Edit(from, to, value, text.substring(from, to));
  }
  if (found !== null) return found;
  return addition(text, place, section, name + separator + value);
}

function refusalOf(section: string, name: string, value: string): string {
  const all = section + name + value;
  if (all.includes("\n") || all.includes("\r") || section.includes("]")) return "an INI file has no line ends in it, nor ] in a section";
  if (name.trim() != name || name == "" || name.includes("=") || name.includes(":") || ";#[".includes(name.charAt(0))) {
    return "a name has no = or :, and starts with none of ; # [ nor a blank";
  }
  if (value.trim() != value || beforeComment(value, 0, value.length, ";#") != value.length) {
    return "a value has no blanks at its ends, and no comment in it";
  }
  return section.trim() == section ? "" : "a section has no blanks at its ends";
}

/** A line behind the others of its section, or in a section of its own. */
function addition(text: string, place: i32, section: string, line: string): Edit {
  const end = lineEndOf(text);
  if (place >= 0) {
    const open = place > 0 && text.charCodeAt(place - 1) != 0x0a;
    return new Edit(place, place, (open ? end : "") + line + end, null);
  }
  const open = text.length > 0 && text.charCodeAt(text.length - 1) != 0x0a;
  const space = text.length == 0 ? "" : open ? end + end : end;
  return new Edit(text.length, text.length, space + "[" + section + "]" + end + line + end, null);
}

/** Where the first = or : of a line is; -1 for nowhere. */
function separatorOf(text: string, line: Line): i32 {
  for (let at = line.first; at < line.end; at++) {
    const unit = text.charCodeAt(at);
    if (unit == 0x3d || unit == 0x3a) return at;
  }
  return -1;
}
