// From the source of a plan to its steps. A broken part does not hide what is wrong with the others.
// It must not know what is allowed.

import type { JsonValue } from "../contract/types.ts";
import { PLAN_LIMITS } from "../limits.ts";
import { child } from "../scope/document/pointer.ts";
import { readDocument } from "../scope/document/read.ts";
import { shape } from "../scope/document/shape.ts";
import type { Problem, Source } from "../scope/document/types.ts";
import { planSchema, type StepFile, stepSchema } from "./schema.ts";
import type { ParsedPlan, Step } from "./types.ts";

type JsonObject = Readonly<Record<string, JsonValue>>;

/** Reads a plan in JSON, YAML or as a value. It never throws for what the plan says: that is in `problems`. */
export function parsePlan(source: Source): ParsedPlan {
  const document = readDocument(source, PLAN_LIMITS);
  const problems: Problem[] = [...document.problems];
  const { value } = document;
  const plan = value === undefined ? null : salvage(value, "", "the plan", planSchema, problems);
  const steps = Array.isArray(plan?.steps) ? (plan.steps as readonly JsonValue[]) : [];
  const parsed = steps.map((step, index) => {
    // A plan with that many problems is rejected whatever else it holds.
    return problems.length > PLAN_LIMITS.findings ? null : parseStep(step, index, problems);
  });
  const { plan_id = "unnamed", constraints = {} } = plan ?? {};
  return { plan_id, steps: parsed, constraints, problems, document };
}

function parseStep(source: JsonValue, index: number, problems: Problem[]): Step | null {
  const pointer = child("/steps", index);
  const file = salvage(source, pointer, stepName(source, index), stepSchema, problems);
  return file?.action === undefined ? null : completeStep({ ...file, action: file.action }, index);
}

/** How messages name a step: by its own id, or by its number. */
function stepName(source: JsonValue, index: number): string {
  const id = typeof source === "object" && source !== null && "id" in source ? source.id : undefined;
  return typeof id === "string" && /^[\w-]{1,64}$/.test(id) ? `step "${id}"` : `step ${index + 1}`;
}

/** What can be used of `value`: all of it, or the keys that have nothing wrong with them. Null when it is no object. */
function salvage<T>(
  value: JsonValue,
  pointer: string,
  what: string,
  schema: Parameters<typeof shape<T>>[0],
  problems: Problem[],
): Partial<T> | null {
  const shaped = shape(schema, value, pointer, what);
  if (shaped.ok) return shaped.value;
  problems.push(...shaped.problems);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const broken = new Set(shaped.problems.map((problem) => problem.pointer.slice(pointer.length).split("/")[1]));
  const entries = Object.entries(value as JsonObject).filter(([key]) => !broken.has(child("", key).slice(1)));
  return Object.fromEntries(entries) as Partial<T>;
}

function completeStep(file: StepFile, index: number): Step {
  const { compensate } = file;
  return {
    id: file.id ?? String(index + 1),
    index,
    action: file.action,
    params: file.params ?? {},
    validation: file.validation ?? {},
    needs: file.needs ?? [],
    reason: file.reason ?? null,
    timeout_seconds: file.timeout_seconds ?? null,
    fuel: file.fuel ?? null,
    retries: file.retries ?? 0,
    on_error: file.on_error ?? "fail",
    compensate: compensate === undefined ? null : { action: compensate.action, params: compensate.params ?? {} },
  };
}
