// What a check found, each finding with its place, its rule and what to do. It must not know how it was found.

import type { Finding } from "../../index.ts";
import { counted, cut, oneLine } from "./text.ts";
import type { View } from "./view.ts";

/** What is shown of a finding; the problems of a scope have it too. */
export type Located = Pick<Finding, "code" | "severity" | "message" | "hint" | "file" | "line" | "column" | "pointer">;

const MOST_FINDINGS = 100;
/** Longer than a terminal is wide: a message is read whole, and a terminal wraps it. */
const LONGEST_MESSAGE = 1000;

/** `file:line:column  CODE  message`, and the hint on a line of its own. */
export function findingLines(view: View, findings: readonly Located[]): readonly string[] {
  const shown = findings.slice(0, MOST_FINDINGS).flatMap((finding) => oneFinding(view, finding));
  const hidden = findings.length - MOST_FINDINGS;
  return hidden > 0
    ? [...shown, view.paint("dim", `… and ${counted(hidden, "more finding")}; --json prints all`)]
    : shown;
}

/** Where a finding is: `plan.yaml:3:5`, or its pointer when the plan is not a file. */
function placeOf({ file, line, column, pointer }: Located): string {
  if (file === null) return pointer === "" ? "plan" : pointer;
  return [file, ...(line === null ? [] : [line, ...(column === null ? [] : [column])])].join(":");
}

function oneFinding(view: View, finding: Located): readonly string[] {
  const colour = finding.severity === "error" ? "red" : "yellow";
  const place = view.paint("bold", oneLine(placeOf(finding)));
  const message = cut(oneLine(finding.message), LONGEST_MESSAGE);
  const head = `${place}  ${view.paint(colour, oneLine(finding.code))}  ${message}`;
  return finding.hint === "" ? [head] : [head, hintLine(view, finding.hint)];
}

/** What to do about it, below what is wrong. */
export function hintLine(view: View, hint: string): string {
  return `    ${view.paint("cyan", `hint: ${cut(oneLine(hint), LONGEST_MESSAGE)}`)}`;
}
