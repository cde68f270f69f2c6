// What the parent makes of a child that a guest has taken over: nothing that it says is believed beyond what can be checked.

import { expect, onTestFinished, test } from "vitest";
import type { Action } from "../../host/contract/types.ts";
import { codeDirectories } from "../../host/directories-node.ts";
import { ChildHandle } from "../../host/executor/child-handle-node.ts";
import { ProcessPool } from "../../host/executor/process-node.ts";
import type { CallRequest, CallResponse, RunSetup } from "../../host/executor/protocol.ts";
import { openRunFiles } from "../../host/executor/run-files.ts";
import { memoryBase } from "../../sandbox-fs/index.ts";
import { testBudget } from "./support.ts";

const action: Omit<Action, "name"> = {
  tool: { name: "lie", digest: "sha256:" },
  export: { interface: null, function: "lie" },
  parameters: [],
  output: { kind: "string" },
  error: {
    kind: "variant",
    name: "refusal",
    cases: [
      { name: "unlucky", type: { kind: "u32" } },
      { name: "bored", type: null },
    ],
  },
  fallible: true,
  effect: "reversible",
  idempotent: false,
  pipe: null,
  paths: {},
  urls: [],
  fuel: null,
  maxExecutionSeconds: null,
  compensate: null,
  title: null,
  description: null,
};

const setup: RunSetup = {
  roots: [{ id: "workspace", hostPath: "/nowhere", writable: true }],
  mounts: [{ guestPath: "/project", root: "workspace", path: "", access: "write", file: false }],
  environment: {},
  seed: "00".repeat(32),
  writtenBytes: 1024,
};

interface Liar {
  call(lie: string, budget?: Partial<CallRequest["budget"]>): Promise<CallResponse>;
  readonly files: ReturnType<typeof openRunFiles>;
  readonly children: readonly ChildHandle[];
}

function openLiar(): Liar {
  const children: ChildHandle[] = [];
  const pool = new ProcessPool(codeDirectories(), {}, (readable) => {
    const child = new ChildHandle([...readable, import.meta.dirname], [], "../../test/executor/lying-child");
    children.push(child);
    return child;
  });
  const files = openRunFiles(
    setup,
    () => memoryBase({ "kept.txt": "kept" }),
    () => 0n,
  );
  const session = pool.open({ setup, files, tools: {} });
  onTestFinished(async () => {
    await session.close();
    pool.close();
  });
  const call: Liar["call"] = (lie, budget = {}) => {
    const request = { sequence: 0, clockNs: "0", arguments: {}, action: { ...action, name: `lie.${lie}` } };
    return session.call(
      { ...request, budget: { ...testBudget, outputBytes: 1024, ...budget } },
      new AbortController().signal,
    );
  };
  return { call, files, children };
}

const lies = [
  "other-type",
  "too-long",
  "no-such-case",
  "wrong-payload",
  "no-payload",
  "commit-code",
  "cancelled-code",
  "failed-as-cancelled",
  "cyclic-data",
  "odd-data",
  "negative-usage",
  "nan-usage",
  "missing-usage",
  "more-properties",
  "many-violations",
  "negative-time",
  "endless-time",
  "no-layer",
  "broken-layer",
  "another-answer",
  "a-request",
  "no-message",
  "a-prototype",
  "long-message",
  "garbage",
  "no-text",
  "exit",
];

test.concurrent.each(lies)("B16: a child that lies (%s) is ended, and the call with it", async (lie) => {
  const { call, files, children } = openLiar();
  expect((await call(lie)).reply.outcome).toMatchObject({ kind: "critical", error: { code: "EXECUTOR_LOST" } });
  expect(children.map(({ alive }) => alive)).toEqual([false]);
  expect([files.writable?.diff(), ({} as Record<string, unknown>).self]).toEqual([[], undefined]);
});

test("B16: after a child that lied, the next call is answered by another", async () => {
  const { call, children } = openLiar();
  await call("garbage");
  expect((await call("honest")).reply.outcome).toEqual({ kind: "ok", output: "fine" });
  expect((await call("honest-error")).reply.outcome).toEqual({ kind: "error", case: "unlucky", payload: 7 });
  expect(children).toHaveLength(2);
});

test("B16: a second answer, which nobody asked for, ends the child", async () => {
  const { call, children } = openLiar();
  expect((await call("two-answers")).reply.outcome.kind).toBe("ok");
  await expect.poll(() => children[0]?.alive).toBe(false);
});

test("B16: a child that says nothing ends at the deadline", async () => {
  const { call, children } = openLiar();
  await call("honest");
  const { outcome } = (await call("silent", { timeoutMs: 100 })).reply;
  expect(outcome).toMatchObject({ kind: "critical", error: { code: "DEADLINE_EXCEEDED" } });
  expect(children[0]?.alive).toBe(false);
});

test.skipIf(process.platform !== "linux")(
  "B4: a child that takes more memory than a guest could is ended",
  async () => {
    const { call, children } = openLiar();
    const { outcome } = (await call("hoard", { memoryBytes: 1024 * 1024 })).reply;
    expect(outcome).toMatchObject({ kind: "critical", error: { code: "MEMORY_LIMIT" } });
    expect(children[0]?.alive).toBe(false);
  },
);
