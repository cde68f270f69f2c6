// B3, B17: fuel, results, traps, memory and depth are the same in every tier of V8, and on Bun and Deno where GLOVEBOX_BUN and
// GLOVEBOX_DENO name them.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { DEEP_MODULES } from "./deep-modules.ts";
import { call, instantiate, SCHEMES, wat } from "./support.ts";

const SCRIPT = fileURLToPath(new URL("engines.ts", import.meta.url));

async function digest(command: string, flags: readonly string[]): Promise<string> {
  const child = spawn(command, [...flags, SCRIPT], { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  for await (const chunk of child.stdout) output += String(chunk);
  return output;
}

test("every engine and tier gives the same digest", async () => {
  const engines: (readonly [string, readonly string[]])[] = [
    [process.execPath, []],
    [process.execPath, ["--liftoff-only"]],
    [process.execPath, ["--no-liftoff"]],
  ];
  const { GLOVEBOX_BUN: bun, GLOVEBOX_DENO: deno } = process.env;
  if (bun !== undefined) engines.push([bun, []]);
  if (deno !== undefined) engines.push([deno, ["run", "-A"]]);
  const digests = await Promise.all(engines.map(([command, flags]) => digest(command, flags)));
  expect(digests[0]).toMatch(/^[0-9a-f]{64} \d{4,}\n$/);
  expect(new Set(digests).size).toBe(1);
}, 120_000);

test.each(Object.entries(DEEP_MODULES))(
  "B3: frames of %s end by our limit, at the same depth in both schemes",
  async (_, text) => {
    const module = await wat(text);
    const outcomes = SCHEMES.map((scheme) => call(instantiate(module, { scheme }), "f", 1n));
    for (const outcome of outcomes) {
      expect(outcome.kind === "trapped" && outcome.report).toMatchObject({
        code: "STACK_EXHAUSTED",
        deterministic: true,
      });
    }
    expect(outcomes[0]?.fuel).toBe(outcomes[1]?.fuel);
  },
);
