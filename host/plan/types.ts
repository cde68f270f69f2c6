// What a plan is, once its text has been read. It must not know what is allowed or which actions exist.

import type { JsonValue } from "../contract/types.ts";
import type { Problem, SourceDocument } from "../scope/document/types.ts";
import type { Constraints } from "../scope/types.ts";

export type Params = Readonly<Record<string, JsonValue>>;

/** One call of a plan. */
export interface Step {
  /** Its own name, or its number from 1. */
  readonly id: string;
  /** Its place in the plan, from 0. */
  readonly index: number;
  readonly action: string;
  readonly params: Params;
  readonly validation: Validation;
  /** Steps that must have succeeded before it. */
  readonly needs: readonly string[];
  /** It says what it needs, be it nothing: it waits for that and for what it takes, and for no other step. */
  readonly independent: boolean;
  /** Why the agent chose it: recorded, never interpreted. */
  readonly reason: string | null;
  readonly timeout_seconds: number | null;
  readonly fuel: number | null;
  /** How often it is tried again after a failure that allows it. */
  readonly retries: number;
  readonly on_error: "fail" | "continue";
  /** It runs only when an earlier step ended so; null for always. */
  readonly when: When | null;
  /** It is called once for each item of a list, and its result is the list of results; null for once. */
  readonly for_each: ForEach | null;
  /** The call that takes its effect back. */
  readonly compensate: Compensation | null;
}

/** A condition on how an earlier step ended. */
export interface When {
  readonly step: string;
  readonly status: "ran" | "failed" | "not_run";
}

/** A list to go through. */
export interface ForEach {
  /** A list, or a reference to one. */
  readonly items: JsonValue;
  /** A longer list is an error; for a list that the plan holds itself, its length. */
  readonly at_most: number;
}

/** What the files that a step names must be like, besides lying within the scope. */
export interface Validation {
  readonly max_size_mb?: number | undefined;
  /** With their dot: `.log`, `.tar.gz`. */
  readonly allowed_extensions?: readonly string[] | undefined;
}

export interface Compensation {
  readonly action: string;
  readonly params: Params;
}

/** A plan as far as it could be read, and what was wrong with its shape. */
export interface ParsedPlan {
  /** `unnamed` when the plan does not say. */
  readonly plan_id: string;
  /** Null where a step is too broken to be looked at. */
  readonly steps: readonly (Step | null)[];
  readonly constraints: Constraints;
  /** The values that the plan's `inputs` have in this run; they stand in the steps already. */
  readonly inputs: Params;
  readonly problems: readonly Problem[];
  readonly document: SourceDocument;
}
