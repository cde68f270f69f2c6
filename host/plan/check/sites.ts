// The calls that a plan asks for, one for each step and one for each compensation, with what they leave out filled in.
// It must not judge them.

import type { Action, JsonValue } from "../../contract/types.ts";
import { rulesFor } from "../../scope/call-rules.ts";
import type { Deferrable } from "../deferral.ts";
import { compensationFor, isFinal } from "../effects.ts";
import { holesIn, parseTemplate } from "../template.ts";
import type { Params, Step } from "../types.ts";
import { type CallSite, type Context, nameOf } from "./context.ts";

/** The call of a step; a pipe parameter that it leaves out refers to the result of the step before. */
export function siteOf(context: Context, step: Step): CallSite {
  const action = context.actions.get(step.action) ?? null;
  const pipe = action === null ? null : pipeOf(context, step, action);
  const params = pipe === null ? step.params : { ...step.params, [pipe.parameter]: pipe.reference };
  return {
    label: `${nameOf(step)} (${step.action})`,
    pointer: `/steps/${step.index}`,
    step,
    actionName: step.action,
    action,
    params,
    pipe: pipe?.parameter ?? null,
    compensates: null,
    item: null,
  };
}

/** The reference that a step leaves out: a pipe parameter takes the result of the step before, when that gives one. */
function pipeOf(context: Context, step: Step, action: Action): { parameter: string; reference: string } | null {
  const previous = context.plan.steps[step.index - 1] ?? null;
  if (action.pipe === null || previous === null || Object.hasOwn(step.params, action.pipe)) return null;
  const producer = context.actions.get(previous.action);
  if (producer !== undefined && producer.output === null) return null;
  return { parameter: action.pipe, reference: `\${{ steps.${previous.id}.output }}` };
}

/** The call that takes a step's effect back: the plan's own, or the one that its tool declares. */
export function compensationOf(context: Context, step: Step, action: Action | null): CallSite | null {
  const call = action === null ? step.compensate : compensationFor(step, action);
  if (call === null) return null;
  return {
    label: `the compensation of ${nameOf(step)} (${call.action})`,
    pointer: step.compensate === null ? `/steps/${step.index}` : `/steps/${step.index}/compensate`,
    step,
    actionName: call.action,
    action: context.actions.get(call.action) ?? null,
    params: call.params,
    pipe: null,
    compensates: step,
    item: null,
  };
}

/** What of a step decides whether its effect can wait for all others; `takes` are the steps whose results it takes. */
export function deferrableOf(
  { authority }: Context,
  { step, action }: CallSite,
  takes: readonly string[],
  compensation: CallSite | null,
): Deferrable {
  const asked = step.when === null ? [] : [step.when.step];
  const undoing = compensation === null ? [] : stepsReferredTo(compensation.params);
  return {
    id: step.id,
    isFinal: action !== null && isFinal(step, action),
    isConsented: authority.calls.length > 0 && rulesFor(authority, step.action).some(({ consent }) => consent),
    writesFiles: action !== null && Object.values(action.paths).includes("write"),
    refersTo: [...step.needs, ...asked, ...takes, ...undoing],
  };
}

/** The ids of the steps whose results these params take. */
export function stepsReferredTo(params: Params): string[] {
  return holesIn(params as JsonValue).flatMap(({ text }) => {
    const reading = parseTemplate(text);
    if (!reading.ok) return [];
    return reading.template.flatMap((part) => (typeof part === "string" || part.step === null ? [] : [part.step]));
  });
}

/** The ids of the steps whose results a step takes, by its params or as its items. */
export function takenBy(site: CallSite): readonly string[] {
  return [...stepsReferredTo(site.params), ...stepsReferredTo({ items: site.step.for_each?.items ?? null })];
}
