// A plan without some of its steps: they go, and so does every step that depends on one that goes.
// It must not decide whether what is left may run: it is checked like any other plan.

import type { JsonValue } from "../contract/types.ts";
import { GloveboxError } from "../errors.ts";
import type { CheckedStep } from "./checked-plan.ts";

type PlanValue = { readonly steps: readonly { readonly [key: string]: JsonValue }[] };

export interface Reduced {
  readonly plan: JsonValue;
  /** The ids of all steps that went, in the order of the plan. */
  readonly removed: readonly string[];
}

/**
 * The plan without the steps of these ids. Steps keep the names that others know them by: those without an id get their number as one.
 * Errors: REFERENCE_INVALID for an id that no step has, PLAN_REJECTED when no step is left.
 */
export function withoutSteps(plan: JsonValue, checked: readonly CheckedStep[], ids: readonly string[]): Reduced {
  const known = checked.map(({ step }) => step.id);
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown !== undefined) {
    throw new GloveboxError("REFERENCE_INVALID", `there is no step "${unknown}" to leave out`, {
      hint: `The steps are: ${known.slice(0, 50).join(", ")}.`,
    });
  }
  const gone = new Set(ids);
  for (const { step, dependsOn, takes } of checked) {
    if ([...dependsOn, ...takes].some((id) => gone.has(id))) gone.add(step.id);
  }
  if (gone.size === known.length) {
    const message = `nothing is left of the plan without ${ids.map((id) => `step ${id}`).join(" and ")}`;
    throw new GloveboxError("PLAN_REJECTED", message, { hint: "Discard the run instead." });
  }
  const value = plan as unknown as PlanValue;
  const steps = value.steps.map((step, index) => ({ ...step, id: known[index] ?? String(index + 1) }));
  const left = steps.filter(({ id }) => !gone.has(id));
  return { plan: { ...value, steps: left } as JsonValue, removed: known.filter((id) => gone.has(id)) };
}
