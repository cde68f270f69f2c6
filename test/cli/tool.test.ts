import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { newTool } from "../../tools-wasm/sdk/template.ts";
import { buildInMemory } from "../sdk/echo.ts";
import { temporaryDirectory } from "../support/tree.ts";
import { directoryWith, inProcess } from "./glovebox.ts";

const PLAN = "plan_id: p\nsteps: [{ action: acme/sums.total }]\n";
const SCOPE = "scope: s\nactions: [acme/sums.total]\n";

async function sums(result: string): Promise<Uint8Array> {
  const wit = `package acme:x; interface sums { total: func() -> ${result}; } world w { export sums; }`;
  return buildInMemory(wit, { "sums.ts": `export function total(): ${result} { return 3; }` });
}

let small: Uint8Array;
let large: Uint8Array;
beforeAll(async () => {
  small = await sums("u8");
  large = await sums("u64");
});

/** The folder of a new tool. */
async function toolFolder(): Promise<string> {
  const folder = join(temporaryDirectory(), "words");
  await newTool(folder, "acme", "words");
  return folder;
}

test("a new tool is built beside its sources, the same bytes each time, and its examples pass", async () => {
  const folder = await toolFolder();
  expect(await inProcess(["tool", "test", folder])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("3 examples, each run twice: all as expected"),
  });
  expect((await inProcess(["tool", "build", folder])).code).toBe(0);
  const first = readFileSync(join(folder, "words.wasm"));
  expect((await inProcess(["tool", "build", folder, "--json"])).code).toBe(0);
  expect(readFileSync(join(folder, "words.wasm")).equals(first)).toBe(true);
  const { stdout } = await inProcess(["tool", "inspect", join(folder, "words.wasm"), "--typescript"]);
  expect(stdout).toContain("export type AcmeWordsMostFrequentError =");
});

test("an example that goes another way is told apart, and ends the command with 1", async () => {
  const folder = await toolFolder();
  const manifest = readFileSync(join(folder, "tool.yaml"), "utf8");
  writeFileSync(
    join(folder, "tool.yaml"),
    manifest
      .replace("times: 3", "times: 4")
      .replace("error: empty", "error: { too_many: 1 }")
      .replace("too_many: 5000", "too_many: 5001"),
  );
  const { code, stdout } = await inProcess(["tool", "test", folder]);
  expect(code).toBe(1);
  expect(stdout).toContain('it gave [{"word":"two","times":3}] and was expected to give [{"word":"two","times":4}]');
  expect(stdout).toContain('it failed with {"empty":null} and was expected to fail with {"too_many":1}');
  expect(stdout).toContain("3 not as expected");
});

test("mistakes in an author's files are shown with their place, whichever file it is", async () => {
  const folder = await toolFolder();
  const change = async (file: string, from: string, to: string): Promise<string> => {
    const path = join(folder, file);
    const before = readFileSync(path, "utf8");
    writeFileSync(path, before.replace(from, to));
    const { code, stderr } = await inProcess(["tool", "build", folder]);
    writeFileSync(path, before);
    expect(code).toBeGreaterThan(0);
    return stderr;
  };
  expect(await change("assembly/words.ts", "most.or(MOST)", "most")).toMatch(/^assembly\/words\.ts:\d+:\d+ /);
  expect(await change("wit/tool.wit", "record frequency {", "record frequency")).toMatch(/^wit\/tool\.wit:\d+:\d+ /);
  expect(await change("tool.yaml", "actions:", "actions: [")).toMatch(/^tool\.yaml:\d+:\d+ /);
  expect(await change("tool.yaml", "effect: pure", "effect: none")).toContain("effect");
});

test("a tool that is not the locked one any more is refused with what is different, before anything runs", async () => {
  const directory = directoryWith({ "plan.yaml": PLAN, "scope.yaml": SCOPE, "sums.wasm": small });
  const file = (name: string): string => join(directory, name);
  writeFileSync(file("lock.json"), (await inProcess(["tool", "lock", file("sums.wasm")])).stdout);
  const check = [
    "check",
    file("plan.yaml"),
    "--scope",
    file("scope.yaml"),
    "--tools",
    file("sums.wasm"),
    "--lock",
    file("lock.json"),
  ];
  expect((await inProcess(check)).code).toBe(0);
  writeFileSync(file("sums.wasm"), large);
  const { code, stderr } = await inProcess(check);
  expect(code).toBe(64);
  expect(stderr).toMatch(/the tool acme\/echo is another one[\s\S]*sums\.total\(\) -> u8[\s\S]*sums\.total\(\) -> u64/);
});

test("a lock that is missing or no JSON says so", async () => {
  const directory = directoryWith({ "plan.yaml": PLAN, "scope.yaml": SCOPE, "lock.json": "{" });
  const check = ["check", join(directory, "plan.yaml"), "--scope", join(directory, "scope.yaml"), "--lock"];
  expect(await inProcess([...check, join(directory, "lock.json")])).toMatchObject({
    code: 64,
    stderr: expect.stringContaining("it is not JSON"),
  });
  expect(await inProcess([...check, join(directory, "none.json")])).toMatchObject({
    code: 64,
    stderr: expect.stringContaining("no such file"),
  });
});
