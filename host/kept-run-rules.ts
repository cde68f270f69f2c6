// What may be done with a kept run, and what is reported of one that is forgotten.
// It must not do any of it.

import { GloveboxError } from "./errors.ts";
import type { RunHeader } from "./journal/entries.ts";
import type { Past } from "./journal/past.ts";
import type { ApprovalRequest } from "./plan/approval.ts";
import { CheckedPlan } from "./plan/checked-plan.ts";
import { isExternal } from "./plan/effects.ts";
import type { RunReport } from "./report.ts";
import { type OpenRun, sha256 } from "./runs/run-store-node.ts";

/** Errors: STATE_INVALID when the run does not wait for this step. */
export function requestOf({ id }: OpenRun, { requests }: Past, step: string): ApprovalRequest {
  const request = requests.find((one) => one.step === step);
  if (request !== undefined) return request;
  const waiting = requests.map((one) => `step ${one.step}`).join(", ");
  throw new GloveboxError("STATE_INVALID", `the run ${id} does not wait for an answer about step ${step}`, {
    hint: waiting === "" ? "It waits for no answer." : `It waits for one about ${waiting}.`,
  });
}

/** A run without effects beyond the workspace that only could not be committed is as it was before. */
export function staysKept(checked: CheckedPlan): (report: RunReport) => boolean {
  const isOutside = CheckedPlan.open(checked).steps.some(({ action }) => isExternal(action));
  return ({ error }) => !isOutside && (error?.code === "COMMIT_CONFLICT" || error?.code === "WORKSPACE_LOCKED");
}

/** Errors: STATE_INVALID unless the run waits for a decision. */
export function requireKept({ id }: OpenRun, { standing, ended }: Past, what: string): void {
  if (standing === "kept") return;
  const state = standing === "ended" ? `ended: ${ended?.status ?? "failed"}` : standing;
  const hint =
    standing === "ended"
      ? "Only runs that are kept wait for a decision; `glovebox runs` lists them."
      : "Run `glovebox recover` first.";
  throw new GloveboxError("STATE_INVALID", `the run ${id} cannot be ${what}: it is not kept (${state})`, { hint });
}

/** What a run changed before it was kept; null when it changed nothing. Errors: JOURNAL_FAILED when that is gone, or is not what its journal names. */
export function keptChanges({ id, files }: OpenRun, { layer }: Past): Uint8Array | null {
  if (layer === null) return null;
  const hint = "Discard the run; somebody has changed the state directory.";
  try {
    const bytes = files.readLayer(layer);
    if (`sha256:${sha256(bytes)}` === layer) return bytes;
  } catch (cause) {
    throw new GloveboxError("JOURNAL_FAILED", `the changes of the run ${id} cannot be read`, { hint, cause });
  }
  throw new GloveboxError("JOURNAL_FAILED", `the changes of the run ${id} are not those that its journal names`, {
    hint,
  });
}

/** The report of a run that is over without having done anything: what it reported when it was kept, if it came to that. */
export function forgotten({ id, files }: OpenRun, { plan_id }: RunHeader, why: GloveboxError): RunReport {
  const kept = files.readReport() as RunReport | null;
  const { steps = [], ...rest } = kept ?? { ...NOTHING, plan_id, run_id: id };
  const undone = steps.map((step) =>
    step.changes.length > 0 && step.status === "ran" ? ({ ...step, status: "rolled_back" } as const) : step,
  );
  return { ...rest, status: "cancelled", changes: [], rollback: "full", error: why.toJSON(), steps: undone };
}

/** Of a run whose process died before it could report that it was kept. */
const NOTHING: Omit<RunReport, "plan_id" | "run_id"> = {
  status: "kept",
  steps: [],
  fuel: 0,
  resource_usage: { fuel: 0, cpu_ms: 0, memory_mb: 0, io_operations: 0, io_bytes: 0, host_calls: 0 },
  duration_ms: 0,
  changes: [],
  committed: false,
  dry_run: false,
  rollback: null,
  findings: [],
  trace_id: null,
};
