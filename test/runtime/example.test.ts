// The example of the README, as it stands: what it gives, and that it gives it always.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { RunReport } from "../../host/index.ts";
import { projectRoot } from "../layout/imports.ts";
import { testCache } from "../support/runs.ts";

const example = join(projectRoot, "examples/analyze-logs");

interface Line {
  readonly number: number;
  readonly text: string;
  readonly matched: boolean;
}

/** Runs the example `times` times in one process of its own, and gives the reports. */
function runInProcess(times: number): readonly RunReport[] {
  const script = join(projectRoot, "test/runtime/run-example.ts");
  return JSON.parse(
    execFileSync(process.execPath, [script, example, testCache, String(times)], {
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    }),
  );
}

/** What `grep -n -C` prints for these lines. */
function asGrep(lines: readonly Line[]): string {
  return lines
    .map(({ number, text, matched }, index) => {
      const gap = index > 0 && number !== (lines[index - 1]?.number ?? 0) + 1 ? "--\n" : "";
      return `${gap}${number}${matched ? ":" : "-"}${text}\n`;
    })
    .join("");
}

test("the filtered lines are those of grep -n -C 2 ERROR on the first 100 lines of the log", () => {
  const [report] = runInProcess(1);
  const log = readFileSync(join(example, "logs/app.log"), "utf8").split("\n");
  expect(log.length).toBeGreaterThan(10_000);
  const expected = execFileSync("grep", ["-n", "-C", "2", "ERROR"], {
    input: `${log.slice(0, 100).join("\n")}\n`,
    encoding: "utf8",
  });
  expect(expected.length).toBeGreaterThan(0);
  expect(report?.status).toBe("completed");
  expect(asGrep(report?.steps[1]?.output as unknown as readonly Line[])).toBe(expected);
});

test("100 runs in 10 processes give one fuel number, one output, one diff", () => {
  const reports = Array.from({ length: 10 }, () => runInProcess(10)).flat();
  const outcomes = reports.map((report) => {
    const usage = report.steps.map(({ resource_usage: { cpu_ms: _, ...rest } }) => rest);
    return JSON.stringify([report.status, report.fuel, report.changes, report.steps.map((step) => step.output), usage]);
  });
  expect(outcomes.length).toBe(100);
  expect(new Set(outcomes).size).toBe(1);
});
