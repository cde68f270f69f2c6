// What `glovebox check` prints for a person: a pure function from the report to text.

import type { CheckReport } from "../../index.ts";
import { findingLines } from "./findings.ts";
import { counted, oneLine } from "./text.ts";
import type { View } from "./view.ts";

/** The verdict, then what rejects the plan, then what is only decided when it runs. */
export function renderCheck(view: View, report: CheckReport): string {
  const errors = report.findings.filter(({ severity }) => severity === "error");
  const notes = report.findings.filter(({ severity }) => severity === "note");
  const plan = view.paint("bold", oneLine(report.plan_id));
  const verdict = report.accepted
    ? `${view.paint("green", "✔ accepted")}  ${plan}`
    : `${view.paint("red", "✘ rejected")}  ${plan}: ${counted(errors.length, "problem")}`;
  const sections = [[verdict], findingLines(view, errors)];
  if (notes.length > 0)
    sections.push([view.paint("dim", "Decided when it runs, by the same rules:"), ...findingLines(view, notes)]);
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join("\n")}\n`)
    .join("\n");
}
