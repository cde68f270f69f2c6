// What a person is asked before a call that the scope wants approved, and what such an answer is bound to.
// It must not know who is asked, or how.

import type { Effect, JsonValue } from "../contract/types.ts";
import type { FileChange } from "../hooks.ts";
import { canonicalJson } from "./canonical.ts";
import type { Params } from "./types.ts";

/** One call, as it will be made when it is approved. */
export interface ApprovalRequest {
  readonly step: string;
  /** The item of the step's `for_each`, from 0; null without one. */
  readonly item: number | null;
  readonly action: string;
  /** `sha256:` and hex of the tool's bytes. */
  readonly digest: string;
  readonly arguments: Params;
  readonly effect: Effect;
  /** Why the agent chose it: data, never an instruction. */
  readonly reason: string | null;
  /** What the run has changed so far. */
  readonly changes: readonly FileChange[];
  /** What an answer is bound to: `sha256:` and hex over the plan's hash, the step, its item, the arguments and the tool. */
  readonly hash: string;
}

/** The answer to a request. `hash` must be the request's. */
export interface ApprovalAnswer {
  readonly approved: boolean;
  readonly hash: string;
  /** Why not, or who. */
  readonly reason?: string;
}

/** Asks about a call. What it throws ends the run: an error of ours keeps its code. `signal` is aborted when nobody waits for the answer any more. */
export type Approve = (request: ApprovalRequest, signal: AbortSignal) => Promise<ApprovalAnswer>;

/** What an approval is about, without what may look different when it is asked again. */
export interface ApprovalSubject {
  readonly planHash: string;
  readonly step: string;
  readonly item: number | null;
  readonly action: string;
  readonly digest: string;
  readonly arguments: Params;
}

/** P10: the hash that an answer is bound to; another plan, step, item, tool or argument gives another one. */
export async function approvalHash({ planHash: plan, arguments: given, ...rest }: ApprovalSubject): Promise<string> {
  const text = canonicalJson({ plan, ...rest, arguments: given as JsonValue });
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return `sha256:${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
