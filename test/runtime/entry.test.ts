// What a program that embeds Glovebox can get wrong, and what it is told.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openGlovebox, type Source } from "../../host/index.ts";
import { openBench } from "../support/runs.ts";
import { temporaryDirectory } from "../support/tree.ts";

const plan = { value: { plan_id: "test", steps: [{ action: "file.list", params: { path: "/project" } }] } };
const scope = (filesystem: readonly object[]): Source => ({ value: { scope: "test", actions: ["*"], filesystem } });

test("options without a workspace are refused", async () => {
  const nothing = {} as { workspace: string };
  await expect(openGlovebox(nothing)).rejects.toMatchObject({ code: "USAGE_INVALID" });
});

test("a plan or a scope that is no source is refused, and told how to be one", async () => {
  const { glovebox } = await openBench("inline");
  const bare = plan.value as unknown as Source;
  expect(() => glovebox.check(bare, scope([]))).toThrow("the plan must be { file, text } or { value }");
  await expect(glovebox.run(plan, undefined as unknown as Source)).rejects.toMatchObject({ code: "USAGE_INVALID" });
});

test("a runtime that was closed runs nothing any more", async () => {
  const { glovebox } = await openBench("inline");
  await glovebox.close();
  await expect(glovebox.run(plan, scope([]))).rejects.toMatchObject({ code: "STATE_INVALID" });
});

test("check refuses a scope that run would refuse: a grant that leads nowhere, and writing outside of the workspace", async () => {
  const { glovebox } = await openBench("inline");
  const nowhere = scope([{ path: "/project", host: "/no/such/place", access: "read" }]);
  expect(() => glovebox.check(plan, nowhere)).toThrow("there is nothing at /no/such/place");
  const outside = scope([{ path: "/project", host: temporaryDirectory(), access: "write" }]);
  expect(() => glovebox.check(plan, outside)).toThrow("which lies outside the workspace");
});

test("a cache that cannot be written is one clear error, also where Node's own mkdir never ends", async () => {
  const workspace = temporaryDirectory();
  mkdirSync(join(workspace, "kept"));
  for (const cacheDirectory of ["/dev/null/cache", "/proc/nope/cache"]) {
    const opening = openGlovebox({ workspace, cacheDirectory });
    await expect(opening).rejects.toMatchObject({ code: "CACHE_UNWRITABLE" });
  }
});

test("a step without fuel left says how much it had, and a failed action why", async () => {
  const { run } = await openBench("inline");
  const starved = await run([{ action: "file.list", params: { path: "/project" }, fuel: 100 }]);
  expect(starved.error).toMatchObject({ code: "FUEL_EXHAUSTED", data: { budget: 100 } });
  expect(starved.error?.message).toContain("it had 100");
  const broken = await run([{ action: "process.filter", params: { text: [], pattern: "(" } }]);
  expect(broken.steps[0]?.error?.message).toMatch(/invalid_pattern: position 0, reason ".+"/);
});
