// What a call may take and what it gives back: the words that plans, executors and tools share.
// A leaf: it must not know how a call runs.

import type { ErrorJson } from "../errors.ts";
import type { ResourceUsage } from "../hooks.ts";
import type { JsonValue } from "./types.ts";

/** What one call may take. */
export interface CallBudget {
  readonly fuel: number;
  readonly memoryBytes: number;
  readonly stackBytes: number;
  readonly tableElements: number;
  readonly ioOperations: number;
  readonly ioBytes: number;
  readonly outputBytes: number;
  /** Wall clock. */
  readonly timeoutMs: number;
}

export type CallOutcome =
  | { readonly kind: "ok"; readonly output: JsonValue }
  /** A failure that the contract allows: the error value of the action. */
  | { readonly kind: "error"; readonly case: string; readonly payload: JsonValue }
  /** A trap, a limit, or anything else that the contract does not name. */
  | { readonly kind: "critical"; readonly error: ErrorJson };

export interface CallReply {
  readonly outcome: CallOutcome;
  readonly usage: ResourceUsage;
  /** What the guest wrote to its standard streams, cut at the limit, control characters escaped. */
  readonly stdout: string;
  readonly stderr: string;
  /** Requests of the guest that its grants refused (a path outside, a write to a read-only grant). */
  readonly violations: readonly ErrorJson[];
}
