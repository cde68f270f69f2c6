// The words in which the trusted side asks for a call and the executing side answers: plain data, so that they cross a process border.
// It must not know how a call runs.

import type { CallBudget, CallReply } from "../contract/call.ts";
import type { Action, JsonValue } from "../contract/types.ts";

/** A directory of the host that grants point into. At most one is writable: it is the workspace, and it is committed. */
export interface Root {
  readonly id: string;
  readonly hostPath: string;
  readonly writable: boolean;
}

/** What a guest sees at a path of its own, and where that is. */
export interface Mount {
  readonly guestPath: string;
  readonly root: string;
  /** Relative to the root; "" for the root itself. */
  readonly path: string;
  readonly access: "read" | "write";
  /** A grant of one file: the guest sees its directory, holding nothing else. */
  readonly file: boolean;
}

/** What all calls of a run share. */
export interface RunSetup {
  readonly roots: readonly Root[];
  readonly mounts: readonly Mount[];
  readonly environment: Readonly<Record<string, string>>;
  /** 64 hex digits. */
  readonly seed: string;
  /** Bytes of changed content that the run may hold. */
  readonly writtenBytes: number;
  /** `serializable`: what calls looked at comes along with what they changed. Default `writes`. */
  readonly isolation?: "writes" | "serializable";
}

export interface CallRequest {
  /** Counts the calls of a run: it makes the random numbers of each call its own. */
  readonly sequence: number;
  /** What the guest sees as the time of its start: nanoseconds since the epoch, decimal. */
  readonly clockNs: string;
  readonly action: Action;
  readonly arguments: Readonly<Record<string, JsonValue>>;
  readonly budget: CallBudget;
}

export interface CallResponse {
  readonly reply: CallReply;
  /** Nanoseconds that passed for the guest. */
  readonly elapsedNs: string;
}

export type { NetworkSender } from "../contract/network.ts";

/** Where calls run. A session belongs to one run; its calls come one at a time. */
export interface Session {
  /**
   * Runs one call. When its outcome is `ok`, its changes are in the overlay of the run; otherwise the overlay is as before.
   * Errors: CANCELLED when `signal` is aborted; the call is stopped then.
   */
  call(request: CallRequest, signal: AbortSignal): Promise<CallResponse>;
  close(): Promise<void>;
}
