import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { planToBinary } from "../../host/plan/protobuf/plan-message.ts";
import { temporaryDirectory } from "../support/tree.ts";
import { inProcess, projectRoot } from "./glovebox.ts";

const example = (path: string): string => join(projectRoot, "examples", path);

function copyOf(folder: string): string {
  const directory = temporaryDirectory();
  cpSync(example(folder), directory, { recursive: true });
  return directory;
}

test("check --explain shows what each step may reach", async () => {
  const plan = example("over-reach/plan.yaml");
  const { code, stdout } = await inProcess(["check", plan, "--scope", example("over-reach/scope.yaml"), "--explain"]);
  expect(code).toBe(2);
  expect(stdout.slice(stdout.indexOf("under the scope"))).toMatchInlineSnapshot(`
    "under the scope over-reach: at most 10000000000 fuel and 300 s for the whole plan
    ● secrets  file.read  read
    │   read    /etc/passwd ✘ not granted
    ● cover-tracks  file.remove  reversible ✘ not allowed
    │   write   /project/notes.txt ✔
    ● send  file.read  read
        read    https://collector.example.com/upload ✘ not granted
    "
  `);
});

test("plan graph draws steps and what they take as a Mermaid flowchart, hostile names as text", async () => {
  const file = join(temporaryDirectory(), "plan.json");
  const steps = [
    { id: "a", action: "file.read", params: { path: '/project/"]; click s1 "javascript:alert(1)' } },
    { id: "b", action: "process.filter", params: { pattern: "x" } },
    { id: "c", action: "file.read", params: { path: "/project/c" }, when: { step: "b", status: "ran" } },
  ];
  writeFileSync(file, JSON.stringify({ plan_id: "p", steps }));
  const { code, stdout } = await inProcess(["plan", "graph", file]);
  expect(code).toBe(0);
  expect(stdout).toMatchInlineSnapshot(`
    "flowchart TD
      s1[/"a: file.read<br/>read /project/#34;#93;#59; click s1 #34;javascript:alert#40;1#41;"/]
      s2("b: process.filter")
      s1 --> s2
      s3[/"c: file.read<br/>read /project/c"/]
      s2 -. ran .-> s3
    "
  `);
});

test("what waits until the end, and what runs beside other steps, is drawn so", async () => {
  const directory = temporaryDirectory();
  const [plan, scope] = [join(directory, "plan.json"), join(directory, "scope.yaml")];
  const steps = [
    { id: "post", action: "http.request", params: { method: "POST", url: "https://api.example.com/x" } },
    { id: "a", action: "file.read", params: { path: "/project/a" }, needs: [] },
    { id: "b", action: "file.read", params: { path: "/project/b" }, needs: [] },
  ];
  writeFileSync(plan, JSON.stringify({ plan_id: "p", steps }));
  writeFileSync(scope, "actions: ['*']\nfilesystem: [{ path: /project, access: read }]\n");
  const graph = await inProcess(["plan", "graph", plan]);
  expect(graph.stdout).toMatchInlineSnapshot(`
    "flowchart TD
      s1[["post: http.request<br/>right before the commit<br/>request https://api.example.com/x ✘"]]
      s2[/"a: file.read<br/>read /project/a"/]
      s3[/"b: file.read<br/>read /project/b"/]
    "
  `);
  const { stdout } = await inProcess(["check", plan, "--scope", scope, "--explain"]);
  expect(stdout.slice(stdout.indexOf("under the scope"))).toMatchInlineSnapshot(`
    "under the scope unnamed: at most 10000000000 fuel and 300 s for the whole plan
    ● post  http.request  compensable
    │   when all others have succeeded, right before the commit
    │   request https://api.example.com/x ✘ not granted
    ● a  file.read  read
    │   beside the other steps
    │   read    /project/a ✔
    ● b  file.read  read
        beside the other steps
        read    /project/b ✔
    "
  `);
});

test("scope suggest writes nothing but a scope, and the plan runs under it", async () => {
  const directory = copyOf("edit-config");
  const before = readFileSync(join(directory, "config.yaml"), "utf8");
  const { code, stdout } = await inProcess([
    "scope",
    "suggest",
    join(directory, "edit.yaml"),
    "--workspace",
    directory,
  ]);
  expect(code).toBe(0);
  const limits = /(fuel|memory_mb|io_operations|io_mb): [0-9]+/g;
  expect(stdout.replace(limits, "$1: N")).toMatchInlineSnapshot(`
    "# The smallest scope that the plan needed when it was tried, with twice the resources. Read it before you use it.

    version: glovebox/v1
    scope: raise-log-level
    actions:
      - file.read
      - file.write
    filesystem:
      - path: /project/config.yaml
        host: ./config.yaml
        access: write
    limits:
      fuel: N
      memory_mb: N
      io_operations: N
      io_mb: N
    "
  `);
  expect(readFileSync(join(directory, "config.yaml"), "utf8")).toBe(before);
  writeFileSync(join(directory, "suggested.yaml"), stdout);
  const again = await inProcess(["run", join(directory, "edit.yaml"), "--scope", join(directory, "suggested.yaml")]);
  expect(again.code).toBe(0);
  const other = await inProcess([
    "check",
    join(directory, "edit-then-fail.yaml"),
    "--scope",
    join(directory, "suggested.yaml"),
  ]);
  expect(other.code).toBe(2);
});

test("scope suggest suggests nothing for a plan that its ceiling refuses, and says why", async () => {
  const { code, stderr } = await inProcess([
    "scope",
    "suggest",
    example("over-reach/plan.yaml"),
    "--workspace",
    example("over-reach"),
  ]);
  expect(code).toBe(2);
  expect(stderr).toContain("/etc/passwd");
});

test("--input gives a plan the values of its inputs, with their types", async () => {
  const directory = copyOf("edit-config");
  const file = join(directory, "template.yaml");
  const path = "/project/$" + "{{ inputs.file }}";
  const lines = "$" + "{{ inputs.lines }}";
  const inputs = { file: { type: "string" }, lines: { type: "integer", default: 1 } };
  const steps = [{ action: "file.read", params: { path, lines } }];
  writeFileSync(file, JSON.stringify({ plan_id: "template", version: "glovebox/v1", inputs, steps }));
  const run = (...more: string[]): ReturnType<typeof inProcess> =>
    inProcess(["run", file, "--scope", join(directory, "scope.yaml"), "--json", ...more]);
  const { code, stdout } = await run("--input", "file=config.yaml", "--input", "lines=2");
  expect(code).toBe(0);
  expect(JSON.parse(stdout).steps[0].output).toEqual(["service: orders", "listen: 127.0.0.1:8080"]);
  expect((await run()).code).toBe(2);
  expect((await run("--input", "file")).code).toBe(64);
});

test("a plan may be a Protocol Buffers message", async () => {
  const directory = copyOf("analyze-logs");
  const plan = JSON.parse(readFileSync(join(directory, "plan.json"), "utf8"));
  writeFileSync(join(directory, "plan.binpb"), planToBinary(plan));
  const scope = join(directory, "scope.yaml");
  const { code, stdout } = await inProcess(["check", join(directory, "plan.binpb"), "--scope", scope, "--json"]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ plan_id: "analyze_logs_001", accepted: true, findings: [] });
  writeFileSync(join(directory, "plan.binpb"), "no plan");
  expect((await inProcess(["check", join(directory, "plan.binpb"), "--scope", scope])).code).toBe(2);
});
