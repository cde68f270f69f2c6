// Runs one step: prepares its arguments, calls, tries again where that is safe.
// It must not decide what a failure means for the plan.

import type { CallOutcome } from "../../contract/call.ts";
import type { JsonValue } from "../../contract/types.ts";
import { asGloveboxError, type ErrorJson, GloveboxError, LimitError } from "../../errors.ts";
import type { FileChange, NetworkExchange, ResourceUsage, StepStatus } from "../../hooks.ts";
import { BYTES_PER_MB } from "../../limits.ts";
import { quote } from "../../scope/document/quote.ts";
import type { CheckedStep } from "../checked-plan.ts";
import { isCertain, isExternal } from "../effects.ts";
import { mayRetry, retryDelayMs } from "../retry.ts";
import { CallNotBegun, type StepCall, type StepReply } from "../tool-caller.ts";
import type { Params } from "../types.ts";
import { askApproval } from "./approve.ts";
import { followData, prepareArguments, readsOf, validateFiles } from "./prepare.ts";
import { resolveParams } from "./resolve.ts";
import { cancelled, type ExternalEffect, type Run, type StepRecord } from "./run.ts";
import { addUsage, NO_USAGE } from "./usage.ts";

/** Why a step did not succeed. `fatal` when the plan cannot go on whatever the step says: its changes could not be rolled back alone. */
export interface StepFailure {
  readonly error: GloveboxError;
  readonly fatal: boolean;
}

interface Trial {
  /** What was spent before the step. */
  readonly spent: ResourceUsage;
  readonly signal: AbortSignal;
  announced: boolean;
  attempts: number;
  usage: ResourceUsage;
  changes: readonly FileChange[];
  violations: ErrorJson[];
  network: NetworkExchange[];
  effect: ExternalEffect;
}

/** Runs a step to its end and records it. Null when it succeeded. */
export async function runStep(run: Run, record: StepRecord, signal: AbortSignal): Promise<StepFailure | null> {
  const { checked } = record;
  const startMs = run.emitter.elapsedMs();
  const trial: Trial = {
    spent: run.spentBefore(checked),
    signal,
    announced: false,
    attempts: 0,
    usage: NO_USAGE,
    changes: [],
    violations: [],
    network: [],
    effect: "none",
  };
  let failure: StepFailure | null = null;
  let output: JsonValue = null;
  try {
    output = await runCalls(run, record, trial);
    run.outputs.set(checked.step.id, output);
  } catch (thrown) {
    const error = signal.aborted ? cancelled() : asGloveboxError(thrown, "INTERNAL_ERROR", checked.action.name);
    // What it changed before it failed cannot be rolled back by itself.
    failure = { error, fatal: trial.changes.length > 0 };
  }
  announce(run, checked, trial, {}); // also when its arguments could not be had, so that its end has a beginning
  record.effect = trial.effect;
  record.result = {
    ...record.result,
    status: failure === null ? "ran" : statusOfFailure(failure.error, trial.effect),
    ...(record.input === null ? {} : { input: record.input }),
    ...(failure === null ? { output } : { error: failure.error.toJSON() }),
    attempts: trial.attempts,
    duration_ms: run.emitter.elapsedMs() - startMs,
    resource_usage: trial.usage,
    changes: failure === null ? trial.changes : [],
    scope_violations: trial.violations,
    ...(trial.network.length === 0 ? {} : { network: trial.network }),
  };
  run.emitter.emit({ type: "step.ended", result: record.result });
  return failure;
}

function statusOfFailure(error: GloveboxError, effect: ExternalEffect): StepStatus {
  if (error.code === "RUN_SUSPENDED") return "not_run"; // it runs when the run goes on
  if (effect === "unknown") return "unknown";
  if (error.code === "RUN_INTERRUPTED") return "not_run"; // or what it did is gone with the process that ran it
  return error.code === "CANCELLED" ? "rolled_back" : "failed";
}

/** The call of a step, or one for each item; gives the result, or the list of them. */
async function runCalls(run: Run, record: StepRecord, trial: Trial): Promise<JsonValue> {
  const items = itemsOf(run, record.checked);
  if (items === null) return runCall(run, record, trial);
  const outputs: JsonValue[] = [];
  let characters = 0;
  for (const [index, item] of items.entries()) {
    const output = await runCall(run, record, trial, { index, item });
    characters += JSON.stringify(output).length;
    refuseLargeList(run, record, characters);
    outputs.push(output);
  }
  return record.checked.action.output === null ? null : outputs;
}

/** The list that a step goes through; null for a single call. Errors: those of references, ARGUMENT_INVALID, RESOURCE_LIMIT for a list that is too long. */
function itemsOf(run: Run, { step, action }: CheckedStep): readonly JsonValue[] | null {
  if (step.for_each === null) return null;
  const { at_most } = step.for_each;
  const { items } = resolveParams({ items: step.for_each.items }, { outputs: run.outputs });
  if (!Array.isArray(items))
    throw new GloveboxError("ARGUMENT_INVALID", `${action.name}: for_each was given ${quote(items)}, which is no list`);
  if (items.length <= at_most) return items as readonly JsonValue[];
  const message = `${action.name}: for_each was given ${items.length} items, and at_most is ${at_most}`;
  throw new LimitError("RESOURCE_LIMIT", message, "at_most", at_most, { hint: "Raise at_most, or give it less." });
}

interface ListItem {
  readonly index: number;
  readonly item: JsonValue;
}

