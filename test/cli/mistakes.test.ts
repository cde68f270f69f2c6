// Every mistake that a person can make on the command line: one clear message, the right exit code, never a stack trace.

import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { directoryWith, type Ended, glovebox, inProcess, projectRoot } from "./glovebox.ts";

const SCOPE = "scope: s\nactions: [file.read]\nfilesystem: [{ path: /project, access: read }]\n";
const PLAN = "plan_id: p\nsteps: [{ action: file.read, params: { path: /project/a.txt } }]\n";

interface Mistake {
  readonly title: string;
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly args: readonly string[];
  readonly code: number;
  /** All of what is printed matches each. */
  readonly says: readonly RegExp[];
}

const check = (files: Readonly<Record<string, string | Uint8Array>>) => ({
  files: { "plan.yaml": PLAN, "scope.yaml": SCOPE, ...files },
  args: ["check", "plan.yaml", "--scope", "scope.yaml"],
});

const MISTAKES: readonly Mistake[] = [
  { title: "no command", args: [], code: 64, says: [/Usage: glovebox/] },
  { title: "an unknown command", args: ["rum"], code: 64, says: [/unknown command 'rum'/, /Did you mean run/] },
  {
    title: "an unknown option",
    args: ["run", "plan.yaml", "--scope", "s.yaml", "--dryrun"],
    code: 64,
    says: [/unknown option '--dryrun'/, /Did you mean --dry-run/],
  },
  {
    title: "a missing argument",
    args: ["check", "--scope", "scope.yaml"],
    code: 64,
    says: [/missing required argument 'plan'/],
  },
  { title: "no scope", args: ["run", "plan.yaml"], code: 64, says: [/required option '--scope <file>' not specified/] },
  {
    title: "too many arguments",
    args: ["check", "a", "b", "--scope", "s"],
    code: 64,
    says: [/too many arguments/],
  },
  {
    title: "a value that an option does not have",
    args: ["run", "plan.yaml", "--scope", "s.yaml", "--executor", "cloud"],
    code: 64,
    says: [/'cloud' is invalid.*Allowed choices are process, inline/],
  },
  {
    title: "a plan that is not there",
    args: ["check", "missing.yaml", "--scope", "scope.yaml"],
    code: 64,
    says: [/cannot read the plan .*missing\.yaml: there is no such file/],
  },
  {
    title: "a scope that is not there",
    files: { "plan.yaml": PLAN },
    args: ["check", "plan.yaml", "--scope", "missing.yaml"],
    code: 64,
    says: [/cannot read the scope .*missing\.yaml: there is no such file/],
  },
  {
    title: "a directory for a plan",
    args: ["check", ".", "--scope", "scope.yaml"],
    code: 64,
    says: [/cannot read the plan \.: it is a directory/],
  },
  {
    title: "a plan that is not text",
    ...check({ "plan.yaml": Uint8Array.of(0xff, 0xfe, 0) }),
    code: 64,
    says: [/plan\.yaml: it is not UTF-8 text/],
  },
  {
    title: "an endless plan",
    files: { "scope.yaml": SCOPE },
    args: ["check", "/dev/zero", "--scope", "scope.yaml"],
    code: 64,
    says: [/\/dev\/zero: it is larger than/],
  },
  {
    title: "bad YAML in a plan",
    ...check({ "plan.yaml": "plan_id: p\nsteps: [\n  { action: file.read\n" }),
    code: 2,
    says: [/plan\.yaml:\d+:\d+ {2}PLAN_INVALID/],
  },
  {
    title: "bad JSON in a plan",
    ...check({ "plan.yaml": '{ "plan_id": "p", }' }),
    args: ["check", "plan.yaml", "--scope", "scope.yaml"],
    code: 2,
    says: [/plan\.yaml:1:\d+ {2}PLAN_INVALID/],
  },
  {
    title: "bad YAML in a scope",
    ...check({ "scope.yaml": "scope: [\n" }),
    code: 64,
    says: [/scope\.yaml:\d+:\d+ {2}SCOPE_INVALID/],
  },
  {
    title: "a misspelt key and a limit that is too high in a scope",
    ...check({ "scope.yaml": "scope: s\nfilesytem: []\nlimits: { memory_mb: 99999 }\n" }),
    code: 64,
    says: [
      /scope\.yaml:2:1 {2}SCOPE_INVALID .*filesytem/,
      /scope\.yaml:3:\d+ {2}SCOPE_INVALID .*memory_mb/,
      /filesystem/,
    ],
  },
  {
    title: "an unknown action",
    ...check({ "plan.yaml": PLAN.replace("file.read", "file.raed") }),
    code: 2,
    says: [/plan\.yaml:2:\d+ {2}ACTION_UNKNOWN|plan\.yaml:2:\d+ {2}\w+ .*file\.raed/, /file\.read/],
  },
  {
    title: "an argument of the wrong type",
    ...check({ "plan.yaml": PLAN.replace("/project/a.txt", "[1]") }),
    code: 2,
    says: [/plan\.yaml:2:\d+ {2}ARGUMENT_INVALID .*path/],
  },
  {
    title: "a tool that is not there",
    ...check({}),
    args: ["check", "plan.yaml", "--scope", "scope.yaml", "--tools", "missing.wasm"],
    code: 64,
    says: [/missing\.wasm/],
  },
  {
    title: "a tool that is not a component",
    ...check({ "tool.wasm": "just text" }),
    args: ["check", "plan.yaml", "--scope", "scope.yaml", "--tools", "tool.wasm"],
    code: 64,
    says: [/tool\.wasm: .*not WebAssembly/],
  },
  {
    title: "inspecting what is not a component",
    files: { "tool.wasm": "just text" },
    args: ["tool", "inspect", "tool.wasm"],
    code: 64,
    says: [/tool\.wasm: .*not WebAssembly/],
  },
  {
    title: "inspecting a core module",
    files: { "core.wasm": Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0) },
    args: ["tool", "inspect", "core.wasm"],
    code: 64,
    says: [/component/],
  },
  {
    title: "inspecting a file that is not there",
    args: ["tool", "inspect", "missing.wasm"],
    code: 64,
    says: [/missing\.wasm/],
  },
  {
    title: "a workspace that is not there",
    ...check({}),
    args: ["run", "plan.yaml", "--scope", "scope.yaml", "--workspace", "missing"],
    code: 64,
    says: [/missing/],
  },
  {
    title: "a workspace that is a file",
    ...check({}),
    args: ["run", "plan.yaml", "--scope", "scope.yaml", "--workspace", "plan.yaml"],
    code: 64,
    says: [/plan\.yaml/],
  },
];

