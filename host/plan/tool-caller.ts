// What a plan needs from the world to be executed. The runtime implements it; tests use a few lines of their own.

import type { CallBudget, CallReply } from "../contract/call.ts";
import type { Action, JsonValue } from "../contract/types.ts";
import { GloveboxError } from "../errors.ts";
import type { FileChange, NetworkExchange } from "../hooks.ts";

export interface StepCall {
  readonly step: string;
  /** Whether it does what the step says, or takes that back. */
  readonly purpose: "step" | "compensation";
  readonly action: Action;
  readonly arguments: Readonly<Record<string, JsonValue>>;
  readonly budget: CallBudget;
  readonly place: CallPlace;
}

/** Where a call stands in its plan. Its clock and its random numbers follow from this, and not from when it happens to run. */
export interface CallPlace {
  /** Of the step, from 0. */
  readonly index: number;
  /** The calls that the step has made before. */
  readonly call: number;
  /** The numbers of the steps that it waited for: it sees what they changed, and what those that they waited for did. Null for all that has happened. */
  readonly after: readonly number[] | null;
}

/** The number of a compensation among the calls of its step: no step makes as many. */
export const COMPENSATION_CALL = 16_383;

/** `changes` are those of this call; they are kept when the outcome is `ok`, and already rolled back when it is not. */
export interface StepReply extends CallReply {
  readonly changes: readonly FileChange[];
  /** Nanoseconds that passed for its guest. */
  readonly elapsedNs?: string;
  /** What the call sent over the network, or tried to. */
  readonly network?: readonly NetworkExchange[];
}

/** A call that was refused before it began: nothing of it happened, outside of the workspace either. */
export class CallNotBegun extends GloveboxError {
  override readonly name = "CallNotBegun";
}

/** The transaction that a plan runs in. */
export interface ToolCaller {
  /**
   * Runs one call in a savepoint of its own. Rejects with CANCELLED, when `signal` is aborted: the call has been stopped and rolled back then;
   * and with CallNotBegun, when it must not be made.
   */
  call(call: StepCall, signal: AbortSignal): Promise<StepReply>;
  /** Takes a call for made that an earlier process made: what comes after it is as late as it would be. */
  recall?(place: CallPlace, elapsedNs: string): void;
  /** Remembers the files as they are now for the step at this place, which is called later. */
  mark?(place: CallPlace): void;
  /** All changes of the run so far, with text diffs; or those of the steps before one. Rejects with CONFLICT_WRITE_WRITE. */
  diff(before?: number): Promise<readonly FileChange[]>;
  /** Applies all changes to the workspace, atomically. Rejects with COMMIT_CONFLICT, COMMIT_FAILED or RECOVERY_REQUIRED; nothing is applied then. */
  commit(): Promise<void>;
  /** Keeps all changes for a later decision, in place of `commit`; of callers of runs that are reviewed. Rejects with JOURNAL_FAILED. */
  keep?(): Promise<void>;
  /** Forgets all changes. Idempotent, and never rejects. */
  discard(): Promise<void>;
}
