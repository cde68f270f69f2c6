// Does what the steps ask for add up to no more than the plan may spend?

import { COMPENSATION_SHARE, compensationFor, isExternal } from "../effects.ts";
import { retryDelayMs } from "../retry.ts";
import type { Step } from "../types.ts";
import { type Context, nameOf } from "./context.ts";
import { mostCalls } from "./flow-control.ts";

type Kind = "timeout_seconds" | "fuel";

interface Bound {
  readonly most: number;
  /** Who says so. */
  readonly rule: string;
}

/** Reports steps that ask for more than the plan has, and sums that do. */
export function checkBudgets(context: Context): void {
  const { limits } = context.authority;
  const time = bound(context, "duration_seconds", "max_duration_seconds");
  const fuel = bound(context, "fuel", "max_fuel");
  const oneStep = { most: limits.step_seconds, rule: `step_seconds of the scope is ${limits.step_seconds}` };
  for (const step of context.plan.steps) {
    if (step === null) continue;
    checkOne(context, step, "timeout_seconds", oneStep.most < time.most ? oneStep : time);
    checkOne(context, step, "fuel", fuel);
  }
  checkSum(context, "timeout_seconds", time);
  checkSum(context, "fuel", fuel);
}

function bound(
  context: Context,
  limit: "duration_seconds" | "fuel",
  constraint: "max_duration_seconds" | "max_fuel",
): Bound {
  const all = context.authority.limits[limit];
  const own = context.scope.limits[limit] === all ? `${limit} of the scope` : `${constraint} of the plan`;
  if (!hasCompensations(context)) return { most: all, rule: `${own} is ${all}` };
  const most = all * (1 - COMPENSATION_SHARE);
  return { most, rule: `${own} is ${all}, of which ${most} is for the steps and the rest for compensations` };
}

function hasCompensations(context: Context): boolean {
  return context.plan.steps.some((step) => {
    const action = step === null ? undefined : context.actions.get(step.action);
    return step !== null && action !== undefined && isExternal(action) && compensationFor(step, action) !== null;
  });
}

function checkOne(context: Context, step: Step, kind: Kind, { most, rule }: Bound): void {
  const asked = step[kind];
  if (asked === null || asked <= most) return;
  context.findings.error({
    code: "BUDGET_EXCEEDED",
    pointer: `/steps/${step.index}/${kind}`,
    message: `${nameOf(step)} (${step.action}): ${kind} is ${asked}, and ${rule}`,
    hint: `Lower ${kind} to ${most} or less.`,
  });
}

/** The worst case: every step that names its budget spends it in every attempt. */
function checkSum(context: Context, kind: Kind, { most, rule }: Bound): void {
  const steps = context.plan.steps.filter((step) => step !== null && step[kind] !== null) as readonly Step[];
  const sum = steps.reduce((total, step) => total + worstCase(step, kind), 0);
  // One step alone has its own finding.
  if (sum <= most || steps.some((step) => (step[kind] ?? 0) > most)) return;
  const items = steps.some((step) => step.for_each !== null) ? " and items" : "";
  const retried = items === "" && steps.every((step) => step.retries === 0) ? "" : `, retries${items} included`;
  context.findings.error({
    code: "BUDGET_EXCEEDED",
    pointer: "/steps",
    message: `the plan: ${kind} of its steps adds up to ${sum}${retried}, and ${rule}`,
    hint: `Lower ${kind} of some steps, or leave it out where it does not matter.`,
  });
}

function worstCase(step: Step, kind: Kind): number {
  const spent = (step[kind] ?? 0) * mostCalls(step);
  if (kind === "fuel") return spent;
  let waited = 0;
  for (let attempt = 1; attempt <= step.retries; attempt += 1) waited += retryDelayMs(attempt);
  return spent + ((step.for_each?.at_most ?? 1) * waited) / 1000;
}
