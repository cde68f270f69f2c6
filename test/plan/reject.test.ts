import { expect, test } from "vitest";
import type { RunEvent } from "../../host/hooks.ts";
import { reject } from "../../host/plan/reject.ts";
import { checkPlan, ref } from "./support/documents.ts";

test("a rejected run reports its findings, tells its listeners, and has run nothing", () => {
  const open = { id: "list", action: "file.list", params: { path: "/project" } };
  const write = { action: "file.write", params: { path: "/etc/x", text: ref("steps.list.output[0].name") } };
  const { report } = checkPlan({ steps: [open, write, { ...write, params: { path: "https://x.test/" } }] });
  const events: RunEvent[] = [];
  const listener = { onEvent: (event: RunEvent) => events.push(event), traceId: () => "a".repeat(32) };
  const rejected = reject(report, { now: () => 5, listeners: [listener] });
  expect(rejected).toMatchObject({ status: "rejected", steps: [], fuel: 0, committed: false, rollback: null });
  expect(rejected).toMatchObject({ trace_id: "a".repeat(32), findings: report.findings, dry_run: false });
  expect(rejected.error).toEqual({
    code: "PLAN_REJECTED",
    message: "the plan was rejected with 3 findings; nothing ran",
  });
  expect(events).toEqual([
    {
      at_ms: 0,
      type: "plan.rejected",
      plan_id: "test",
      findings: 3,
      codes: ["ARGUMENT_INVALID", "NET_DENIED", "PATH_DENIED"],
    },
    expect.objectContaining({ type: "plan.ended", status: "rejected", error: rejected.error }),
  ]);
});
