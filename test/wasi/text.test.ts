import { expect, test } from "vitest";
import { escapeControls, printableName } from "../../host/wasi/text.ts";

test.each([
  ["an ANSI colour", "\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"],
  ["OSC 52, which writes the clipboard", "\x1b]52;c;ZXZpbA==\x07", "\\x1b]52;c;ZXZpbA==\\x07"],
  ["a carriage return that would overwrite the line", "ok\rfailed", "ok\\x0dfailed"],
  ["NUL and backspace", "a\0b\bc", "a\\x00b\\x08c"],
  ["C1 controls", "\x9b31m\x85", "\\x9b31m\\x85"],
  ["bidi overrides and isolates", "a\u202eb\u2066c\u200f", "a\\u{202e}b\\u{2066}c\\u{200f}"],
  ["line separators", "a\u2028b\u2029", "a\\u{2028}b\\u{2029}"],
  ["tag characters", "a\u{e0041}", "a\\u{e0041}"],
])("B13: %s is escaped", (_, text, escaped) => {
  expect(escapeControls(text)).toBe(escaped);
});

test("newlines, tabs, letters of all scripts and joined emoji stay as they are", () => {
  const text = "a\tb\ngrün 日本 עברית 👩‍💻\n";
  expect(escapeControls(text)).toBe(text);
  expect(escapeControls("a\r\nb\r\n")).toBe("a\nb\n");
});

test("a name is shown on one line, cut at 200 characters", () => {
  expect(printableName("a\nb\tc\x1b")).toBe("a\\nb\\tc\\x1b");
  expect(printableName("x".repeat(5000))).toBe(`${"x".repeat(200)}…`);
});
