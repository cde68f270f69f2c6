// Components that no one here prepared for us: from plain JavaScript, and from C with its standard library.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inspectTool } from "../../host/index.ts";
import { buildGuest, guestUnavailable } from "../guests/build.ts";
import { openBench } from "../support/runs.ts";
import { temporaryDirectory } from "../support/tree.ts";

const noC = guestUnavailable("c");
if (noC !== null) process.stderr.write(`skipped: the tool in C: ${noC}\n`);

async function inspectGuest(name: "javascript" | "c"): Promise<readonly string[]> {
  const file = join(temporaryDirectory(), `${name}.wasm`);
  writeFileSync(file, await buildGuest(name));
  return (await inspectTool(file)).actions.map((action) => action.signature);
}

test("a tool in plain JavaScript shows its actions", async () => {
  const signatures = await inspectGuest("javascript");
  expect(signatures).toContain("example/words.frequencies(text: list<string>, most?: u32) -> list<frequency>");
  expect(signatures).toContain("example/words.slug(text: string) -> string ! words-error");
});

test("a tool in plain JavaScript runs in a plan, and takes a pipe", async () => {
  const { run } = await openBench("process", ["javascript"]);
  const report = await run([
    { action: "file.read", params: { path: "/project/kept/a.txt" } },
    { action: "example/words.frequencies" },
  ]);
  expect(report.error).toBeUndefined();
  expect(report.steps[1]?.output).toEqual([
    { word: "one", times: 1 },
    { word: "three", times: 1 },
    { word: "two", times: 1 },
  ]);
});

test("an allowed failure of a JavaScript tool is data: its case and its payload", async () => {
  const { run } = await openBench("process", ["javascript"]);
  const report = await run([{ action: "example/words.slug", params: { text: "!!!" } }]);
  expect(report.steps[0]?.error).toMatchObject({ code: "ACTION_FAILED", data: { case: "empty" } });
});

test.skipIf(noC !== null)("a tool in C shows its actions", async () => {
  expect(await inspectGuest("c")).toEqual([
    "example/notes.append(path: string, line: string) ! notes-error",
    "example/notes.measure(path: string) -> size ! notes-error",
  ]);
});

test.skipIf(noC !== null)("a tool in C writes and reads files in a plan through stdio", async () => {
  const { run } = await openBench("process", ["c"]);
  const path = "/project/notes.txt";
  const report = await run([
    { action: "example/notes.append", params: { path, line: "first" } },
    { action: "example/notes.append", params: { path, line: "second" } },
    { action: "example/notes.measure", params: { path } },
  ]);
  expect(report.error).toBeUndefined();
  expect(report.steps[2]?.output).toEqual({ lines: 2, bytes: 13 });
  expect(report.changes.map(({ kind, path: changed }) => `${kind} ${changed}`)).toEqual(["added /project/notes.txt"]);
});
