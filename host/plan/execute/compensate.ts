// Takes external effects back after a plan has failed: the last one first, each announced before it starts.
// It is not interrupted by the cancellation of its run.

import { asGloveboxError, GloveboxError } from "../../errors.ts";
import type { CompensationResult } from "../../hooks.ts";
import type { CheckedCall } from "../checked-plan.ts";
import { COMPENSATION_CALL } from "../tool-caller.ts";
import type { Params } from "../types.ts";
import { failureOf } from "./attempts.ts";
import { followData, prepareArguments } from "./prepare.ts";
import type { Run, StepRecord } from "./run.ts";
import { NO_USAGE } from "./usage.ts";

/** Runs the compensations of all steps whose effects stand, or may; marks those that were taken back. */
export async function compensate(run: Run): Promise<readonly CompensationResult[]> {
  const results: CompensationResult[] = [];
  for (const record of run.records.toReversed()) {
    const { compensation } = record.checked;
    if (record.effect === "none" || compensation === null) continue;
    const result = await compensateStep(run, record, compensation);
    if (result.status === "ran") {
      record.effect = "none";
      record.result = { ...record.result, status: "rolled_back" };
    }
    results.push(result);
  }
  return results;
}

async function compensateStep(run: Run, record: StepRecord, call: CheckedCall): Promise<CompensationResult> {
  const { id: step } = record.checked.step;
  const action = call.action.name;
  const startMs = run.emitter.elapsedMs();
  let input: Params = {};
  let usage = NO_USAGE;
  let error: GloveboxError | null = null;
  try {
    input = argumentsFor(run, record, call);
    run.emitter.emit({ type: "compensation.started", step, action, input });
    const budget = run.compensationBudget(call);
    const uninterrupted = new AbortController().signal;
    const { index } = record.checked.step;
    const place = { index, call: COMPENSATION_CALL, after: run.order.isTotal ? null : [index] };
    const reply = await run.options.caller.call(
      { step, purpose: "compensation", action: call.action, arguments: input, budget, place },
      uninterrupted,
    );
    usage = reply.usage;
    run.spend(usage);
    if (reply.outcome.kind !== "ok") error = failureOf(call, reply.outcome);
  } catch (thrown) {
    error = asGloveboxError(thrown, "INTERNAL_ERROR", action);
  }
  const result: CompensationResult = {
    step,
    action,
    status: error === null ? "ran" : "failed",
    input,
    ...(error === null ? {} : { error: error.toJSON() }),
    duration_ms: run.emitter.elapsedMs() - startMs,
    resource_usage: usage,
  };
  run.emitter.emit({ type: "compensation.ended", result });
  return result;
}

function argumentsFor(run: Run, record: StepRecord, call: CheckedCall): Params {
  const { outputs, content } = run;
  const output = outputs.get(record.checked.step.id);
  if (record.input === null) throw new GloveboxError("INTERNAL_ERROR", `step ${record.checked.step.id} has no input`);
  const input = prepareArguments(call, { outputs, own: { input: record.input, output } }, content.authority);
  const { step, takes } = record.checked;
  followData(run, call, { step, takes: [step.id, ...takes] }, input);
  return input;
}
