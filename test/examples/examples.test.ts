import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { CheckReport, RunReport } from "../../host/index.ts";
import { glovebox, projectRoot } from "../cli/glovebox.ts";
import { commandsOf, copyOf, shell, treeOf } from "./examples.ts";

interface Line {
  readonly number: number;
  readonly text: string;
  readonly matched: boolean;
}

async function json<Report>(...args: readonly string[]): Promise<{ readonly code: number | null } & Report> {
  const { code, stdout, stderr } = await glovebox([...args, "--json"]);
  expect(stderr).toBe("");
  return { code, ...(JSON.parse(stdout) as Report) };
}

const PLAN_OF_THE_DESIGN = {
  plan_id: "analyze_logs_001",
  steps: [
    {
      action: "file.read",
      params: { path: "/var/log/app.log", lines: 100 },
      validation: { max_size_mb: 10, allowed_extensions: [".log"] },
    },
    { action: "process.filter", params: { pattern: "ERROR", context_lines: 2 }, timeout_seconds: 30 },
  ],
  constraints: { max_duration_seconds: 300, allowed_actions: ["file.read", "process.*"], network_access: false },
};

/** As `grep -n -C` prints lines: `12:matched`, `11-context`, `--` where lines were left out. */
function asGrep(lines: readonly Line[]): string {
  const shown = lines.flatMap(({ number, text, matched }, at) => {
    const gap = at > 0 && number > (lines[at - 1]?.number ?? 0) + 1;
    return [...(gap ? ["--"] : []), `${number}${matched ? ":" : "-"}${text}`];
  });
  return shown.map((line) => `${line}\n`).join("");
}

test("analyze-logs is the plan of the design, over a real log with errors", () => {
  const plan = readFileSync(join(projectRoot, "examples/analyze-logs/plan.json"), "utf8");
  expect(JSON.parse(plan)).toEqual(PLAN_OF_THE_DESIGN);
  const log = readFileSync(join(projectRoot, "examples/analyze-logs/logs/app.log"), "utf8").split("\n");
  expect(log.length).toBeGreaterThan(10_000);
  expect(log.slice(0, 100).filter((line) => line.includes("ERROR")).length).toBeGreaterThan(2);
});

test("analyze-logs gives what grep -n -C 2 ERROR gives on the first 100 lines", async () => {
  const directory = copyOf("analyze-logs");
  const before = treeOf(directory);
  const args = ["run", join(directory, "plan.json"), "--scope", join(directory, "scope.yaml")];
  const report = await json<RunReport>(...args);
  expect(report).toMatchObject({ code: 0, status: "completed", plan_id: "analyze_logs_001", changes: [] });
  expect(report.trace_id).toMatch(/^[0-9a-f]{32}$/);
  const grep = shell("head -100 logs/app.log | grep -n -C 2 ERROR", directory);
  expect(asGrep(report.steps[1]?.output as unknown as readonly Line[])).toBe(grep);
  expect(treeOf(directory)).toEqual(before);
});

test("analyze-logs prints the same lines for a person", async () => {
  const { code, stdout } = await glovebox(["run", "plan.json", "--scope", "scope.yaml"], {
    cwd: join(projectRoot, "examples/analyze-logs"),
  });
  expect(code).toBe(0);
  const grep = shell("head -100 logs/app.log | grep -n -C 2 ERROR", join(projectRoot, "examples/analyze-logs"));
  const printed = stdout.split("\n").map((line) => line.trimStart());
  for (const line of grep.trimEnd().split("\n")) expect(printed).toContain(line);
});

test("edit-config: a dry run shows the diff, a failing plan changes nothing, a good one commits", async () => {
  const directory = copyOf("edit-config");
  const before = treeOf(directory);
  const scope = ["--scope", join(directory, "scope.yaml")];

  const dry = await json<RunReport>("run", join(directory, "edit.yaml"), ...scope, "--dry-run");
  expect(dry).toMatchObject({ code: 0, status: "completed", dry_run: true, committed: false });
  expect(dry.changes).toMatchObject([{ path: "/project/config.yaml", kind: "modified" }]);
  expect(dry.changes[0]?.diff).toContain("-log_level: info\n+log_level: debug\n");
  expect(treeOf(directory)).toEqual(before);

  const failed = await json<RunReport>("run", join(directory, "edit-then-fail.yaml"), ...scope);
  expect(failed).toMatchObject({ code: 1, status: "failed", committed: false, rollback: "full", changes: [] });
  expect(failed.steps.map(({ status }) => status)).toEqual(["rolled_back", "failed"]);
  expect(failed.error).toMatchObject({ code: "ACTION_FAILED" });
  expect(treeOf(directory)).toEqual(before);

  const good = await json<RunReport>("run", join(directory, "edit.yaml"), ...scope);
  expect(good).toMatchObject({ code: 0, status: "completed", committed: true });
  expect(good.steps[1]?.output).toContain("log_level: debug");
  const config = readFileSync(join(directory, "config.yaml"), "utf8");
  expect(config).toBe("service: orders\nlisten: 127.0.0.1:8080\nlog_level: debug\nworkers: 4\n");
  const changed = Object.entries(treeOf(directory)).filter(([name, seen]) => before[name] !== seen);
  expect(changed.map(([name]) => name).filter((name) => name !== "")).toEqual(["config.yaml"]);
});

test("over-reach is rejected with all three reasons at once, each where it stands", async () => {
  const directory = copyOf("over-reach");
  const before = treeOf(directory);
  const args = [join(directory, "plan.yaml"), "--scope", join(directory, "scope.yaml")];
  const checked = await json<CheckReport>("check", ...args);
  expect(checked).toMatchObject({ code: 2, accepted: false });
  const errors = checked.findings.filter(({ severity }) => severity === "error");
  expect(errors.map(({ code, line, pointer }) => `${line} ${code} ${pointer}`)).toEqual([
    "6 PATH_DENIED /steps/0/params/path",
    "8 ACTION_DENIED /steps/1/action",
    "12 NET_DENIED /steps/2/params/path",
  ]);

  const run = await json<RunReport>("run", ...args);
  expect(run).toMatchObject({ code: 2, status: "rejected", steps: [], fuel: 0 });
  expect(run.findings).toEqual(checked.findings);
  expect(treeOf(directory)).toEqual(before);
});

test.each([
  ["analyze-logs", [0, 0]],
  ["edit-config", [0, 0, 1, 0]],
  ["over-reach", [2, 2]],
])("the commands of %s/README.md do what it says", (example, codes) => {
  const copy = copyOf(example);
  const commands = commandsOf(example).map((command) => command.replaceAll("/tmp/edit-config", `${copy}-copy`));
  const ended = commands.map((command) => spawnSync("sh", ["-c", command], { cwd: projectRoot }).status);
  expect(ended).toEqual(codes);
});
