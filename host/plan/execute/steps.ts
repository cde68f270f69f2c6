// Runs the steps of a plan, one after the other or side by side, and accepts them in the order of the plan: what a run comes to never depends on timing.
// It must not know how a step is called.

import { GloveboxError } from "../../errors.ts";
import { normalisePath } from "../../scope/paths.ts";
import { clashBreach, Footprints } from "../conflict.ts";
import { isExternal } from "../effects.ts";
import { runStep } from "./attempts.ts";
import { begin, cancelled, type Run, type StepRecord } from "./run.ts";
import { Schedule } from "./schedule.ts";

/** Runs all steps. Null when the plan may be committed; otherwise the first failure in the order of the plan, and no later step counts. */
export function runSteps(run: Run): Promise<GloveboxError | null> {
  return run.order.isTotal ? runInLine(run) : runSideBySide(run);
}

/** Runs the steps that waited for all others. Null when all of them succeeded; otherwise the plan has failed, and the effects of those before stand. */
export async function runDeferred(run: Run): Promise<GloveboxError | null> {
  for (const record of run.records.filter(({ checked }) => checked.deferred)) {
    if (run.signal.aborted) return cancelled();
    const failure = await runOne(run, record, run.signal);
    run.spend(record.result.resource_usage);
    if (failure !== null) return failure;
  }
  return null;
}

async function runInLine(run: Run): Promise<GloveboxError | null> {
  for (const record of run.records) {
    if (run.signal.aborted) return cancelled();
    const failure = await runInTurn(run, record, run.signal);
    run.spend(record.result.resource_usage);
    if (failure !== null) return failure;
  }
  return run.signal.aborted ? cancelled() : null;
}

async function runSideBySide(run: Run): Promise<GloveboxError | null> {
  const schedule = new Schedule(run, (record, signal) => runInTurn(run, record, signal));
  const footprints = new Footprints(run.order);
  for (const [index, record] of run.records.entries()) {
    const failure = run.signal.aborted ? cancelled() : await settled(run, record, schedule, footprints);
    if (failure === null) continue;
    await schedule.stopAfter(index);
    for (const later of run.records.slice(index + 1)) forget(run, later);
    return failure;
  }
  return run.signal.aborted ? cancelled() : null;
}

/** Awaits a step, and holds it to what only all steps together can break. */
async function settled(
  run: Run,
  record: StepRecord,
  schedule: Schedule,
  footprints: Footprints,
): Promise<GloveboxError | null> {
  const { checked } = record;
  const failure = await schedule.ended(checked.step.index);
  run.spend(record.result.resource_usage);
  if (failure !== null) return failure;
  const error = run.overspent(checked) ?? clashOf(run, record, footprints);
  if (error === null) return null;
  record.result = { ...record.result, status: "failed", error: error.toJSON(), changes: [] };
  return planError(record, error);
}

function clashOf(run: Run, { checked, result, reads }: StepRecord, footprints: Footprints): GloveboxError | null {
  const paths = result.changes.flatMap(({ path, from }) => (from === undefined ? [path] : [path, from]));
  const writes = paths.flatMap((path) => normalisePath(path) ?? []);
  const clash = footprints.add(checked.step.index, { reads, writes });
  const other = clash === null ? undefined : run.records[clash.earlier]?.result;
  if (clash === null || other === undefined) return null;
  const { code, message, hint } = clashBreach(clash, `step ${other.id} (${other.action})`, other.id);
  const data = { path: clash.path, steps: [other.id, result.id] };
  return new GloveboxError(code, `${result.action}: ${message}`, { hint, data });
}

/** A step that ran ahead and does not count. What it sent over the network is told all the same. */
function forget(run: Run, record: StepRecord): void {
  const { network } = record.result;
  const { result, effect, input } = begin(record.checked);
  record.result = network === undefined ? result : { ...result, network };
  record.effect = effect;
  record.input = input;
  run.outputs.delete(result.id);
}

/** A step that is deferred sees the files as they are when it is its turn, though it runs later. */
async function runInTurn(run: Run, record: StepRecord, signal: AbortSignal): Promise<GloveboxError | null> {
  const { checked } = record;
  if (!checked.deferred) return runOne(run, record, signal);
  if (run.order.isTotal && !run.dryRun) run.options.caller.mark?.(run.placeOf(checked, 0));
  return null;
}

async function runOne(run: Run, record: StepRecord, signal: AbortSignal): Promise<GloveboxError | null> {
  const { step, action } = record.checked;
  if (run.dryRun && isExternal(action)) return null;
  const skipped = skip(run, record);
  if (skipped === "quietly") return null;
  const failure = skipped === null ? await runStep(run, record, signal) : { error: skipped, fatal: false };
  if (failure === null) return null;
  if (failure.error.code === "CANCELLED" && signal.aborted) return failure.error;
  if (failure.error.code === "RUN_SUSPENDED") return failure.error;
  // A failed step whose external effect stands, or may, is not one to go on from.
  const ends = failure.fatal || step.on_error === "fail" || record.effect !== "none";
  return ends ? planError(record, failure.error) : null;
}

/**
 * A step whose condition does not hold does not run, and neither does one that depends on a step without a result. That is expected
 * where the other one did not run for such a reason, or, in a dry run, because of its external effect.
 */
function skip(run: Run, record: StepRecord): GloveboxError | "quietly" | null {
  const { dependsOn, step } = record.checked;
  if (step.when !== null && run.statusOf(step.when.step) !== step.when.status) return "quietly";
  const cause = run.withoutResult(dependsOn);
  if (cause === null) return null;
  if (cause.result.status === "not_run" && cause.result.error === undefined) return "quietly";
  const { id, action } = record.result;
  const message = `${action} did not run: it depends on step ${cause.result.id}, which did not succeed`;
  const hint = "If the plan can do without this step, give it on_error: continue, too.";
  const error = new GloveboxError("DEPENDENCY_FAILED", message, { hint, data: { step: id, on: cause.result.id } });
  record.result = { ...record.result, error: error.toJSON() };
  run.emitter.emit({ type: "step.ended", result: record.result });
  return error;
}

function planError(record: StepRecord, error: GloveboxError): GloveboxError {
  const { id } = record.result;
  const hint = error.hint === undefined ? {} : { hint: error.hint };
  const details = { ...hint, data: { ...error.data, step: id }, cause: error };
  return new GloveboxError(error.code, `step ${id} failed: ${error.message}`, details);
}
