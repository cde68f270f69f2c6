// Makes text safe to show: what guests and plans wrote may hold characters that a terminal or a reader would obey.
// It must not know where the text comes from or goes.

/** C0 but line feed and tab, DEL, C1, bidirectional and invisible marks, line separators, and tag characters (U+E0000 to U+E007F). */
const UNSAFE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are taken out
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\udb40[\udc00-\udc7f]/g;

/** The text with each such character as `\uXXXX`, which is also how JSON writes it. Line feeds and tabs stay. */
export function printable(text: string): string {
  return text.replace(UNSAFE, escapeUnits);
}

/** A value as JSON, on one line unless indented, that can be shown and still parses to the same value. */
export function safeJson(value: unknown, indent?: number): string {
  return printable(JSON.stringify(value, null, indent));
}

function escapeUnits(units: string): string {
  return [...Array(units.length).keys()].map((at) => escapeUnit(units.charCodeAt(at))).join("");
}

function escapeUnit(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, "0")}`;
}
