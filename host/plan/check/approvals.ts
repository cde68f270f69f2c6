// Which steps will wait for a person? They are named before the run, so that nobody is surprised by a plan that stops.

import { needsApproval } from "../../scope/approve.ts";
import type { CallSite, Context } from "./context.ts";

/** Notes a step whose calls the scope wants approved one by one. */
export function noteApproval(context: Context, { label, pointer, actionName, action, step }: CallSite): void {
  if (action === null || !needsApproval(context.authority, actionName)) return;
  const calls = step.for_each === null ? "it waits" : "each of its calls waits";
  context.findings.note({
    code: "APPROVAL_REQUIRED",
    pointer,
    message: `${label}: ${calls} until a person approves it, as the scope "${context.authority.name}" wants for ${actionName}`,
    hint: "Nothing needs to change; have someone at hand who may approve it.",
  });
}
