// The shape of a plan file: every key, its rule in words, an example. It must not know where the text came from.

import { z } from "zod";
import { PLAN_LIMITS } from "../limits.ts";
import { constraintFields, fuel, megabytes, seconds } from "../scope/constraints.ts";
import { ruled } from "../scope/document/shape.ts";
import type { Constraints } from "../scope/types.ts";
import { type InputFile, inputsSchema } from "./inputs.ts";
import type { Compensation, Params, Validation, When } from "./types.ts";

/** A plan as it is written, its steps not looked at yet. */
export interface PlanFile {
  readonly plan_id: string;
  readonly steps: readonly unknown[];
  readonly constraints?: Constraints | undefined;
  readonly version?: "glovebox/v1" | undefined;
  readonly inputs?: Readonly<Record<string, InputFile>> | undefined;
}

/** A step as it is written. */
export interface StepFile {
  readonly id?: string | undefined;
  readonly action: string;
  readonly params?: Params | undefined;
  readonly validation?: Validation | undefined;
  readonly needs?: readonly string[] | undefined;
  readonly reason?: string | undefined;
  readonly timeout_seconds?: number | undefined;
  readonly fuel?: number | undefined;
  readonly retries?: number | undefined;
  readonly on_error?: "fail" | "continue" | undefined;
  readonly compensate?: Compensation | undefined;
  readonly when?: When | undefined;
  readonly for_each?: ForEachFile | undefined;
}

/** A list to go through, as it is written. */
export interface ForEachFile {
  readonly items: string | readonly unknown[];
  readonly at_most?: number | undefined;
}

const MOST_ENTRIES = 1000;

const params = ruled(z.record(z.string(), z.unknown()), "an object of parameters", '{ "path": "/project/a.txt" }');
const actionName = ruled(
  z.string().regex(/^(?=.{1,200}$)(?:[A-Za-z0-9_-]+\/)?[A-Za-z0-9_.-]+$/),
  'the name of an action, "interface.function" or "publisher/interface.function"',
  '"file.read"',
);
const stepId = ruled(
  z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  "a name of letters, digits, - and _, at most 64",
  '"read"',
);
const extension = ruled(z.string().regex(/^\.[^/]{1,50}$/), "a file extension that starts with a dot", '".log"');

const validation = ruled(
  z.strictObject({
    max_size_mb: megabytes.optional(),
    allowed_extensions: ruled(
      z.array(extension).min(1).max(MOST_ENTRIES),
      "a list of at least one file extension",
      '[".log"]',
    ).optional(),
  }),
  "an object with max_size_mb or allowed_extensions",
  '{ "max_size_mb": 10 }',
);

const compensation = ruled(
  z.strictObject({ action: actionName, params: params.optional() }),
  "an object with an action and its params",
  '{ "action": "mail.recall", "params": {} }',
);

const MOST_ITEMS = 1000;
const LIST_REFERENCE = `\${{ steps.list.output }}`;

const when = ruled(
  z.strictObject({
    step: stepId,
    status: ruled(z.enum(["ran", "failed", "not_run"]), '"ran", "failed" or "not_run"', '"failed"'),
  }),
  "an object with the id of a step and a status",
  '{ "step": "read", "status": "failed" }',
);

const forEach = ruled(
  z.strictObject({
    items: ruled(
      z.union([z.string().max(10_000), z.array(z.unknown()).max(MOST_ITEMS)]),
      `a reference to a list, or a list of at most ${MOST_ITEMS} values`,
      `"${LIST_REFERENCE}"`,
    ),
    at_most: ruled(z.int().min(1).max(MOST_ITEMS), `a whole number from 1 to ${MOST_ITEMS}`, "100").optional(),
  }),
  "an object with items and at_most",
  `{ "items": "${LIST_REFERENCE}", "at_most": 100 }`,
);

/** The schema of one step. */
export const stepSchema: z.ZodType<StepFile> = ruled(
  z.strictObject({
    id: stepId.optional(),
    action: actionName,
    params: params.optional(),
    validation: validation.optional(),
    needs: ruled(z.array(stepId).max(MOST_ENTRIES), "a list of step ids", '["read"]').optional(),
    reason: ruled(z.string().max(10_000), "a text of at most 10000 characters", '"the log is large"').optional(),
    timeout_seconds: seconds.optional(),
    fuel: fuel.optional(),
    retries: ruled(
      z.int().min(0).max(PLAN_LIMITS.retries),
      `a whole number from 0 to ${PLAN_LIMITS.retries}`,
      "2",
    ).optional(),
    on_error: ruled(z.enum(["fail", "continue"]), '"fail" or "continue"', '"continue"').optional(),
    compensate: compensation.optional(),
    when: when.optional(),
    for_each: forEach.optional(),
  }),
  "an object with an action and its params",
  '{ "action": "file.read", "params": { "path": "/project/a.txt" } }',
) as z.ZodType<StepFile>;

const constraints = ruled(
  z.strictObject(constraintFields),
  "an object of constraints",
  '{ "max_duration_seconds": 300 }',
);

/** The schema of a plan, but for its steps. */
export const planSchema: z.ZodType<PlanFile> = ruled(
  z.strictObject({
    plan_id: ruled(
      z.string().regex(/^[\w][\w .:/@-]{0,127}$/),
      "a name of letters, digits, dashes and dots, at most 128",
      '"analyze_logs_001"',
    ),
    steps: ruled(
      z.array(z.unknown()).min(1).max(PLAN_LIMITS.steps),
      `a list of 1 to ${PLAN_LIMITS.steps} steps`,
      '[{ "action": "file.read", "params": { "path": "/project/a.txt" } }]',
    ),
    constraints: constraints.optional(),
    version: ruled(z.literal("glovebox/v1"), '"glovebox/v1"', '"glovebox/v1"').optional(),
    inputs: inputsSchema.optional(),
  }),
  "an object with plan_id, steps and constraints",
  '{ "plan_id": "a-plan", "steps": [{ "action": "file.list", "params": { "path": "/project" } }] }',
);
