// What `glovebox replay` prints for a person: a pure function from the report to text.

import type { Receipt, ReplayReport } from "../../index.ts";
import { hintLine } from "./findings.ts";
import { amount, counted, cut, oneLine } from "./text.ts";
import type { View } from "./view.ts";

const LONGEST_MESSAGE = 1000;

/** Whether the run is the same again; where it is not, the first difference. */
export function renderReplay(view: View, replay: ReplayReport, { plan_id, status, journal }: Receipt): string {
  const { same, divergence, calls, fuel, outcome, run_id } = replay;
  const plan = view.paint("bold", oneLine(plan_id));
  const lines = same
    ? [`${view.paint("green", "✔ the same again")}  ${plan}: ${counted(calls, "call")}, ${amount(fuel)} fuel`]
    : [`${view.paint("red", "✘ different")}  ${plan}`];
  if (divergence !== undefined) {
    lines.push(`  ${view.paint("red", divergence.code)}  ${cut(oneLine(divergence.message), LONGEST_MESSAGE)}`);
    if (divergence.hint !== undefined) lines.push(hintLine(view, divergence.hint));
  }
  lines.push(view.paint("dim", `run ${oneLine(run_id)}, ${oneLine(status)} · outcome ${outcome} · journal ${journal}`));
  return `${lines.join("\n")}\n`;
}
