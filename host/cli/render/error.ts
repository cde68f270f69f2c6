// What is printed when a command could not do its work: a pure function from the error to text.

import type { ErrorJson } from "../../index.ts";
import { hintLine } from "./findings.ts";
import { cut, oneLine } from "./text.ts";
import type { View } from "./view.ts";

const LONGEST_MESSAGE = 4000;

/** One clear message, and what to do about it. */
export function renderError(view: View, { message, hint }: ErrorJson): string {
  const lines = message.split("\n").map((line) => cut(oneLine(line), LONGEST_MESSAGE));
  const text = `${view.paint("red", "glovebox:")} ${lines.join("\n  ")}\n`;
  return hint === undefined ? text : `${text}${hintLine(view, hint)}\n`;
}
