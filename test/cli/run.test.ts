import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { CheckReport, Inspection, RunEvent, RunReport } from "../../host/index.ts";
import { buildGuest } from "../guests/build.ts";
import { directoryWith, glovebox, inProcess, projectRoot } from "./glovebox.ts";

const SCOPE = "scope: s\nactions: ['*']\nfilesystem: [{ path: /project, access: write }]\n";
const PLAN = `
plan_id: p
steps:
  - { id: write, action: file.write, reason: to see it change, params: { path: /project/a.txt, text: "new\\n" } }
  - { id: read, action: file.read, params: { path: /project/a.txt } }
`;

function project(plan: string = PLAN): { readonly directory: string; readonly args: readonly string[] } {
  const directory = directoryWith({ "plan.yaml": plan, "scope.yaml": SCOPE, "a.txt": "old\n" });
  return { directory, args: [join(directory, "plan.yaml"), "--scope", join(directory, "scope.yaml")] };
}

test("--json of a run is one document with every field that is promised", async () => {
  const { args } = project();
  const { code, stdout, stderr } = await glovebox(["run", ...args, "--json"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const report = JSON.parse(stdout) as RunReport;
  const usage = Object.fromEntries(
    ["fuel", "cpu_ms", "memory_mb", "io_operations", "io_bytes", "host_calls"].map((name) => [
      name,
      expect.any(Number),
    ]),
  );
  expect(report).toMatchObject({
    plan_id: "p",
    status: "completed",
    fuel: expect.any(Number),
    trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
    changes: [
      { path: "/project/a.txt", kind: "modified", type: "file", diff: expect.stringContaining("-old\n+new\n") },
    ],
    steps: [
      {
        id: "write",
        action: "file.write",
        status: "ran",
        reason: "to see it change",
        output: null,
        duration_ms: expect.any(Number),
        resource_usage: usage,
        changes: [{ path: "/project/a.txt" }],
      },
      { id: "read", action: "file.read", status: "ran", output: ["new"], resource_usage: usage, changes: [] },
    ],
  });
  expect(report.fuel).toBe(report.steps.reduce((sum, step) => sum + step.resource_usage.fuel, 0));
});

test("--json of a rejected run and of a check hold the findings", async () => {
  const { directory, args } = project(PLAN.replaceAll("/project", "/elsewhere"));
  const checked = await inProcess(["check", ...args, "--json"]);
  const run = await inProcess(["run", ...args, "--json"]);
  expect([checked.code, run.code]).toEqual([2, 2]);
  const { accepted, findings } = JSON.parse(checked.stdout) as CheckReport;
  expect(accepted).toBe(false);
  expect(findings[0]).toMatchObject({
    code: "PATH_DENIED",
    pointer: "/steps/0/params/path",
    message: expect.any(String),
    hint: expect.any(String),
    evidence: "proved",
    file: join(directory, "plan.yaml"),
    line: 4,
    column: expect.any(Number),
  });
  expect(JSON.parse(run.stdout)).toMatchObject({ status: "rejected", findings, steps: [] });
});

test("--log json writes one line for each event to standard error, all of one trace", async () => {
  const { args } = project();
  const { stdout, stderr } = await inProcess(["run", ...args, "--json", "--log", "json"]);
  const events = stderr
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as RunEvent & { readonly trace_id: string });
  expect(events.map(({ type }) => type)).toEqual([
    "plan.started",
    "step.started",
    "step.ended",
    "step.started",
    "step.ended",
    "plan.committed",
    "plan.ended",
  ]);
  const { trace_id } = JSON.parse(stdout) as RunReport;
  for (const event of events) expect(event.trace_id).toBe(trace_id);
});

test("TRACEPARENT makes a run part of that trace, and one that is not valid is ignored", async () => {
  const { args } = project();
  const traceId = "0af7651916cd43dd8448eb211c80319c";
  const traceOf = async (TRACEPARENT: string): Promise<string | null> =>
    (JSON.parse((await inProcess(["run", ...args, "--json"], { TRACEPARENT })).stdout) as RunReport).trace_id;
  expect(await traceOf(`00-${traceId}-b7ad6b7169203331-01`)).toBe(traceId);
  expect(await traceOf("00-nonsense")).toMatch(/^[0-9a-f]{32}$/);
});

test("an SDK that node --import registers gets the spans of the run, and the report has its trace", async () => {
  const { directory, args } = project();
  const setup = join(directory, "otel.mjs");
  const resolve = (name: string): string => JSON.stringify(import.meta.resolve(name));
  writeFileSync(
    setup,
    `import { trace } from ${resolve("@opentelemetry/api")};
     import { SimpleSpanProcessor, TracerProvider } from ${resolve("@opentelemetry/sdk-trace")};
     const exporter = {
       export: (spans, done) => { for (const s of spans) console.error(s.name, s.spanContext().traceId); done({ code: 0 }); },
       shutdown: async () => {}, forceFlush: async () => {},
     };
     trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));`,
  );
  const { stdout, stderr } = await glovebox(["run", ...args, "--json"], { env: { NODE_OPTIONS: `--import=${setup}` } });
  const { trace_id } = JSON.parse(stdout) as RunReport;
  const spans = ["execute_tool file.write", "execute_tool file.read", "invoke_workflow p"];
  expect(stderr).toBe(spans.map((name) => `${name} ${trace_id}\n`).join(""));
});

test("--dry-run changes nothing and --workspace says where /project is", async () => {
  const { directory, args } = project();
  const workspace = directoryWith({ "a.txt": "other\n" });
  const dry = await inProcess(["run", ...args, "--workspace", workspace, "--dry-run"]);
  expect(dry.stdout).toMatch(/^✔ completed \(dry run\)[\s\S]*Would change: 1 file[\s\S]*-other\n {2}\+new/);
  expect(readFileSync(join(workspace, "a.txt"), "utf8")).toBe("other\n");
  expect((await inProcess(["run", ...args, "--workspace", workspace])).code).toBe(0);
  expect(readFileSync(join(workspace, "a.txt"), "utf8")).toBe("new\n");
  expect(readFileSync(join(directory, "a.txt"), "utf8")).toBe("old\n");
});

test("tools run the same inline and in a process of their own", async () => {
  const results = ["inline", "process"].map(async (executor) => {
    const { args } = project();
    const { stdout } = await inProcess(["run", ...args, "--json", "--executor", executor]);
    const { fuel, changes, steps } = JSON.parse(stdout) as RunReport;
    return { fuel, changes, outputs: steps.map(({ output, resource_usage }) => [output, resource_usage.fuel]) };
  });
  const [inline, separate] = await Promise.all(results);
  expect(inline).toEqual(separate);
});

test("--tools can be repeated, and takes files and directories", async () => {
  const steps =
    '[{ action: example/words.slug, params: { text: "A b" } }, { action: test/hostile.work, params: { steps: 1 } }]';
  const { args } = project(`plan_id: p\nsteps: ${steps}\n`);
  const directory = directoryWith({ "words.wasm": await buildGuest("javascript") });
  const other = directoryWith({ "hostile.wasm": await buildGuest("hostile") });
  const tools = ["--tools", directory, "--tools", join(other, "hostile.wasm")];
  expect(await inProcess(["check", ...args, ...tools])).toMatchObject({ code: 0, stdout: "✔ accepted  p\n" });
  const without = await inProcess(["check", ...args]);
  expect(without.code).toBe(2);
  expect(without.stdout).toMatch(/ACTION_UNKNOWN.*words\.slug[\s\S]*ACTION_UNKNOWN.*hostile\.work/);
});

test("tool inspect shows the actions of a tool that nobody here prepared, and --json gives them as data", async () => {
  const directory = directoryWith({ "words.wasm": await buildGuest("javascript") });
  const file = join(directory, "words.wasm");
  const { stdout } = await inProcess(["tool", "inspect", file, "--json"]);
  const { actions } = JSON.parse(stdout) as Inspection;
  expect(actions.length).toBeGreaterThan(0);
  const text = (await inProcess(["tool", "inspect", file])).stdout;
  for (const { signature } of actions) expect(text).toContain(signature);
});

test("B13: what a plan says cannot reach the terminal as it is, as text, as JSON or in the log", async () => {
  const evil = '"p\\u001b[2J\\u009b31m\\u202e"';
  const plan = PLAN.replace("to see it change", evil).replace('"new\\n"', evil);
  for (const flags of [[], ["--json"], ["--log", "json"]]) {
    const { args } = project(plan);
    const { code, stdout, stderr } = await inProcess(["run", ...args, ...flags]);
    expect(code).toBe(0);
    expect(stdout + stderr).not.toMatch(/[^\n\P{Control}]|\p{Format}/u);
    expect(stdout.split("\\u001b[2J").length).toBeGreaterThan(3);
  }
});

test("an error of ours shows where it comes from only when GLOVEBOX_DEBUG is set", async () => {
  const args = ["tool", "inspect", join(projectRoot, "package.json")];
  expect((await inProcess(args)).stderr).not.toMatch(/\n\s+at /);
  expect((await inProcess(args, { GLOVEBOX_DEBUG: "1" })).stderr).toMatch(/\n\s+at /);
});

test.runIf(existsSync("/dev/full"))(
  "an answer that cannot be written has an exit code of its own, and what was committed stands",
  () => {
    const { directory, args } = project();
    const command = [process.execPath, join(projectRoot, "bin/glovebox.js"), "run", ...args, "--json"];
    const { status, stderr } = spawnSync("sh", ["-c", '"$@" > /dev/full', "sh", ...command], { encoding: "utf8" });
    expect(status).toBe(74);
    expect(stderr).toMatch(
      /^glovebox: standard output cannot be written: ENOSPC.*\n {4}hint: what the command did.*stands/,
    );
    expect(readFileSync(join(directory, "a.txt"), "utf8")).toBe("new\n");
  },
);
