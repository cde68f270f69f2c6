// What the parent and its child process say to each other: structured clones in frames, one call at a time.
// It must not know how either side does its part.

import type { NetworkOutcome } from "../contract/network.ts";
import type { ErrorJson } from "../errors.ts";
import type { CallRequest, CallResponse, RunSetup } from "./protocol.ts";

export type ParentMessage =
  /** First of all: the run, where each tool lies compiled, and the changes of the run so far. */
  | {
      readonly type: "open";
      readonly setup: RunSetup;
      readonly tools: Readonly<Record<string, string>>;
      readonly layer: Uint8Array | null;
    }
  | { readonly type: "call"; readonly request: CallRequest }
  /** What came of the request with that number. */
  | { readonly type: "fetched"; readonly number: number; readonly outcome: NetworkOutcome };

export type ChildMessage =
  | { readonly type: "opened" }
  /** During a call: a guest wants this sent. The child counts its requests. */
  | { readonly type: "fetch"; readonly number: number; readonly request: unknown }
  /** `layer`: what the call changed, when it is kept. */
  | { readonly type: "returned"; readonly response: CallResponse; readonly layer: Uint8Array | null }
  /** The child itself failed; it is ended after this. */
  | { readonly type: "failed"; readonly error: ErrorJson };
