import { expect, test } from "vitest";
import { GloveboxError } from "../../host/errors.ts";
import type { ApprovalAnswer, ApprovalRequest } from "../../host/plan/approval.ts";
import { accepted, checkPlan, ref, scopeWith } from "./support/documents.ts";
import { failed, run } from "./support/fake-caller.ts";

const write = { id: "write", action: "file.write", params: { path: "/project/new", text: "x" } };
const mail = { id: "mail", action: "mail.send", params: { to: "a@b", text: "x" }, reason: "the user asked" };
const scope = scopeWith({ approve: ["mail.*"] });
const plan = accepted({ steps: [write, mail] }, scope);

async function answered(answer: (request: ApprovalRequest) => ApprovalAnswer, of = plan) {
  const requests: ApprovalRequest[] = [];
  const ran = await run(of, {
    approve: async (request) => {
      requests.push(request);
      return answer(request);
    },
  });
  return { ...ran, requests };
}

const yes = ({ hash }: ApprovalRequest): ApprovalAnswer => ({ approved: true, hash });

test("a call that the scope wants approved is asked about with all that it will do, and then made", async () => {
  const { report, requests, log } = await answered(yes);
  expect(report.status).toBe("completed");
  expect(log).toEqual(["call file.write", "diff", "call mail.send", "diff", "commit"]);
  const [request] = requests;
  expect(request).toMatchObject({
    step: "mail",
    item: null,
    action: "mail.send",
    digest: `sha256:${"0".repeat(64)}`,
    arguments: { to: "a@b", text: "x" },
    effect: "irreversible",
    reason: "the user asked",
    changes: [{ path: "/project/new" }],
  });
  expect(request?.hash).toMatch(/^sha256:[0-9a-f]{64}$/);
});

test("P10: an approval is bound to the plan, the step, its item, the arguments and the tool", async () => {
  const hashOf = async (steps: readonly object[], id = "test"): Promise<readonly string[]> =>
    (await answered(yes, accepted({ steps, plan_id: id }, scope))).requests.map(({ hash }) => hash);
  const [first] = await hashOf([mail]);
  expect(await hashOf([mail])).toEqual([first]);
  const others = await Promise.all([
    hashOf([mail], "other"),
    hashOf([{ ...mail, id: "again" }]),
    hashOf([{ ...mail, params: { to: "a@c", text: "x" } }]),
  ]);
  expect(new Set([first, ...others.flat()]).size).toBe(4);
  const { report, log } = await answered(() => ({ approved: true, hash: String(first) }));
  expect(report.error).toMatchObject({ code: "APPROVAL_DENIED", message: expect.stringContaining("another call") });
  expect(log).not.toContain("call mail.send");
});

test("each item of a step is approved by itself, each attempt is not", async () => {
  const read = {
    action: "file.read",
    params: { path: ref("item") },
    for_each: { items: ["/project/a", "/project/a"] },
    retries: 1,
  };
  const each = accepted({ steps: [read] }, scopeWith({ approve: ["file.read"] }));
  const requests: ApprovalRequest[] = [];
  await run(each, {
    approve: async (request) => {
      requests.push(request);
      return yes(request);
    },
    tools: { "file.read": (_, attempt) => (attempt === 1 ? failed() : { kind: "ok", output: [] }) },
  });
  expect(requests.map(({ item }) => item)).toEqual([0, 1]);
  expect(new Set(requests.map(({ hash }) => hash)).size).toBe(2);
});

test("a call that is refused, or that nobody can approve, is not made, and the plan is rolled back", async () => {
  const refused = await answered(({ hash }) => ({ approved: false, hash, reason: "not today" }));
  expect(refused.report).toMatchObject({ status: "failed", rollback: "full", error: { code: "APPROVAL_DENIED" } });
  expect(refused.report.error?.message).toContain("not today");
  const alone = await run(plan);
  expect(alone.report.error).toMatchObject({ code: "APPROVAL_REQUIRED" });
  expect(alone.log).toEqual(["call file.write", "discard"]);
});

test("what asking throws ends the run with its own code", async () => {
  const { report } = await run(plan, {
    approve: async () => {
      throw new GloveboxError("STATE_INVALID", "the desk is closed");
    },
  });
  expect(report.error).toMatchObject({ code: "STATE_INVALID" });
});

test("the time that people take is not the plan's", async () => {
  const waiting = accepted({ steps: [mail] }, scopeWith({ approve: ["mail.*"], limits: { duration_seconds: 1 } }));
  let nowMs = 0;
  const { report } = await run(waiting, {
    clock: () => nowMs,
    approve: async (request) => {
      nowMs += 60_000;
      return yes(request);
    },
  });
  expect(report.status).toBe("completed");
});

test("a check names each step that will wait", () => {
  const { report } = checkPlan({ steps: [write, mail] }, scope);
  expect(report.findings).toEqual([
    expect.objectContaining({ code: "APPROVAL_REQUIRED", severity: "note", pointer: "/steps/1", evidence: "proved" }),
  ]);
  expect(report.findings[0]?.message).toContain('step "mail" (mail.send): it waits until a person approves it');
});
