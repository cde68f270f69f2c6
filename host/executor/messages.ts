// What the parent and its child process say to each other: structured clones in frames, one call at a time.
// It must not know how either side does its part.

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
  | { readonly type: "call"; readonly request: CallRequest };

export type ChildMessage =
  | { readonly type: "opened" }
  /** `layer`: what the call changed, when it is kept. */
  | { readonly type: "returned"; readonly response: CallResponse; readonly layer: Uint8Array | null }
  /** The child itself failed; it is ended after this. */
  | { readonly type: "failed"; readonly error: ErrorJson };
