// Whether the engine's stack holds what the depth limit allows is found out before anything relies on it.

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { stackHolds } from "../../host/metering/index.ts";

const PROBE = fileURLToPath(new URL("../../host/metering/stack-probe.ts", import.meta.url));

function holds(...flags: string[]): unknown {
  const script = `import { stackHolds } from ${JSON.stringify(PROBE)}; console.log(stackHolds(), stackHolds(64 * 1024));`;
  const { stdout, stderr } = spawnSync(process.execPath, [...flags, "--input-type=module", "--eval", script], {
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  return stdout.trim();
}

test("B3: the stack that engines have by default holds the largest depth, in every tier", () => {
  expect(stackHolds()).toBe(true);
  for (const flag of ["--liftoff-only", "--no-liftoff"]) expect(holds(flag)).toBe("true true");
});

test("B3: a smaller stack is told, and still holds a smaller depth", () => {
  expect(holds("--liftoff-only", "--stack-size=400")).toBe("false true");
});
