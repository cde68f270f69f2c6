// The events of a run made by hand: what the listeners under test are told.

import type { RunEvent, StepResult } from "../../host/hooks.ts";

export const readResult: StepResult = {
  id: "read",
  action: "file.read",
  status: "ran",
  reason: "the log is needed",
  input: { path: "/var/log/app.log" },
  output: ["a secret line"],
  attempts: 2,
  duration_ms: 12.5,
  resource_usage: { fuel: 1234, cpu_ms: 3, memory_mb: 1.5, io_operations: 4, io_bytes: 100, host_calls: 9 },
  changes: [{ path: "/project/a.txt", kind: "modified", type: "file", diff: "-old\n+new secret" }],
  scope_violations: [{ code: "PATH_DENIED", message: "read of /etc/shadow" }],
};

export const filterResult: StepResult = {
  ...readResult,
  id: "filter",
  action: "process.filter",
  status: "failed",
  attempts: 1,
  changes: [],
  scope_violations: [],
  error: { code: "ACTION_FAILED", message: "a pattern that quotes a secret" },
};

export const started: RunEvent = {
  at_ms: 0,
  type: "plan.started",
  plan_id: "p1",
  plan_hash: "sha256:00",
  scope: "log-analysis",
  steps: 2,
};

export const rejected: RunEvent = {
  at_ms: 0,
  type: "plan.rejected",
  plan_id: "p2",
  findings: 2,
  codes: ["ACTION_DENIED", "PATH_DENIED"],
};

function stepStarted(at_ms: number, result: StepResult): RunEvent {
  const { id: step, action, input = {} } = result;
  return { at_ms, type: "step.started", step, action, tool: "std", digest: "sha256:11", input, reason: "why" };
}

/** A run whose first step is retried and whose second one fails, and then the compensation of the first. */
export const failedRun: readonly RunEvent[] = [
  started,
  stepStarted(1, readResult),
  {
    at_ms: 2,
    type: "step.retried",
    step: "read",
    attempt: 2,
    error: { code: "ACTION_FAILED", message: "busy secret" },
  },
  {
    at_ms: 2,
    type: "network.exchanged",
    step: "read",
    exchange: {
      ...{ method: "GET", url: "https://good.com/?q=secret", address: "192.0.2.1", outcome: "response", error: null },
      ...{ status: 200, request_bytes: 0, request_digest: null, response_bytes: 5, response_digest: null },
    },
  },
  { at_ms: 3, type: "step.ended", result: readResult },
  stepStarted(4, filterResult),
  { at_ms: 5, type: "step.ended", result: filterResult },
  {
    at_ms: 6,
    type: "compensation.started",
    step: "read",
    action: "file.undo",
    input: { path: "a secret path" },
  },
  {
    at_ms: 6,
    type: "compensation.ended",
    result: {
      step: "read",
      action: "file.undo",
      status: "failed",
      input: { path: "a secret path" },
      error: { code: "TRAP", message: "a secret trap" },
      duration_ms: 1,
      resource_usage: { ...readResult.resource_usage, fuel: 7 },
    },
  },
  { at_ms: 6, type: "plan.discarded", why: "filter failed with a secret" },
  {
    at_ms: 7,
    type: "plan.ended",
    plan_id: "p1",
    status: "failed",
    fuel: 2468,
    duration_ms: 7,
    error: { code: "ACTION_FAILED", message: "filter failed with a secret" },
  },
];

export const completedRun: readonly RunEvent[] = [
  started,
  stepStarted(1, readResult),
  { at_ms: 3, type: "step.ended", result: readResult },
  { at_ms: 4, type: "plan.committed", changes: 1 },
  { at_ms: 5, type: "plan.ended", plan_id: "p1", status: "completed", fuel: 1234, duration_ms: 5 },
];
