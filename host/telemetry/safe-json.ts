// JSON that can be shown: what guests and plans wrote may hold characters that a terminal or a reader would obey.
// It must not know what the value means.

const UNSAFE = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** A value as JSON, on one line unless indented, with what JSON leaves raw escaped too: C1 controls, bidirectional and invisible marks, line separators. */
export function safeJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(UNSAFE, escapeUnit);
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
