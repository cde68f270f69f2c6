// Guests that catch what is thrown at them: whatever they do then, the first failure stands, and they reach nothing more.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { prepare } from "../../host/component/instantiate.ts";
import { buildEntry, describeEntry } from "../../host/component/tool-entry.ts";
import type { CallReply } from "../../host/contract/call.ts";
import { runCall } from "../../host/executor/run-call.ts";
import { RunClock } from "../../host/executor/run-clock.ts";
import { openRunFiles } from "../../host/executor/run-files.ts";
import { ADMISSION_LIMITS } from "../../host/limits.ts";
import { SUPPORTED_IMPORTS } from "../../host/wasi/index.ts";
import { memoryBase } from "../../sandbox-fs/index.ts";
import { buildText } from "../wasi/support/components.ts";
import { testBudget } from "./support.ts";

const guest = (name: string): string => readFileSync(join(import.meta.dirname, "guests", name), "utf8");

async function goOn(what: number, then: number, name = "swallow"): Promise<CallReply> {
  const component = await buildText(guest(`${name}.wat`), guest(`${name}.wit`));
  const options = { digest: "sha256:", limits: ADMISSION_LIMITS, supportedImports: SUPPORTED_IMPORTS };
  const entry = await buildEntry(component, options);
  const [action] = describeEntry(entry, "swallow", SUPPORTED_IMPORTS).actions;
  if (action === undefined) throw new Error("the guest has no action");
  const clock = new RunClock();
  const setup = { roots: [], mounts: [], environment: {}, seed: "00".repeat(32), writtenBytes: 0 };
  const files = openRunFiles(
    setup,
    () => memoryBase({}),
    () => clock.now(),
  );
  const prepared = prepare(entry.compiled);
  const context = { files, clock, environment: {}, seed: setup.seed, prepare: () => prepared, cpuMs: () => 0 };
  const request = { sequence: 0, clockNs: "0", action, arguments: { what, then }, budget: testBudget };
  return (await runCall(request, context, false)).reply;
}

const failures: readonly (readonly [what: string, number: number, code: string])[] = [
  ["a limit", 0, "HOSTCALL_LIMIT"],
  ["a forged handle", 1, "TRAP"],
  ["a forged handle that it drops", 2, "TRAP"],
  ["its own exit", 3, "GUEST_EXIT"],
  ["a trap of its own allocator", 4, "TRAP"],
  ["a list that its allocator puts beyond its memory", 5, "CANONICAL_ABI"],
  ["bytes outside of its memory", 6, "CANONICAL_ABI"],
];

const sequels: readonly (readonly [then: string, number: number])[] = [
  ["returns", 0],
  ["loops", 1],
  ["exits with success", 2],
  ["writes", 3],
];

const cases = failures.flatMap(([what, number, code]) =>
  sequels.map(([then, next]) => [what, then, code, number, next] as const),
);

test.each(cases)("B9: a guest that catches %s and %s ends in %s", async (_what, _then, code, number, next) => {
  const { outcome, stdout, usage } = await goOn(number, next);
  expect(outcome).toMatchObject({ kind: "critical", error: { code } });
  expect(stdout).toBe("");
  expect(usage.fuel).toBeLessThan(10_000);
});

test("the same guest, when nothing is thrown at it, returns and writes", async () => {
  const { outcome, stdout } = await goOn(99, 3);
  expect(outcome).toEqual({ kind: "ok", output: 42 });
  expect(stdout).toHaveLength("\\0".length * 8 + 8 * 2);
});

const waiting: readonly (readonly [what: string, number: number])[] = [
  ["a failure of the network", 0],
  ["a forged pollable that it waits for", 1],
  ["a forged pollable that it looks at", 2],
];

test.each(waiting.flatMap(([what, number]) => [0, 1].map((then) => [what, number, then] as const)))(
  "B9: a guest that may be suspended catches %s (%i, then %i) and ends in a trap",
  async (_what, number, then) => {
    const { outcome, usage } = await goOn(number, then, "swallow-waiting");
    expect(outcome).toMatchObject({ kind: "critical", error: { code: "TRAP" } });
    expect(usage.fuel).toBeLessThan(10_000);
  },
);

test("the guest that may be suspended returns when nothing is thrown at it", async () => {
  expect((await goOn(99, 0, "swallow-waiting")).outcome).toEqual({ kind: "ok", output: 42 });
});
