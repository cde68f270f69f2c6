// The trust of agents in the runs of one machine: which part of a scope an agent has, and how the end of a run changes that.
// It must not know how runs are run.

import { GloveboxError } from "../errors.ts";
import type { RunReport } from "../report.ts";
import { atLevel } from "../scope/trust.ts";
import type { Scope } from "../scope/types.ts";
import type { TrustEntry, TrustRecord } from "./ledger.ts";
import { judge, standingOf } from "./standing.ts";

/** Where entries are kept. */
export interface Ledger {
  latest(agent: string, scope: string): TrustEntry | null;
  append(agent: string, scope: string, record: (latest: TrustEntry | null) => TrustRecord | null): void;
}

/** What the scope allows this agent: all of it where the scope has no levels, and what the lowest allows to one without a name. Errors: USAGE_INVALID for a name that is none, TRUST_LEDGER_INVALID. */
export function scopeFor(scope: Scope, agent: string | null, ledger: Ledger): Scope {
  if (agent !== null && !AGENT.test(agent)) throw badName(agent);
  if (scope.trust.length === 0) return scope;
  const standing = standingOf(scope.trust, agent === null ? null : ledger.latest(agent, scope.name));
  return standing === null ? scope : atLevel(scope, standing.level);
}

/** Records how a run of an agent ended, where that says something about it. Errors: TRUST_LEDGER_INVALID. */
export function recordRun(scope: Scope, agent: string | null, report: RunReport, at: Date, ledger: Ledger): void {
  if (agent === null || scope.trust.length === 0) return;
  ledger.append(agent, scope.name, (latest) => {
    const standing = standingOf(scope.trust, latest);
    const verdict = standing === null ? null : judge(report, scope.trust, standing);
    if (verdict === null) return null;
    return { at: at.toISOString(), agent, scope: scope.name, plan_id: report.plan_id, ...verdict };
  });
}

const AGENT = /^[A-Za-z0-9][\w.@:/-]{0,127}$/;

function badName(agent: string): GloveboxError {
  const message = `${JSON.stringify(agent.slice(0, 200))} is no name of an agent`;
  return new GloveboxError("USAGE_INVALID", message, { hint: "use letters, digits and . _ - @ : /, at most 128" });
}
