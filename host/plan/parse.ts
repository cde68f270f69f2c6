// From the source of a plan to its steps. A broken part does not hide what is wrong with the others.
// It must not know what is allowed.

import type { JsonValue } from "../contract/types.ts";
import { PLAN_LIMITS } from "../limits.ts";
import { child } from "../scope/document/pointer.ts";
import { readDocument } from "../scope/document/read.ts";
import { shape } from "../scope/document/shape.ts";
import type { Problem, Source } from "../scope/document/types.ts";
import { bindInputs } from "./inputs.ts";
import { type ForEachFile, planSchema, type StepFile, stepSchema } from "./schema.ts";
import { substitute, valueAt } from "./substitute.ts";
import type { ForEach, Params, ParsedPlan, Step } from "./types.ts";

type JsonObject = Readonly<Record<string, JsonValue>>;

/**
 * Reads a plan in JSON, YAML or as a value, with `inputs` as the values of its inputs.
 * It never throws for what the plan says: that is in `problems`.
 */
export function parsePlan(source: Source, inputs: Readonly<Record<string, unknown>> = {}): ParsedPlan {
  const document = readDocument(source, PLAN_LIMITS);
  const problems: Problem[] = [...document.problems];
  const { value } = document;
  const plan = value === undefined ? null : salvage(value, "", "the plan", planSchema, problems);
  const bound = new BoundInputs(plan === null ? {} : bindInputs(plan.inputs ?? {}, inputs, problems));
  const steps = Array.isArray(plan?.steps) ? (plan.steps as readonly JsonValue[]) : [];
  const parsed = steps.map((step, index) => {
    // A plan with that many problems is rejected whatever else it holds.
    return problems.length > PLAN_LIMITS.findings ? null : parseStep(step, index, bound, problems);
  });
  const { plan_id = "unnamed", constraints = {} } = plan ?? {};
  return { plan_id, steps: parsed, constraints, inputs: bound.values, problems, document };
}

function parseStep(source: JsonValue, index: number, inputs: BoundInputs, problems: Problem[]): Step | null {
  const pointer = child("/steps", index);
  const name = stepName(source, index);
  const file = salvage(source, pointer, name, stepSchema, problems);
  if (file?.action === undefined) return null;
  return completeStep({ ...file, action: file.action }, index, (value, key) =>
    withInputs(value, inputs, (message) => {
      problems.push({
        pointer: child(pointer, key),
        on: "value",
        message: `${name}: ${key}: ${message}`,
        hint: INPUT_HINT,
      });
    }),
  );
}

const INPUT_HINT = "Correct the reference, or declare the input under inputs of the plan.";

/** P5: the values of inputs, and how much of them may stand in a plan: no more than a plan itself may be. */
class BoundInputs {
  readonly values: Params;
  #left: number = PLAN_LIMITS.sourceBytes;

  constructor(values: Params) {
    this.values = values;
  }

  /** Counts a value that is put in; false when there is no more room. */
  take(value: JsonValue): boolean {
    this.#left -= JSON.stringify(value).length;
    return this.#left >= 0;
  }
}

/** A value of a plan with the values of its inputs in it. */
function withInputs(value: JsonValue, inputs: BoundInputs, report: (message: string) => void): JsonValue {
  return substitute(
    value,
    ({ of, path, text }) => {
      if (of !== "inputs") return undefined;
      const found = valueAt(inputs.values, path);
      if (found === undefined) report(`"\${{ ${text} }}" refers to no input that has a value`);
      if (found === undefined || inputs.take(found)) return found;
      report(`with "\${{ ${text} }}", the plan is larger than ${PLAN_LIMITS.sourceBytes} characters`);
      return undefined;
    },
    ({ text }, why) => report(`"\${{ ${text} }}" cannot stand there: ${why}`),
  );
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
  const told = new Set(problems.map((problem) => problem.pointer)); // what could not even be read has been reported
  problems.push(...shaped.problems.filter((problem) => !told.has(problem.pointer)));
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const broken = new Set(shaped.problems.map((problem) => problem.pointer.slice(pointer.length).split("/")[1]));
  const entries = Object.entries(value as JsonObject).filter(([key]) => !broken.has(child("", key).slice(1)));
  return Object.fromEntries(entries) as Partial<T>;
}

function completeStep(file: StepFile, index: number, fill: (value: JsonValue, key: string) => JsonValue): Step {
  const { compensate } = file;
  const paramsOf = (params: Params = {}, key = "params"): Params => fill(params as JsonValue, key) as Params;
  return {
    id: file.id ?? String(index + 1),
    index,
    action: file.action,
    params: paramsOf(file.params),
    validation: file.validation ?? {},
    needs: file.needs ?? [],
    independent: file.needs !== undefined,
    reason: file.reason ?? null,
    timeout_seconds: file.timeout_seconds ?? null,
    fuel: file.fuel ?? null,
    retries: file.retries ?? 0,
    on_error: file.on_error ?? "fail",
    compensate: compensate === undefined ? null : { ...compensate, params: paramsOf(compensate.params, "compensate") },
    when: file.when ?? null,
    for_each: file.for_each === undefined ? null : completeForEach(file.for_each, fill),
  };
}

function completeForEach({ items, at_most }: ForEachFile, fill: (value: JsonValue, key: string) => JsonValue): ForEach {
  const filled = fill(items as JsonValue, "for_each");
  return { items: filled, at_most: at_most ?? (Array.isArray(filled) ? filled.length : 0) };
}
