// What steps do to the world beyond the workspace, and what takes it back. It must not run anything.

import type { CallOutcome } from "../contract/call.ts";
import type { Action } from "../contract/types.ts";
import type { Compensation, Step } from "./types.ts";

/** Whether a call changes something that discarding the overlay does not bring back. */
export function isExternal(action: Action): boolean {
  return action.effect === "compensable" || action.effect === "irreversible";
}

/** Whether nothing can take the effect of this step back. */
export function isFinal(step: Step, action: Action): boolean {
  return action.effect === "irreversible" || (isExternal(action) && compensationFor(step, action) === null);
}

/** Whether a failure says that the call had no effect: it is one of the contract, and the tool is sure of it. */
export function isCertain(action: Action, outcome: CallOutcome): boolean {
  return outcome.kind === "error" && action.uncertain?.includes(outcome.case) !== true;
}

/** The call that takes a step's effect back: the plan's own, or the one that its tool declares; null when there is none. */
export function compensationFor(step: Step, action: Action): Compensation | null {
  return step.compensate ?? (isExternal(action) ? action.compensate : null);
}

/** The part of fuel, time and I/O that a plan with compensations keeps for them. */
export const COMPENSATION_SHARE = 0.1;
