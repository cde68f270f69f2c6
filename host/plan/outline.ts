// What each step of a plan may reach and take, as data to draw or to read. It repeats no verdict: that is the check's.

import type { Action, Effect } from "../contract/types.ts";
import { actionAllowed } from "../scope/actions.ts";
import { grantFor, normalisePath } from "../scope/paths.ts";
import type { Flow, Scope } from "../scope/types.ts";
import { type CallSite, type Context, createContext } from "./check/context.ts";
import { callsOf } from "./check/flow-control.ts";
import { compensationOf, deferrableOf, siteOf, takenBy } from "./check/sites.ts";
import { deferredAmong } from "./deferral.ts";
import { roleOf, stringBreach, stringsIn } from "./rules.ts";
import { literalText } from "./template.ts";
import type { ParsedPlan, Step, When } from "./types.ts";

/** A path or a URL that a step names. */
export interface Reach {
  readonly use: "read" | "write" | "request";
  /** Null when it comes from a result. */
  readonly target: string | null;
  /** Whether the scope allows it; null when that is not known before the run. */
  readonly allowed: boolean | null;
  readonly flow: Flow | null;
}

export interface StepOutline {
  readonly id: string;
  readonly action: string;
  readonly title: string | null;
  /** Whether the scope and the plan's own constraints allow the action. */
  readonly allowed: boolean;
  /** Null for an action that no tool has. */
  readonly effect: Effect | null;
  /** The steps whose results it takes, or that it needs. */
  readonly depends_on: readonly string[];
  /** It waits for those alone, and may run beside other steps. */
  readonly independent: boolean;
  /** It waits until all other steps have succeeded. */
  readonly deferred: boolean;
  readonly when: When | null;
  /** The most that it is called, retries apart; null when it is called once. */
  readonly at_most: number | null;
  readonly retries: number;
  readonly on_error: "fail" | "continue";
  readonly fuel: number | null;
  readonly timeout_seconds: number | null;
  readonly reaches: readonly Reach[];
  /** The action that takes its effect back. */
  readonly compensation: string | null;
}

export interface PlanOutline {
  readonly plan_id: string;
  readonly scope: string;
  readonly fuel: number;
  readonly duration_seconds: number;
  readonly steps: readonly StepOutline[];
}

/** What a plan would do under a scope. Steps that cannot be read are left out. */
export function outline(plan: ParsedPlan, scope: Scope, actions: readonly Action[]): PlanOutline {
  const context = createContext(plan, scope, actions);
  const { limits, name } = context.authority;
  const sites = plan.steps.flatMap((step) => (step === null ? [] : [siteOf(context, step)]));
  const deferred = deferredAmong(
    sites.map((site) => deferrableOf(context, site, takenBy(site), compensationOf(context, site.step, site.action))),
  );
  const steps = sites.map((site, index) => outlineStep(context, site, deferred.has(index)));
  return { plan_id: plan.plan_id, scope: name, fuel: limits.fuel, duration_seconds: limits.duration_seconds, steps };
}

function outlineStep(context: Context, site: CallSite, deferred: boolean): StepOutline {
  const { action, step } = site;
  const reaches =
    action === null ? [] : callsOf(context, site).flatMap((call) => reachesOf(context.authority, action, call.params));
  const { id, when, for_each, retries, on_error, fuel, timeout_seconds } = step;
  return {
    id,
    action: step.action,
    title: action?.title ?? null,
    allowed: actionAllowed(context.authority, step.action),
    effect: action?.effect ?? null,
    depends_on: [...new Set([...step.needs, ...takenBy(site)])],
    independent: step.independent,
    deferred,
    when,
    at_most: for_each?.at_most ?? null,
    retries,
    on_error,
    fuel,
    timeout_seconds,
    reaches: distinct(reaches),
    compensation: compensationOf(context, step, action)?.actionName ?? null,
  };
}

function reachesOf(scope: Scope, action: Action, params: Step["params"]): Reach[] {
  return Object.entries(params).flatMap(([name, value]) => {
    const role = roleOf(action, name);
    if (role === null) return [];
    return stringsIn(value).map(({ text }): Reach => {
      const target = literalText(text);
      const use = role.kind === "path" ? role.use : "request";
      if (target === null) return { use, target, allowed: null, flow: null };
      const path = role.kind === "path" ? normalisePath(target) : null;
      const flow = path === null ? null : (grantFor(scope.filesystem, path)?.flow ?? null);
      return { use, target, allowed: stringBreach(scope, role, target) === null, flow };
    });
  });
}

function distinct(reaches: readonly Reach[]): readonly Reach[] {
  return [...new Map(reaches.map((reach) => [`${reach.use} ${reach.target}`, reach])).values()];
}