function expectNoStackTrace({ stdout, stderr }: Ended): void {
  expect(stdout + stderr).not.toMatch(/\n\s+at |node:internal|file:\/\/|\.js:\d+|INTERNAL_ERROR|a defect of Glovebox/);
}

/** The arguments with their files in this directory. */
function inside(directory: string, args: readonly string[]): readonly string[] {
  return args.map((arg) => (/^[\w-]+\.(yaml|wasm)$|^missing$/.test(arg) ? join(directory, arg) : arg));
}

test.for(MISTAKES)("$title: one message, and exit code $code", async ({ files = {}, args, code, says }) => {
  const ended = await inProcess(inside(directoryWith(files), args));
  for (const part of says) expect(ended.stdout + ended.stderr).toMatch(part);
  expectNoStackTrace(ended);
  expect(ended.code).toBe(code);
});

test.for(MISTAKES.filter(({ args }) => args.length > 0))(
  "$title, with --json: one JSON document on standard output and nothing else",
  async ({ files = {}, args, code }) => {
    const ended = await inProcess([...inside(directoryWith(files), args), "--json"]);
    const document = JSON.parse(ended.stdout) as object;
    expect(ended.stderr).toBe("");
    expect(ended.code).toBe(code);
    expect("error" in document || "findings" in document).toBe(true);
  },
);

test("the process itself ends with these codes, and says these things", async () => {
  const usage = await glovebox(["run", "plan.yaml", "--scope", "scope.yaml", "--dryrun"]);
  expect(usage).toMatchObject({ code: 64, stdout: "", stderr: expect.stringMatching(/^glovebox: .*--dryrun/) });
  const missing = await glovebox(["tool", "inspect", "missing.wasm", "--json"]);
  expect(missing).toMatchObject({ code: 64, stderr: "" });
  expect(JSON.parse(missing.stdout)).toMatchObject({ error: { code: "FILE_UNREADABLE" } });
});

/** Root may read everything, so that root tries as nobody; null where nobody cannot reach the checkout. */
function someone(): { readonly uid?: number } | null {
  if (process.getuid?.() !== 0) return {};
  const uid = 65534;
  const canRun = spawnSync(process.execPath, [join(projectRoot, "bin/glovebox.js"), "--version"], { uid }).status === 0;
  return canRun ? { uid } : null;
}

const reader = someone();

test.skipIf(reader === null)("files and directories that may not be read say so", async () => {
  const directory = directoryWith({ "plan.yaml": PLAN, "scope.yaml": SCOPE, "secret.yaml": "x", "secret.wasm": "x" });
  for (const name of ["secret.yaml", "secret.wasm"]) chmodSync(join(directory, name), 0);
  mkdirSync(join(directory, "closed"), { mode: 0 });
  const uid = reader?.uid;
  if (uid !== undefined) for (const name of ["", ...readdirSync(directory)]) chownSync(join(directory, name), uid, uid);
  const said = async (...args: readonly string[]): Promise<Ended> => {
    const env = { XDG_CACHE_HOME: join(directory, "cache") };
    const ended = await glovebox(args, { cwd: directory, env, ...reader });
    expectNoStackTrace(ended);
    expect(ended).toMatchObject({ code: 64, stdout: "" });
    return ended;
  };
  const scope = ["--scope", "scope.yaml"];
  expect((await said("check", "secret.yaml", ...scope)).stderr).toMatch(/secret\.yaml: permission denied/);
  expect((await said("check", "plan.yaml", "--scope", "closed/scope.yaml")).stderr).toMatch(
    /closed.*permission denied/,
  );
  expect((await said("run", "plan.yaml", ...scope, "--workspace", "closed")).stderr).toMatch(/closed/);
  expect((await said("run", "plan.yaml", ...scope, "--tools", "closed")).stderr).toMatch(/closed/);
  expect((await said("tool", "inspect", "secret.wasm")).stderr).toMatch(/secret\.wasm/);
});
