// A scope that grants a bit of everything, and the shortest ways to a checked plan.

import { type CheckResult, check } from "../../../host/plan/check.ts";
import type { CheckedPlan } from "../../../host/plan/checked-plan.ts";
import { parsePlan } from "../../../host/plan/parse.ts";
import type { CheckReport } from "../../../host/report.ts";
import { parseScope } from "../../../host/scope/parse.ts";
import type { Scope } from "../../../host/scope/types.ts";
import { ACTIONS, sha256 } from "./actions.ts";

const SCOPE = {
  scope: "test",
  actions: ["file.*", "process.*", "http.get", "mail.*", "ticket.*"],
  filesystem: [
    { path: "/var/log", access: "read" },
    { path: "/project", access: "write" },
  ],
  network: [{ host: "*.example.com", paths: ["/api/*"] }],
  limits: { duration_seconds: 100, step_seconds: 30, fuel: 1_000_000, network_requests: 10 },
};

/** The scope above, with some of its keys replaced. */
export function scopeWith(changes: Readonly<Record<string, unknown>> = {}): Scope {
  return parseScope({ value: { ...SCOPE, ...changes } });
}

export interface PlanLike {
  readonly steps: unknown;
  readonly constraints?: unknown;
  readonly [key: string]: unknown;
}

/** Checks a plan value; `plan_id` is filled in. */
export function checkPlan(plan: PlanLike, scope: Scope = scopeWith()): CheckResult {
  return check(parsePlan({ value: { plan_id: "test", ...plan } }), scope, ACTIONS, sha256);
}

/** A plan that the test needs to be accepted. */
export function accepted(plan: PlanLike, scope: Scope = scopeWith()): CheckedPlan {
  const { checked, report } = checkPlan(plan, scope);
  if (checked === null) throw new Error(JSON.stringify(report.findings, null, 2));
  return checked;
}

/** What a reader is told: each message with its hint and its evidence. Hints are sentences, and messages about a step name it. */
export function wordsOf({ findings }: CheckReport): string {
  for (const { message, hint, pointer } of findings) {
    if (/^\/steps\/\d/.test(pointer) && !/step (\d+|"?[\w-]+"?)/.test(message)) throw new Error(`no step: ${message}`);
    if (!/^[A-Z"].*[.?]$/.test(hint)) throw new Error(`no sentence: ${hint}`);
  }
  return findings.map(({ message, hint, evidence }) => `${message}\n    -> ${hint} [${evidence}]`).join("\n");
}

/** How a plan refers to a value. */
export function ref(path: string): string {
  return `\${{ ${path} }}`;
}
