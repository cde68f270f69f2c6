// What is reported of a run whose plan was rejected: nothing ran.

import type { Listener } from "../hooks.ts";
import type { CheckReport, RunReport } from "../report.ts";
import { Emitter } from "./execute/emitter.ts";
import { NO_USAGE } from "./execute/usage.ts";

export interface RejectOptions {
  /** A monotonic clock, in milliseconds. */
  readonly now: () => number;
  readonly listeners?: readonly Listener[];
  readonly dryRun?: boolean;
}

/** The report of a run that a check rejected; listeners are told. */
export function reject({ plan_id, findings }: CheckReport, options: RejectOptions): RunReport {
  const emitter = new Emitter(options.listeners ?? [], options.now);
  const errors = findings.filter((finding) => finding.severity === "error");
  const codes = [...new Set(errors.map((finding) => finding.code))].sort();
  emitter.emit({ type: "plan.rejected", plan_id, findings: errors.length, codes });
  const traceId = emitter.traceId();
  const count = errors.length === 1 ? "1 finding" : `${errors.length} findings`;
  const error = { code: "PLAN_REJECTED", message: `the plan was rejected with ${count}; nothing ran` } as const;
  emitter.emit({ type: "plan.ended", plan_id, status: "rejected", fuel: 0, duration_ms: emitter.elapsedMs(), error });
  return {
    plan_id,
    status: "rejected",
    steps: [],
    fuel: 0,
    resource_usage: NO_USAGE,
    duration_ms: emitter.elapsedMs(),
    changes: [],
    committed: false,
    dry_run: options.dryRun === true,
    rollback: null,
    error,
    findings,
    trace_id: traceId,
  };
}
