// When a failed step may be tried again, and how long is waited before. Nothing random: the same plan waits the same.

import type { CallOutcome } from "../contract/call.ts";
import type { Action } from "../contract/types.ts";
import { isCertain } from "./effects.ts";

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 5000;

/** The pause before retry number `retry`, from 1: it doubles each time. */
export function retryDelayMs(retry: number): number {
  return Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (retry - 1));
}

/** Whether trying again is safe: the contract says that it failed, or doing it twice is the same as once. */
export function mayRetry(action: Action, outcome: CallOutcome): boolean {
  return isCertain(action, outcome) || (outcome.kind !== "ok" && action.idempotent);
}