/** One call of a step, with its retries. */
async function runCall(run: Run, record: StepRecord, trial: Trial, of?: ListItem): Promise<JsonValue> {
  const { checked } = record;
  const values = { outputs: run.outputs, ...(of === undefined ? {} : { item: of.item }) };
  const input = prepareArguments(checked, values, run.content.authority);
  record.input ??= input;
  announce(run, checked, trial, input);
  followData(run, checked, { step: checked.step, takes: checked.takes }, input);
  record.reads = [...record.reads, ...readsOf(checked.action, input)];
  const place = run.placeOf(checked, trial.attempts);
  await validateFiles(checked.action, input, checked.step.validation, (path) => run.options.statPath(path, place));
  await askApproval(run, checked, { input, item: of?.index ?? null, signal: trial.signal });
  return tryCalls(run, checked, input, trial);
}

/** Tells once that a step starts, with the arguments of its first call. */
function announce(run: Run, { step, action }: CheckedStep, trial: Trial, input: Params): void {
  if (trial.announced) return;
  trial.announced = true;
  const { name: tool, digest } = action.tool;
  const reason = step.reason === null ? {} : { reason: step.reason };
  run.emitter.emit({ type: "step.started", step: step.id, action: action.name, tool, digest, ...reason, input });
}

function spentBy({ spent, usage }: Trial): ResourceUsage {
  return addUsage(spent, usage);
}

async function tryCalls(run: Run, checked: CheckedStep, input: Params, trial: Trial): Promise<JsonValue> {
  const before = trial.attempts;
  for (;;) {
    const outcome = await callOnce(run, checked, input, trial);
    if (outcome.kind === "ok") return outcome.output;
    const error = failureOf(checked, outcome);
    const delayMs = retryDelayMs(trial.attempts - before);
    const again =
      trial.attempts - before <= checked.step.retries &&
      mayRetry(checked.action, outcome) &&
      run.canWait(delayMs, spentBy(trial));
    if (!again) throw error;
    await run.options.sleep(delayMs, trial.signal);
    const attempt = trial.attempts + 1;
    run.emitter.emit({ type: "step.retried", step: checked.step.id, attempt, error: error.toJSON() });
  }
}

async function callOnce(run: Run, checked: CheckedStep, input: Params, trial: Trial): Promise<CallOutcome> {
  if (trial.signal.aborted) throw cancelled();
  const budget = run.stepBudget(checked, spentBy(trial));
  const { step, action } = checked;
  const place = run.placeOf(checked, trial.attempts);
  trial.attempts += 1;
  const effectBefore = trial.effect;
  trial.effect = isExternal(action) ? "unknown" : "none"; // until an answer says more
  const call: StepCall = { step: step.id, purpose: "step", action, arguments: input, budget, place };
  const reply = await run.options.caller.call(call, trial.signal).catch((thrown: unknown) => {
    if (thrown instanceof CallNotBegun) trial.effect = effectBefore;
    throw thrown;
  });
  trial.usage = addUsage(trial.usage, reply.usage);
  trial.violations.push(...reply.violations);
  const { network = [] } = reply;
  trial.network.push(...network);
  for (const exchange of network) run.emitter.emit({ type: "network.exchanged", step: step.id, exchange });
  if (reply.outcome.kind === "ok") {
    trial.changes = [...trial.changes, ...reply.changes];
    trial.effect = isExternal(action) ? "done" : "none";
    refuseLargeOutput(action.name, reply, budget.outputBytes);
  } else if (isCertain(action, reply.outcome)) trial.effect = effectBefore; // an earlier attempt may have done it
  return reply.outcome;
}

/** The executor enforces this, too; here it bounds what a run keeps. */
function refuseLargeOutput(action: string, { outcome }: StepReply, mostBytes: number): void {
  if (outcome.kind !== "ok") return;
  const text = JSON.stringify(outcome.output);
  const bytes = text.length * 3 <= mostBytes ? text.length : new TextEncoder().encode(text).length;
  if (bytes <= mostBytes) return;
  const message = `the result of ${action} is ${bytes} bytes as JSON, and at most ${mostBytes} are allowed`;
  throw new LimitError("OUTPUT_LIMIT", message, "output_mb", mostBytes, { hint: "Ask for less, or raise output_mb." });
}

/** The results of all items are one result, and bounded like one. */
function refuseLargeList({ content }: Run, { checked }: StepRecord, characters: number): void {
  const { output_mb } = content.authority.limits;
  if (characters <= output_mb * BYTES_PER_MB) return;
  const message = `the results of ${checked.action.name} for all items are more than output_mb, ${output_mb}`;
  const hint = "Go through fewer items, or raise output_mb.";
  throw new LimitError("OUTPUT_LIMIT", message, "output_mb", output_mb, { hint });
}

/** A call that did not succeed, as an error. */
export function failureOf({ action }: Pick<CheckedStep, "action">, outcome: CallOutcome): GloveboxError {
  if (outcome.kind === "critical") return GloveboxError.fromJSON(outcome.error);
  if (outcome.kind === "ok") return new GloveboxError("INTERNAL_ERROR", `${action.name} did not fail`);
  const payload = outcome.payload === null ? "" : `: ${facts(outcome.payload)}`;
  const message = `${action.name} failed with ${outcome.case}${payload}`;
  return new GloveboxError("ACTION_FAILED", message, { data: { case: outcome.case, payload: outcome.payload } });
}

/** A payload in a message: a value quoted, a record as its fields. */
function facts(payload: JsonValue): string {
  if (payload === null || typeof payload !== "object" || Array.isArray(payload)) return quote(payload);
  const fields = Object.entries(payload).slice(0, 8);
  return fields.map(([name, value]) => `${name} ${quote(value)}`).join(", ");
}
