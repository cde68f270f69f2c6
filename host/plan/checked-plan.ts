// A plan that a check has accepted: the only thing that is ever executed.

import type { Action } from "../contract/types.ts";
import { GloveboxError } from "../errors.ts";
import type { Finding, PrivateFile } from "../report.ts";
import { deepFreeze } from "../scope/freeze.ts";
import type { Scope } from "../scope/types.ts";
import type { Params, Step } from "./types.ts";

export interface CheckedCall {
  readonly action: Action;
  /** With its references, the pipe's among them. */
  readonly params: Params;
}

export interface CheckedStep extends CheckedCall {
  readonly step: Step;
  /** The ids of the steps whose results it takes, or that it needs. */
  readonly dependsOn: readonly string[];
  /** The ids of the steps whose results or outcomes reach it: what they know, it may know. */
  readonly takes: readonly string[];
  /** It runs after all other steps, right before the commit. */
  readonly deferred: boolean;
  /** What takes its effect back; null when nothing has to, or nothing can. */
  readonly compensation: CheckedCall | null;
}

export interface CheckedContent {
  readonly plan_id: string;
  /** `sha256:` and hex, of the plan's canonical JSON. */
  readonly hash: string;
  /** What both the scope and the plan's constraints allow. */
  readonly authority: Scope;
  readonly steps: readonly CheckedStep[];
  /** Files that earlier plans filled with private data. */
  readonly privateFiles: readonly PrivateFile[];
  /** What will be decided when it runs. */
  readonly notes: readonly Finding[];
}

/** Deep-frozen, and made by `check` alone: the library exports its type only, and `#accepted` cannot be put on another object. */
export class CheckedPlan {
  readonly #accepted = true;
  readonly content: CheckedContent;

  constructor(content: CheckedContent) {
    this.content = deepFreeze(content);
    Object.freeze(this);
  }

  /** The content of a checked plan. Errors: STATE_INVALID for anything else, whatever it looks like. */
  static open(plan: CheckedPlan): CheckedContent {
    if (typeof plan === "object" && plan !== null && #accepted in plan && plan.#accepted) return plan.content;
    throw new GloveboxError("STATE_INVALID", "only a plan that check has accepted can be executed");
  }
}
