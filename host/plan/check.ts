// Checks a whole plan before anything of it runs: every problem at once, in source order.
// It must not run anything.

import type { Action } from "../contract/types.ts";
import type { CheckReport, PrivateFile } from "../report.ts";
import type { Scope } from "../scope/types.ts";
import { canonicalJson } from "./canonical.ts";
import { checkAction } from "./check/actions.ts";
import { noteApproval } from "./check/approvals.ts";
import { checkArguments } from "./check/arguments.ts";
import { checkBranches, type Sighted } from "./check/branches.ts";
import { checkBudgets } from "./check/budgets.ts";
import { checkCallCounts, checkCallRules } from "./check/call-rules.ts";
import { type CallSite, type Context, createContext } from "./check/context.ts";
import { FlowCheck } from "./check/flow.ts";
import { callsOf, checkForEach, checkWhen } from "./check/flow-control.ts";
import { checkEffects, checkIds } from "./check/order.ts";
import { notePatterns } from "./check/patterns.ts";
import { checkReach } from "./check/reach.ts";
import { compensationOf, deferrableOf, siteOf, stepsReferredTo, takenBy } from "./check/sites.ts";
import { checkValidation } from "./check/validation.ts";
import { type CheckedCall, CheckedPlan, type CheckedStep } from "./checked-plan.ts";
import { type Deferrable, deferredAmong } from "./deferral.ts";
import type { ParsedPlan, Step } from "./types.ts";

/** The sha256 of a text's UTF-8 bytes, as 64 hex digits. Handed in, since the core runs where there is no `node:crypto`. */
export type Sha256 = (text: string) => string;

export interface CheckResult {
  readonly report: CheckReport;
  /** Null when the plan is rejected. */
  readonly checked: CheckedPlan | null;
}

/**
 * Checks a plan against a scope and the actions that there are. What is accepted fails only for reasons that its notes, limits or tools name.
 * `privateFiles` are those that earlier plans filled with private data.
 */
export function check(
  plan: ParsedPlan,
  scope: Scope,
  actions: readonly Action[],
  sha256: Sha256,
  privateFiles: readonly PrivateFile[] = [],
): CheckResult {
  const context = createContext(plan, scope, actions);
  notePatterns(context);
  for (const problem of plan.problems) context.findings.error({ code: "PLAN_INVALID", ...problem });
  const flow = new FlowCheck(context, privateFiles);
  const looked = plan.steps.map((step) =>
    step === null || context.findings.full ? null : checkStep(context, flow, step),
  );
  checkBranches(context, looked);
  checkIds(context);
  const deferred = deferredAmong(looked.map((one) => one?.deferrable ?? null));
  checkEffects(context, deferred);
  checkBudgets(context);
  checkCallCounts(context);
  const findings = context.findings.report(plan.document);
  const { accepted } = context.findings;
  const report = { plan_id: plan.plan_id, accepted, findings };
  const { value } = plan.document;
  if (!accepted || value === undefined) return { report, checked: null };
  const content = {
    plan_id: plan.plan_id,
    hash: `sha256:${sha256(canonicalJson(Object.keys(plan.inputs).length === 0 ? value : { plan: value, inputs: plan.inputs }))}`,
    authority: context.authority,
    steps: looked.flatMap((one, index) => (one?.checked ? { ...one.checked, deferred: deferred.has(index) } : [])),
    privateFiles,
    notes: findings,
  };
  return { report, checked: new CheckedPlan(content) };
}

interface Looked extends Sighted {
  /** The step, ready to run; null when something is wrong with it. */
  readonly checked: Omit<CheckedStep, "deferred"> | null;
  readonly deferrable: Deferrable;
}

function checkStep(context: Context, flow: FlowCheck, step: Step): Looked {
  const bare = siteOf(context, step);
  const site = { ...bare, item: checkForEach(context, bare) };
  checkWhen(context, step);
  const takes = takenBy(site);
  const sources = step.when === null ? takes : [...takes, step.when.step];
  const calls = callsOf(context, site);
  for (const call of calls) {
    checkCall(context, call);
    flow.check(call, sources);
  }
  checkValidation(context, site);
  noteApproval(context, site);
  const compensation = compensationOf(context, step, site.action);
  if (compensation !== null) {
    checkCall(context, compensation);
    flow.check(compensation, [step.id, ...sources, ...stepsReferredTo(compensation.params)]);
  }
  const dependsOn = [...new Set([...step.needs, ...takes])];
  const taken = { step, params: site.params, dependsOn, takes: sources };
  const taking = compensation === null ? null : callOf(compensation);
  return {
    calls,
    sources,
    deferrable: deferrableOf(context, site, takes, compensation),
    checked: site.action === null ? null : { ...taken, action: site.action, compensation: taking },
  };
}

function checkCall(context: Context, site: CallSite): void {
  checkAction(context, site);
  checkArguments(context, site);
  checkReach(context, site);
  checkCallRules(context, site);
}

function callOf({ action, params }: CallSite): CheckedCall | null {
  return action === null ? null : { action, params };
}
