// What is said of a call that was stopped from outside: by its deadline, by the user, or with the process that ran it.
// It must not know how it was stopped.

import type { CallOutcome } from "../contract/call.ts";
import { GloveboxError, LimitError } from "../errors.ts";
import type { ResourceUsage } from "../hooks.ts";
import type { CallRequest, CallResponse } from "./protocol.ts";

const NO_USAGE: ResourceUsage = { fuel: 0, cpu_ms: 0, memory_mb: 0, io_operations: 0, io_bytes: 0, host_calls: 0 };

/** The error of a call that took longer than its budget allows. */
export function deadlineExceeded({ action, budget }: CallRequest): LimitError {
  const seconds = budget.timeoutMs / 1000;
  return new LimitError(
    "DEADLINE_EXCEEDED",
    `${action.name} did not end within ${seconds} s`,
    "timeout_seconds",
    seconds,
    {
      hint: "give the step a longer timeout_seconds, within the scope's step_seconds and duration_seconds, or less to do",
    },
  );
}

export function cancelled(): GloveboxError {
  return new GloveboxError("CANCELLED", "the run was cancelled");
}

/** The response of a call that did not live to give one. What it took is not known, and is reported as nothing. */
export function criticalResponse(error: GloveboxError): CallResponse {
  return notStarted({ kind: "critical", error: error.toJSON() });
}

/** The response of a call whose outcome was clear before its guest ran. */
export function notStarted(outcome: CallOutcome): CallResponse {
  return { reply: { outcome, usage: NO_USAGE, stdout: "", stderr: "", violations: [] }, elapsedNs: "0" };
}
