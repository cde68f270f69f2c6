// Are the steps in an order that can work, and that can be undone?

import { didYouMean } from "../../contract/suggest.ts";
import type { Action } from "../../contract/types.ts";
import { rulesFor } from "../../scope/call-rules.ts";
import { quote } from "../../scope/document/quote.ts";
import { isExternal, isFinal } from "../effects.ts";
import type { Step } from "../types.ts";
import { type Context, nameOf } from "./context.ts";

/** Reports ids that are there twice and steps that need what does not run before them. */
export function checkIds(context: Context): void {
  for (const step of context.plan.steps) {
    if (context.findings.full) return;
    if (step === null) continue;
    const first = context.stepsById.get(step.id);
    if (first !== undefined && first !== step) reportSameId(context, step, first);
    for (const [index, id] of step.needs.entries()) checkNeed(context, step, id, `/steps/${step.index}/needs/${index}`);
  }
}

function reportSameId(context: Context, step: Step, first: Step): void {
  const own = step.id === String(step.index + 1) ? "" : "/id";
  context.findings.error({
    code: "PLAN_INVALID",
    pointer: `/steps/${step.index}${own}`,
    message: `the id ${quote(step.id)} belongs to step ${first.index + 1} and to step ${step.index + 1}`,
    hint: "Give each step an id of its own; a step without one is named by its number.",
  });
}

function checkNeed(context: Context, step: Step, id: string, pointer: string): void {
  const needed = context.stepsById.get(id);
  if (needed !== undefined && needed.index < step.index) return;
  const earlier = context.plan.steps.slice(Math.max(0, step.index - 20), step.index).flatMap((one) => one?.id ?? []);
  const why = needed === undefined ? "which does not exist" : needed === step ? "which is itself" : "which runs later";
  const near = needed === undefined ? didYouMean(id, earlier).trim() : "Move that step up, or remove the need.";
  context.findings.error({
    code: "REFERENCE_INVALID",
    pointer,
    message: `${nameOf(step)} needs ${quote(id)}, ${why}`,
    hint:
      near === "" ? `Name a step that runs before it${earlier.length === 0 ? "" : `: ${earlier.join(", ")}`}.` : near,
  });
}

/** G5: reports steps that cannot be undone and stand before steps that may fail, unless they can wait until the end; and compensations that never run. */
export function checkEffects(context: Context, deferred: ReadonlySet<number>): void {
  let later: Step | null = null;
  let laterFinal: Step | null = null;
  for (const step of context.plan.steps.toReversed()) {
    const action = step === null ? undefined : context.actions.get(step.action);
    if (step === null || action === undefined) continue;
    if (!isFinal(step, action)) later = step;
    else if (later !== null && deferred.has(step.index)) noteDeferred(context, step, action);
    else if (later !== null && consented(context, step)) noteOrder(context, step, action, later);
    else if (later !== null) reportOrder(context, step, action, later);
    else if (laterFinal !== null) noteOrder(context, step, action, laterFinal);
    if (isFinal(step, action)) laterFinal = step;
    const undo = step.compensate === null ? undefined : context.actions.get(step.compensate.action);
    if (undo !== undefined && !isExternal(action)) noteNeedless(context, step, action);
  }
}

/** A person has said in the scope that such an effect may stand. */
function consented({ authority }: Context, step: Step): boolean {
  return rulesFor(authority, step.action).some(({ consent }) => consent);
}

function reportOrder(context: Context, step: Step, action: Action, later: Step): void {
  context.findings.error({
    code: "IRREVERSIBLE_ORDER",
    pointer: `/steps/${step.index}`,
    message: `${nameOf(step)} (${action.name}) cannot be undone, and ${nameOf(later)} (${later.action}), which may fail, runs after it`,
    hint: `Move ${nameOf(step)} to the end of the plan, or let no step refer to it, so that it can wait until the end.`,
  });
}

function noteDeferred(context: Context, step: Step, action: Action): void {
  context.findings.note({
    code: "IRREVERSIBLE_DEFERRED",
    pointer: `/steps/${step.index}`,
    message: `${nameOf(step)} (${action.name}) cannot be undone, and no step refers to it: it runs after all others, right before the commit`,
    hint: "Nothing needs to change.",
  });
}

function noteOrder(context: Context, step: Step, action: Action, later: Step): void {
  context.findings.note({
    code: "IRREVERSIBLE_ORDER",
    pointer: `/steps/${step.index}`,
    message: `${nameOf(step)} (${action.name}) cannot be undone if ${nameOf(later)} (${later.action}) fails after it`,
    hint: "Put the one that is more likely to fail first, or make two plans of it.",
  });
}

function noteNeedless(context: Context, step: Step, action: Action): void {
  context.findings.note({
    code: "COMPENSATION_NEEDLESS",
    pointer: `/steps/${step.index}/compensate`,
    message: `${nameOf(step)} (${action.name}) changes nothing outside of the workspace, so its compensation never runs`,
    hint: "Remove compensate: files are rolled back without it.",
  });
}
