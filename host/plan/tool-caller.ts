// What a plan needs from the world to be executed. The runtime implements it; tests use a few lines of their own.

import type { CallBudget, CallReply } from "../contract/call.ts";
import type { Action, JsonValue } from "../contract/types.ts";
import type { FileChange, NetworkExchange } from "../hooks.ts";

export interface StepCall {
  readonly step: string;
  readonly action: Action;
  readonly arguments: Readonly<Record<string, JsonValue>>;
  readonly budget: CallBudget;
}

/** `changes` are those of this call; they are kept when the outcome is `ok`, and already rolled back when it is not. */
export interface StepReply extends CallReply {
  readonly changes: readonly FileChange[];
  /** What the call sent over the network, or tried to. */
  readonly network?: readonly NetworkExchange[];
}

/** The transaction that a plan runs in. */
export interface ToolCaller {
  /** Runs one call in a savepoint of its own. Rejects only with CANCELLED, when `signal` is aborted: the call has been stopped and rolled back then. */
  call(call: StepCall, signal: AbortSignal): Promise<StepReply>;
  /** All changes of the run so far, with text diffs. */
  diff(): Promise<readonly FileChange[]>;
  /** Applies all changes to the workspace, atomically. Rejects with COMMIT_CONFLICT, COMMIT_FAILED or RECOVERY_REQUIRED; nothing is applied then. */
  commit(): Promise<void>;
  /** Forgets all changes. Idempotent, and never rejects. */
  discard(): Promise<void>;
}
