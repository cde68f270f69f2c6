import fc from "fast-check";
import { expect, test } from "vitest";
import type { StepResult } from "../../host/hooks.ts";
import type { RunReport } from "../../host/report.ts";
import type { TrustLevel } from "../../host/scope/types.ts";
import type { TrustEntry } from "../../host/trust/ledger.ts";
import { judge, type Standing, standingOf } from "../../host/trust/standing.ts";

const LEVELS: readonly TrustLevel[] = [
  { name: "new", after: 0, constraints: {}, approve: [] },
  { name: "known", after: 3, constraints: {}, approve: [] },
  { name: "trusted", after: 2, constraints: {}, approve: [] },
];

const USAGE = { fuel: 1, cpu_ms: 1, memory_mb: 1, io_operations: 0, io_bytes: 0, host_calls: 0 };

type End = "clean" | "failed" | "violation" | "cancelled" | "dry run" | "rejected" | "denied";

function reportOf(end: End): RunReport {
  const denied = { code: "PATH_DENIED", message: "/etc is outside the scope" } as const;
  const step: StepResult = {
    id: "read",
    action: "file.read",
    status: "ran",
    attempts: 1,
    duration_ms: 1,
    resource_usage: USAGE,
    changes: [],
    scope_violations: end === "violation" ? [denied] : [],
  };
  const finding = {
    code: end === "denied" ? "ACTION_DENIED" : "ARGUMENT_INVALID",
    severity: "error",
    pointer: "/steps/0/action",
    message: "",
    hint: "",
    evidence: "proved",
    file: null,
    line: null,
    column: null,
  } as const;
  const rejected = end === "rejected" || end === "denied";
  const status = rejected ? "rejected" : end === "failed" || end === "cancelled" ? end : "completed";
  return {
    plan_id: "p",
    status,
    steps: [step],
    fuel: 1,
    resource_usage: USAGE,
    duration_ms: 1,
    changes: [],
    committed: end === "clean" || end === "violation",
    dry_run: end === "dry run",
    rollback: null,
    ...(end === "failed" ? { error: { code: "TRAP", message: "unreachable" } } : {}),
    findings: rejected ? [finding] : [],
    trace_id: null,
  };
}

/** What an agent's standing is after its runs ended so. */
function after(...ends: readonly End[]): Standing & { readonly why: string } {
  let latest: TrustEntry | null = null;
  for (const end of ends) {
    const verdict = judge(reportOf(end), LEVELS, standing(latest));
    if (verdict === null) continue;
    latest = { sequence: 1, previous: "", at: "", agent: "a", scope: "s", plan_id: "p", ...verdict } as TrustEntry;
  }
  return { ...standing(latest), why: latest?.why ?? "" };
}

function standing(latest: TrustEntry | null): Standing {
  const found = standingOf(LEVELS, latest);
  if (found === null) throw new Error("there are levels");
  return found;
}

test("an agent begins at the lowest level", () => {
  expect(after()).toMatchObject({ level: { name: "new" }, streak: 0 });
});

test("so many clean runs in a row are one level up, and the count begins again there", () => {
  expect(after("clean", "clean")).toMatchObject({
    level: { name: "new" },
    streak: 2,
    why: "2 of 3 clean runs in a row for known",
  });
  expect(after("clean", "clean", "clean")).toMatchObject({
    level: { name: "known" },
    streak: 0,
    why: "3 of 3 clean runs in a row: up to known",
  });
  expect(after("clean", "clean", "clean", "clean", "clean").level.name).toBe("trusted");
});

test("a failed run begins the count again and moves nothing", () => {
  expect(after("clean", "clean", "failed")).toMatchObject({
    level: { name: "new" },
    streak: 0,
    why: "TRAP: its clean runs are counted from 0 again",
  });
  expect(after("clean", "clean", "clean", "failed").level.name).toBe("known");
});

test("a violation is one level down at once, also in a run that went well, and says what it was", () => {
  expect(after("clean", "clean", "clean", "violation")).toMatchObject({
    level: { name: "new" },
    streak: 0,
    why: "PATH_DENIED in step read: down to new",
  });
  expect(after("violation").why).toBe("PATH_DENIED in step read: it stays at new, the lowest level");
});

test("a plan that asks for what its authority denies is a violation; one that is merely wrong says nothing", () => {
  expect(after("clean", "clean", "clean", "denied")).toMatchObject({
    level: { name: "new" },
    why: "ACTION_DENIED at /steps/0/action: down to new",
  });
  expect(after("clean", "rejected", "cancelled", "dry run", "clean")).toMatchObject({ streak: 2 });
});

test("a level that the scope no longer has is the lowest one", () => {
  const entry = { to: "admin", streak: 9 } as TrustEntry;
  expect(standingOf(LEVELS, entry)).toEqual({ level: LEVELS[0], streak: 0 });
  expect(standingOf([], entry)).toBeNull();
});

test("no history moves an agent by more than one level a run, or beyond the levels that a person wrote", () => {
  const ends = fc.constantFrom<End>("clean", "failed", "violation", "cancelled", "dry run", "rejected", "denied");
  fc.assert(
    fc.property(fc.array(ends, { maxLength: 60 }), (history) => {
      let index = 0;
      for (let length = 1; length <= history.length; length++) {
        const next = LEVELS.indexOf(after(...history.slice(0, length)).level);
        const end = history[length - 1];
        expect(next).toBeGreaterThanOrEqual(0);
        expect(next - index).toBeLessThanOrEqual(end === "clean" ? 1 : 0);
        if (end === "violation" || end === "denied") expect(next).toBe(Math.max(0, index - 1));
        index = next;
      }
    }),
  );
});
