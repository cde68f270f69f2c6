// Ends a run that must leave nothing behind: external effects are taken back, the overlay is discarded, and what is left is said.

import { GloveboxError } from "../../errors.ts";
import type { CompensationResult } from "../../hooks.ts";
import type { RunReport } from "../../report.ts";
import { compensate } from "./compensate.ts";
import type { Run, StepRecord } from "./run.ts";

export interface Undone {
  readonly rollback: RunReport["rollback"];
  readonly compensations: readonly CompensationResult[];
  readonly error: GloveboxError;
}

/** Takes back all that the run did. Errors: none; what could not be taken back is in the result. */
export async function undo(run: Run, why: GloveboxError): Promise<Undone> {
  const compensations = await compensate(run);
  await run.options.caller.discard();
  run.emitter.emit({ type: "plan.discarded", why: why.message });
  for (const record of run.records) markRolledBack(record);
  const failed = compensations.some((one) => one.status === "failed");
  return { rollback: rollbackOf(run), compensations, error: failed ? incomplete(run, why) : why };
}

function markRolledBack(record: StepRecord): void {
  const { result, checked, effect } = record;
  const left = effect !== "none";
  const touched = checked.action.effect === "reversible" || result.changes.length > 0;
  if (result.status === "ran" && touched && !left) record.result = { ...result, status: "rolled_back" };
}

function rollbackOf(run: Run): RunReport["rollback"] {
  const started = run.records.filter((record) => record.result.attempts > 0);
  if (started.length === 0) return null;
  const left = started.filter((record) => record.effect !== "none");
  if (left.length === 0) return "full";
  return started.some((record) => record.result.status === "rolled_back") ? "partial" : "none";
}

function incomplete(run: Run, why: GloveboxError): GloveboxError {
  const left = run.records.filter((record) => record.effect !== "none").map((record) => record.result.id);
  const message = `${why.message}; and the effects of ${left.map((id) => `step ${id}`).join(", ")} could not be taken back`;
  return new GloveboxError("COMPENSATION_INCOMPLETE", message, {
    hint: "Take them back by hand; compensations has what was tried and why it failed.",
    data: { left, cause: why.toJSON() },
    cause: why,
  });
}
