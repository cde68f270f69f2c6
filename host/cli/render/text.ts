// Text on one line of a terminal: escaped, measured and cut; and how amounts are written. It must not know documents.

import { printable } from "../../telemetry/index.ts";

const TAB = "    ";
const ELLIPSIS = "…";
const WIDE =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
const NO_WIDTH = /\p{Mark}|\p{Format}/u;

/** One line that can be shown: line feeds become visible, tabs become spaces, what a terminal would obey is escaped. */
export function oneLine(text: string): string {
  return printable(text).replaceAll("\t", TAB).replaceAll("\n", "\\n");
}

/** How many columns a terminal takes for it, near enough to line things up. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** At most `width` columns of it; what was cut off is an ellipsis. */
export function cut(text: string, width: number): string {
  if (text.length <= width && textWidth(text) <= width) return text;
  let kept = "";
  let left = width - 1;
  for (const character of text) {
    left -= characterWidth(character);
    if (left < 0) break;
    kept += character;
  }
  return kept + ELLIPSIS;
}

function characterWidth(character: string): number {
  if (character >= " " && character <= "~") return 1;
  if (NO_WIDTH.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/** 1234567 as `1,234,567`. */
export function amount(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: 1 });
}

/** `1 step`, `2 steps`. */
export function counted(count: number, noun: string): string {
  return `${amount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** Milliseconds as a person reads them. */
export function duration(milliseconds: number): string {
  if (milliseconds >= 60_000) return `${amount(milliseconds / 60_000)} min`;
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(2)} s`;
  return milliseconds >= 10 ? `${milliseconds.toFixed(0)} ms` : `${milliseconds.toFixed(1)} ms`;
}

/** Bytes as a person reads them. */
export function bytes(count: number): string {
  if (count >= 1024 * 1024) return `${amount(count / 1024 / 1024)} MiB`;
  return count >= 1024 ? `${amount(count / 1024)} KiB` : `${amount(count)} B`;
}
