// P3: what one plan wrote is followed into the next plan of the same runtime.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type Glovebox, openGlovebox } from "../../host/index.ts";
import { testCache } from "../support/runs.ts";
import { temporaryDirectory } from "../support/tree.ts";

async function bench(): Promise<{ readonly workspace: string; readonly glovebox: Glovebox }> {
  const workspace = temporaryDirectory();
  mkdirSync(join(workspace, "private"));
  mkdirSync(join(workspace, "out"));
  writeFileSync(join(workspace, "private", "key"), "key=123\n");
  writeFileSync(join(workspace, "open.txt"), "nothing\n");
  const glovebox = await openGlovebox({ workspace, executor: "inline", cacheDirectory: testCache });
  onTestFinished(() => glovebox.close());
  return { workspace, glovebox };
}

const INSIDE = {
  scope: "inside",
  actions: ["file.*"],
  filesystem: [
    { path: "/project", access: "write" },
    { path: "/project/private", access: "read", flow: "private" },
  ],
};
const OUTSIDE = {
  scope: "outside",
  actions: ["file.*", "http.*"],
  filesystem: [{ path: "/data", host: ".", access: "write" }],
  network: [{ host: "api.example.com" }],
  limits: { network_requests: 1 },
};
const read = (path: string): object => ({ id: "src", action: "file.read", params: { path } });
const text = `\${{ steps.src.output[0] }}`;
const copy = (from: string, to: string): object => ({
  value: { plan_id: "copy", steps: [read(from), { action: "file.write", params: { path: to, text } }] },
});
const get = { action: "http.get", params: { url: `https://api.example.com/${text}` } };
const send = (path: string): { value: object } => ({ value: { plan_id: "send", steps: [read(path), get] } });

test("P3: a file that a plan filled from what is private is private for the next plan, whatever its scope calls it", async () => {
  const { workspace, glovebox } = await bench();
  const outside = { value: OUTSIDE, directory: workspace };
  expect(glovebox.check(send("/data/out/copy"), outside).accepted).toBe(true);
  const first = await glovebox.run(copy("/project/private/key", "/project/out/copy") as { value: object }, {
    value: INSIDE,
  });
  expect(first).toMatchObject({
    status: "completed",
    private_files: [{ path: "/project/out/copy", from: '"/project/private/key"' }],
  });
  const second = glovebox.check(send("/data/out/copy"), outside);
  const denied = second.findings.filter(({ severity }) => severity === "error");
  expect(denied).toMatchObject([{ code: "FLOW_DENIED", evidence: "proved", pointer: "/steps/1" }]);
  expect(denied[0]?.message).toContain(
    'data read from "/data/out/copy", which an earlier plan filled from "/project/private/key"',
  );
  expect((await glovebox.run(send("/data/out/copy"), outside)).status).toBe("rejected");
  expect(glovebox.check(send("/data/open.txt"), outside).accepted).toBe(true);
  expect(glovebox.check(send("/data/out"), outside).accepted).toBe(false);
});

test("P3: private data is followed through several plans, and what was rolled back leaves no mark", async () => {
  const { workspace, glovebox } = await bench();
  const outside = { value: OUTSIDE, directory: workspace };
  const dry = await glovebox.run(
    copy("/project/private/key", "/project/out/a") as { value: object },
    { value: INSIDE },
    { dryRun: true },
  );
  expect(dry.private_files).toBeUndefined();
  expect(glovebox.check(send("/data/out/a"), outside).accepted).toBe(true);
  await glovebox.run(copy("/project/private/key", "/project/out/a") as { value: object }, { value: INSIDE });
  await glovebox.run(copy("/data/out/a", "/data/b") as { value: object }, outside);
  expect(glovebox.check(send("/data/b"), outside).accepted).toBe(false);
});
