// The plan of a journal, checked again: with the tools and under the scope that there are now, it must be the plan that was run.
// It must not know where journals are kept.

import type { Action } from "./contract/types.ts";
import { GloveboxError } from "./errors.ts";
import type { RunHeader } from "./journal/entries.ts";
import { check } from "./plan/check.ts";
import { CheckedPlan } from "./plan/checked-plan.ts";
import { parsePlan } from "./plan/parse.ts";
import { sha256 } from "./runs/run-store-node.ts";
import type { Scope } from "./scope/types.ts";
import { toolsOf } from "./sources-node.ts";

/**
 * The checked plan of a run. Errors: TOOL_CHANGED, when it is not accepted any more, or a tool that it uses is another one; JOURNAL_FAILED when the
 * journal has another plan than it says.
 */
export function recheck(header: RunHeader, scope: Scope, actions: readonly Action[]): CheckedPlan {
  const { report, checked } = check(parsePlan({ value: header.plan }, header.inputs), scope, actions, sha256);
  const { steps, hash } = checked === null ? { steps: [], hash: null } : CheckedPlan.open(checked);
  if (hash !== null && hash !== header.plan_hash) {
    throw new GloveboxError("JOURNAL_FAILED", `the journal names the plan ${header.plan_hash}, and holds ${hash}`);
  }
  if (checked !== null && JSON.stringify(toolsOf(steps)) === JSON.stringify(header.tools)) return checked;
  const [first] = report.findings.filter(({ severity }) => severity === "error");
  const why = first === undefined ? "a tool that it uses has other bytes now" : first.message;
  throw new GloveboxError("TOOL_CHANGED", `the run cannot be gone on with: ${why}`, {
    hint: "Open it with the tools that it was begun with (--tools).",
  });
}
