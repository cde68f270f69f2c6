// The words in which the trusted side asks for a call and the executing side answers. All of it is JSON but for the bytes.
// It must not know how a call runs.

import type { CallBudget } from "../contract/call.ts";
import type { Action, JsonValue } from "../contract/types.ts";

/** A directory of the host that grants point into. Writable roots are committed; there is at most one. */
export interface Root {
  readonly id: string;
  readonly hostPath: string;
  readonly writable: boolean;
}

/** What a guest sees: a path of its own, and where that is. */
export interface Mount {
  readonly guestPath: string;
  readonly root: string;
  /** Relative to the root; "" for the root itself. */
  readonly path: string;
  readonly access: "read" | "write";
}

export interface RunSetup {
  readonly roots: readonly Root[];
  readonly mounts: readonly Mount[];
  readonly environment: Readonly<Record<string, string>>;
  /** Nanoseconds since the epoch, as a decimal string: what guests see as the time of the run's start. */
  readonly clockStartNs: string;
  /** 64 hex digits. */
  readonly seed: string;
}

export interface CallRequest {
  /** Counts the calls of a run: it makes the random numbers of each call its own. */
  readonly sequence: number;
  readonly action: Action;
  readonly arguments: Readonly<Record<string, JsonValue>>;
  readonly budget: CallBudget;
}
