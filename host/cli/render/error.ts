// What is printed when a command could not do its work: a pure function from the error to text.

import type { ErrorJson } from "../../index.ts";
import { findingLines, hintLine, type Located } from "./findings.ts";
import { cut, oneLine } from "./text.ts";
import type { View } from "./view.ts";

const LONGEST_MESSAGE = 4000;

/** One clear message, and what to do about it; or, where there are several problems in a file, each with its place. */
export function renderError(view: View, { code, message, hint, data }: ErrorJson): string {
  const problems = data?.problems as readonly Omit<Located, "code" | "severity">[] | undefined;
  if (problems !== undefined && problems.length > 0) {
    const findings = problems.map((problem) => ({ ...problem, code, severity: "error" as const }));
    return `${findingLines(view, findings).join("\n")}\n`;
  }
  const lines = message.split("\n").map((line) => cut(oneLine(line), LONGEST_MESSAGE));
  const text = `${view.paint("red", "glovebox:")} ${lines.join("\n  ")}\n`;
  return hint === undefined ? text : `${text}${hintLine(view, hint)}\n`;
}
