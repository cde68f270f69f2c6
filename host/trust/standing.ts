// What an agent may do by how its runs ended so far: its level, and how one more run moves it.
// It must not know where that is kept, or what a level allows.

import type { RunReport } from "../report.ts";
import type { TrustLevel } from "../scope/types.ts";
import type { TrustEntry, TrustRecord } from "./ledger.ts";

/** The level of an agent in a scope, and the clean runs in a row that it has there. */
export interface Standing {
  readonly level: TrustLevel;
  readonly streak: number;
}

/** What an agent has earned: the first level where that is nothing, or one that the scope no longer has. Null for a scope without levels. */
export function standingOf(levels: readonly TrustLevel[], latest: TrustEntry | null): Standing | null {
  const [first] = levels;
  if (first === undefined) return null;
  const level = levels.find(({ name }) => name === latest?.to);
  return latest === null || level === undefined ? { level: first, streak: 0 } : { level, streak: latest.streak };
}

/** How a run bears on an agent. */
export type Verdict = Pick<TrustRecord, "outcome" | "why" | "from" | "to" | "streak">;

/**
 * Up after enough clean runs in a row, down at once after a violation: what the run tried, or its plan would have done, that its authority does not allow.
 * Null for a run that says nothing: one that was cancelled, or a dry run, or a plan that is merely wrong.
 */
export function judge(report: RunReport, levels: readonly TrustLevel[], { level, streak }: Standing): Verdict | null {
  const denied = denials(report);
  const index = levels.indexOf(level);
  const from = level.name;
  if (denied.length > 0) {
    const to = (levels[index - 1] ?? level).name;
    const move = to === from ? `it stays at ${from}, the lowest level` : `down to ${to}`;
    return { outcome: "violation", why: `${denied.slice(0, 3).join(", ")}: ${move}`, from, to, streak: 0 };
  }
  if (report.status === "failed") {
    const why = `${report.error?.code ?? "FAILED"}: its clean runs are counted from 0 again`;
    return { outcome: "failed", why, from, to: from, streak: 0 };
  }
  if (report.status !== "completed" || !report.committed) return null;
  return { outcome: "clean", from, ...afterCleanRun(level, levels[index + 1], streak + 1) };
}

function afterCleanRun(
  level: TrustLevel,
  above: TrustLevel | undefined,
  clean: number,
): Pick<Verdict, "why" | "to" | "streak"> {
  if (above === undefined) return { why: "a clean run at the highest level", to: level.name, streak: clean };
  const why = `${clean} of ${above.after} clean runs in a row`;
  if (clean < above.after) return { why: `${why} for ${above.name}`, to: level.name, streak: clean };
  return { why: `${why}: up to ${above.name}`, to: above.name, streak: 0 };
}

function denials({ status, steps, findings }: RunReport): readonly string[] {
  if (status !== "rejected")
    return steps.flatMap((step) => step.scope_violations.map(({ code }) => `${code} in step ${step.id}`));
  return findings.filter(({ code }) => DENIALS.has(code)).map(({ code, pointer }) => `${code} at ${pointer}`);
}

const DENIALS: ReadonlySet<string> = new Set([
  "ACTION_DENIED",
  "PATH_DENIED",
  "NET_DENIED",
  "ARGUMENT_DENIED",
  "FLOW_DENIED",
]);
