// What a run came to, without anything that differs from machine to machine: two runs that are the same have the same hash of it.
// It must not know how a run is made.

import type { JsonValue } from "../contract/types.ts";
import { canonicalJson } from "../plan/canonical.ts";
import type { RunReport } from "../report.ts";
import type { Sha256 } from "./chain.ts";
import type { CommittedChange } from "./entries.ts";

/** The outcome of a run as data: how it and its steps ended, what they gave and took, and each change with the digest of its content. */
export function outcomeOf(report: RunReport, changes: readonly CommittedChange[]): JsonValue {
  const { plan_id, fuel, status, error, compensations = [] } = report;
  const steps = report.steps.map((step) => ({
    id: step.id,
    action: step.action,
    status: step.status,
    attempts: step.attempts,
    fuel: step.resource_usage.fuel,
    ...(step.output === undefined ? {} : { output: step.output }),
    ...(step.error === undefined ? {} : { error: step.error.code }),
  }));
  const undone = compensations.map((one) => ({ step: one.step, action: one.action, status: one.status }));
  const ending = status === "kept" ? "completed" : status; // a run that waits to be committed has done the same
  const what = {
    plan_id,
    status: ending,
    fuel,
    steps,
    compensations: undone,
    changes: changes.map((one) => ({ ...one })),
  };
  return error === undefined ? what : { ...what, error: error.code };
}

/** The hash of an outcome: `sha256:` and hex. */
export function outcomeHash(outcome: JsonValue, sha256: Sha256): string {
  return `sha256:${sha256(canonicalJson(outcome))}`;
}
