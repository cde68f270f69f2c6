// Ctrl-C, as a terminal sends it: to every process of the foreground group at once.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { RunReport } from "../../host/index.ts";
import { treeOf } from "../examples/examples.ts";
import { buildGuest } from "../guests/build.ts";
import { directoryWith, start } from "./glovebox.ts";

const SCOPE = `
scope: interrupted
actions: ["file.*", "test/hostile.*"]
filesystem: [{ path: /project, access: write }]
limits: { fuel: 100_000_000_000_000, step_seconds: 600, duration_seconds: 600 }
`;
const PLAN = `
plan_id: interrupted
steps:
  - { id: write, action: file.write, params: { path: /project/new.txt, text: never committed } }
  - { id: spin, action: test/hostile.spin, timeout_seconds: 600 }
`;

let hostile: Uint8Array;
beforeAll(async () => {
  hostile = await buildGuest("hostile");
});

function workspace(): { readonly directory: string; readonly args: readonly string[] } {
  const directory = directoryWith({ "scope.yaml": SCOPE, "plan.yaml": PLAN });
  const tools = directoryWith({});
  writeFileSync(join(tools, "hostile.wasm"), hostile);
  const files = ["run", join(directory, "plan.yaml"), "--scope", join(directory, "scope.yaml")];
  return { directory, args: [...files, "--tools", tools, "--log", "json"] };
}

/** Resolves when the guest is about to spin. */
function spinning(stderr: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = "";
    stderr.on("data", (chunk: string) => {
      text += chunk;
      if (text.includes('"step.started","step":"spin"')) resolve();
    });
    stderr.on("end", () => reject(new Error(`it ended before the guest span: ${text}`)));
  });
}

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "H3: %s to the whole process group cancels the run and rolls it back; further ones change nothing",
  async (signal) => {
    const { directory, args } = workspace();
    const before = treeOf(directory);
    const { child, ended } = start([...args, "--json"], { detached: true });
    if (child.stderr === null || child.pid === undefined) throw new Error("it did not start");
    await spinning(child.stderr);
    for (let times = 0; times < 3; times++) process.kill(-child.pid, signal);
    const { code, stdout } = await ended;
    const report = JSON.parse(stdout) as RunReport;
    expect(report).toMatchObject({ status: "cancelled", committed: false, rollback: "full", changes: [] });
    expect(report.error).toMatchObject({ code: "CANCELLED" });
    expect(code).toBe(130);
    expect(treeOf(directory)).toEqual(before);
  },
);

test("a person who presses Ctrl-C reads that everything was rolled back", async () => {
  const { args } = workspace();
  const { child, ended } = start(args, { detached: true });
  if (child.stderr === null || child.pid === undefined) throw new Error("it did not start");
  await spinning(child.stderr);
  process.kill(-child.pid, "SIGINT");
  const { code, stdout } = await ended;
  expect(code).toBe(130);
  expect(stdout).toMatch(/^✘ cancelled {2}interrupted: everything was rolled back/);
});

test("a reader of a pipe that goes away is no failure", async () => {
  const { child, ended } = start(["--help"]);
  child.stdout?.destroy();
  expect(await ended).toMatchObject({ code: 0, stderr: "" });
});
