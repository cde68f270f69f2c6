// What a person is asked to approve: the very call, and what its run has done so far. It must not know what is answered.

import type { ApprovalRequest, Effect, KeptRun } from "../../index.ts";
import { changeLines } from "./changes.ts";
import { hintLine } from "./findings.ts";
import { counted, oneLine } from "./text.ts";
import type { View } from "./view.ts";

const MOST_ARGUMENT_LINES = 200;

const EFFECTS: Readonly<Record<Effect, string>> = {
  pure: "it only computes",
  read: "it only reads",
  reversible: "what it changes is undone if the plan fails",
  compensable: "it has an effect beyond the workspace, which another action can take back",
  irreversible: "it has an effect beyond the workspace that NOTHING can take back",
};

/** The calls that a run waits for. */
export function renderRequests(view: View, run: KeptRun): string {
  if (run.requests.length === 0) return `run ${run.run_id} (${run.state}) waits for no answer\n`;
  const sections = run.requests.map((request) => requestLines(view, run, request).join("\n"));
  return `${sections.join("\n\n")}\n`;
}

function requestLines(view: View, { run_id, plan_id }: KeptRun, request: ApprovalRequest): readonly string[] {
  const { step, item, action, digest, effect, reason, changes } = request;
  const which = item === null ? "" : `, item ${item + 1}`;
  return [
    `${view.paint("yellow", "? waits")}  step ${view.paint("bold", oneLine(step))}${which} of ${oneLine(plan_id)}: ${view.paint("bold", oneLine(action))}`,
    `  tool    ${digest}`,
    `  effect  ${effect}: ${EFFECTS[effect]}`,
    ...(reason === null ? [] : [`  reason  the agent says: ${oneLine(reason)}`]),
    "  with",
    ...argumentLines(view, request),
    changes.length === 0 ? "  nothing was changed so far" : `  changed so far: ${counted(changes.length, "change")}`,
    ...changeLines(view, changes).map((line) => `    ${line}`),
    hintLine(view, `\`glovebox approve ${run_id} ${step}\` approves exactly this; with --deny, the run is rolled back`),
  ];
}

function argumentLines(view: View, request: ApprovalRequest): readonly string[] {
  const lines = JSON.stringify(request.arguments, null, 2).split("\n");
  const shown = lines.slice(0, MOST_ARGUMENT_LINES).map((line) => `    ${oneLine(line)}`);
  const hidden = lines.length - MOST_ARGUMENT_LINES;
  if (hidden <= 0) return shown;
  return [
    ...shown,
    view.paint("red", `    … and ${counted(hidden, "more line")} that you have not seen; --json prints all`),
  ];
}
