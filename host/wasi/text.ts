// Bytes and names that a guest chose, made safe to show: one record stays one record, and nothing moves a cursor.
// It must not know where they are shown.

/** C0 but tab and newline, DEL, C1; bidi controls; line and paragraph separators; byte order marks; tag characters. */
const UNSAFE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\u{e0000}-\u{e007f}]/gu;

/** Text with every control character written as `\x1b` or `\u{202e}`; newlines, also as CR LF, and tabs stay. */
export function escapeControls(text: string): string {
  return text.replaceAll("\r\n", "\n").replace(UNSAFE, escapeCharacter);
}

/** A name or path for a message: on one line, cut at 200 characters. */
export function printableName(name: string): string {
  const cut = name.length > 200 ? `${name.slice(0, 200)}…` : name;
  return escapeControls(cut).replaceAll("\n", "\\n").replaceAll("\t", "\\t");
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
}
