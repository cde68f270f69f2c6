// Executes a checked plan like a transaction: step by step, then all of it is committed, or nothing of it remains.
// It talks to a ToolCaller and knows nothing of what is behind it.

import { asGloveboxError, GloveboxError } from "../errors.ts";
import type { CompensationResult, FileChange, PlanStatus } from "../hooks.ts";
import type { RunReport } from "../report.ts";
import { CheckedPlan } from "./checked-plan.ts";
import { cancelled, type ExecuteOptions, Run } from "./execute/run.ts";
import { runDeferred, runSteps } from "./execute/steps.ts";
import { undo } from "./execute/undo.ts";

export type { ExecuteOptions } from "./execute/run.ts";

interface Ending {
  readonly status: PlanStatus;
  readonly changes: readonly FileChange[];
  readonly committed: boolean;
  readonly rollback: RunReport["rollback"];
  readonly compensations: readonly CompensationResult[];
  readonly error: GloveboxError | null;
}

/**
 * Runs a plan to its end and reports it; that a plan fails is a report, too.
 * Errors: STATE_INVALID when `checked` was not made by `check`.
 */
export async function execute(checked: CheckedPlan, options: ExecuteOptions): Promise<RunReport> {
  const run = new Run(CheckedPlan.open(checked), options);
  const { plan_id, hash: plan_hash, authority, steps } = run.content;
  const { runId } = options;
  const kept = runId === undefined ? {} : { run_id: runId };
  const facts = { plan_id, ...kept, plan_hash, scope: authority.name, steps: steps.length };
  run.emitter.emit({ type: "plan.started", ...facts });
  const traceId = run.emitter.traceId();
  const failure = await runSteps(run);
  const ending = failure === null ? await finish(run) : await abandon(run, failure);
  return report(run, ending, traceId);
}

async function finish(run: Run): Promise<Ending> {
  const { caller } = run.options;
  const done = { status: "completed", rollback: null, compensations: [], error: null } as const;
  try {
    let changes = await caller.diff();
    if (run.signal.aborted) return await abandon(run, cancelled());
    if (run.options.review === true && !run.dryRun) return await keep(run, changes);
    if (!run.dryRun && run.content.steps.some(({ deferred }) => deferred)) {
      const failure = await runDeferred(run);
      if (failure !== null) return await abandon(run, failure);
      changes = await caller.diff();
    }
    if (!run.dryRun) await caller.commit();
    else await caller.discard();
    if (run.dryRun) run.emitter.emit({ type: "plan.discarded", why: "it was a dry run" });
    else run.emitter.emit({ type: "plan.committed", changes: changes.length });
    return { ...done, changes, committed: !run.dryRun };
  } catch (thrown) {
    return abandon(run, asGloveboxError(thrown, "COMMIT_FAILED", "the changes could not be committed"));
  }
}

/** Ends a run before its commit; another one goes on from there. */
async function keep(run: Run, changes: readonly FileChange[]): Promise<Ending> {
  const { caller } = run.options;
  if (caller.keep === undefined) throw new GloveboxError("INTERNAL_ERROR", "this run cannot be kept");
  await caller.keep();
  run.emitter.emit({ type: "plan.kept", changes: changes.length });
  return { status: "kept", changes, committed: false, rollback: null, compensations: [], error: null };
}

/** Ends a run that waits for an answer: what it did is kept, unless that cannot be. */
async function suspend(run: Run, why: GloveboxError): Promise<Ending> {
  try {
    return { ...(await keep(run, await run.options.caller.diff())), error: why };
  } catch (thrown) {
    return abandon(run, asGloveboxError(thrown, "JOURNAL_FAILED", "the run could not be kept"));
  }
}

async function abandon(run: Run, failure: GloveboxError): Promise<Ending> {
  if (failure.code === "RUN_SUSPENDED") return suspend(run, failure);
  const status = failure.code === "CANCELLED" ? "cancelled" : "failed";
  const undone = await undo(run, failure);
  return { status, changes: [], committed: false, ...undone };
}

function report(run: Run, ending: Ending, traceId: string | null): RunReport {
  const { plan_id, notes } = run.content;
  const duration_ms = run.emitter.elapsedMs();
  const { status, compensations } = ending;
  const error = ending.error === null ? {} : { error: ending.error.toJSON() };
  run.emitter.emit({ type: "plan.ended", plan_id, status, fuel: run.usage.fuel, duration_ms, ...error });
  const { runId } = run.options;
  const filled = ending.committed || ending.status === "kept" ? run.flow.written : [];
  return {
    plan_id,
    ...(runId === undefined ? {} : { run_id: runId }),
    status,
    steps: run.records.map((record) => record.result),
    fuel: run.usage.fuel,
    resource_usage: run.usage,
    duration_ms,
    changes: ending.changes,
    committed: ending.committed,
    dry_run: run.dryRun,
    ...(filled.length === 0 ? {} : { private_files: filled }),
    rollback: ending.rollback,
    ...(compensations.length === 0 ? {} : { compensations }),
    ...error,
    findings: notes,
    trace_id: traceId,
  };
}
