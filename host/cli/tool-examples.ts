// The examples in a `tool.yaml`: calls, and what they give. Each is run twice, in a workspace of its own, and must give the same.
// A client of the public entry; it must not know how the tool was built.

import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { type Glovebox, GloveboxError, type JsonValue, openGlovebox, type RunReport, type Source } from "../index.ts";

/** Where the files of an example are, for the tool. */
const WORKSPACE = "/work";
const START = 1_700_000_000_000_000_000n;
const MOST_EXAMPLES = 1000;

const filesSchema = z.record(z.string(), z.string());

const exampleSchema = z
  .strictObject({
    title: z.string().optional(),
    action: z.string(),
    params: z.record(z.string(), z.json()).default({}),
    files: filesSchema.default({}),
    output: z.json().optional(),
    error: z.union([z.string(), z.record(z.string(), z.json())]).optional(),
    files_after: z.record(z.string(), z.union([z.string(), z.null()])).default({}),
  })
  .refine(({ output, error }) => output === undefined || error === undefined, "it has an output or an error, not both");

/** One call, and what is expected of it. */
export interface Example {
  readonly title?: string | undefined;
  readonly action: string;
  readonly params: Readonly<Record<string, JsonValue>>;
  /** The workspace before the call. */
  readonly files: Readonly<Record<string, string>>;
  readonly output?: JsonValue | undefined;
  /** The case of the action's own error, or the case with its payload. */
  readonly error?: string | Readonly<Record<string, JsonValue>> | undefined;
  /** Files of the workspace after the call; null for one that must be gone. */
  readonly files_after: Readonly<Record<string, string | null>>;
}

/** What became of one example; without problems it passed. */
export interface ExampleResult {
  readonly title: string;
  readonly problems: readonly string[];
  readonly fuel: string;
}

/** Checks the `examples` of a manifest. Errors: MANIFEST_INVALID. */
export function readExamples(value: unknown): readonly Example[] {
  const parsed = z
    .array(exampleSchema)
    .max(MOST_EXAMPLES)
    .safeParse(value ?? []);
  if (parsed.success && parsed.data.length > 0) return parsed.data;
  const issues = parsed.error?.issues.map(({ path, message }) => `examples/${path.join("/")}: ${message}`) ?? [];
  const message = issues.length === 0 ? "there are no examples in tool.yaml" : issues.slice(0, 10).join("; ");
  throw new GloveboxError("MANIFEST_INVALID", message, {
    hint: "examples: [{ action: words.count, params: { text: [one] }, output: 1 }]",
  });
}

/** Runs each example twice. Errors: those of loading the tool, and SCOPE_INVALID. */
export async function runExamples(
  component: Uint8Array,
  name: string,
  examples: readonly Example[],
  scope: Source | null,
): Promise<readonly ExampleResult[]> {
  const results: ExampleResult[] = [];
  for (const example of examples) {
    const first = await runOnce(component, name, example, scope);
    const second = await runOnce(component, name, example, scope);
    const problems = [...first.problems, ...differences(first.report, second.report)];
    const title = example.title ?? `${example.action}(${JSON.stringify(example.params)})`;
    results.push({ title, problems, fuel: String(first.report.fuel) });
  }
  return results;
}

interface Ran {
  readonly report: RunReport;
  readonly problems: readonly string[];
}

async function runOnce(component: Uint8Array, name: string, example: Example, scope: Source | null): Promise<Ran> {
  const workspace = await mkdtemp(join(tmpdir(), "glovebox-example-"));
  let glovebox: Glovebox | null = null;
  try {
    for (const [path, text] of Object.entries(example.files)) {
      const file = inside(workspace, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
    const tools = [{ name, bytes: component }];
    glovebox = await openGlovebox({ workspace, tools, executor: "inline", startTime: START, durability: "fast" });
    const action = actionOf(glovebox, example);
    const plan = { plan_id: "example", steps: [{ action, params: example.params }] };
    const report = await glovebox.run({ value: plan }, scope ?? scopeOf(action, workspace));
    return { report, problems: [...unexpected(example, report), ...(await wrongFiles(example, workspace))] };
  } finally {
    await glovebox?.close();
    await rm(workspace, { recursive: true, force: true });
  }
}

/** In its own `tool.yaml` an action goes without its publisher. */
function actionOf({ actions }: Glovebox, { action }: Example): string {
  return actions.find(({ name }) => name.endsWith(`/${action}`))?.name ?? action;
}

/** The tool's own action, and the workspace. */
function scopeOf(action: string, workspace: string): Source {
  const filesystem = [{ path: WORKSPACE, access: "write" }];
  return { value: { scope: "example", actions: [action], filesystem }, directory: workspace };
}

function inside(workspace: string, path: string): string {
  const file = join(workspace, path);
  if (!relative(workspace, file).startsWith("..")) return file;
  throw new GloveboxError("MANIFEST_INVALID", `the example's file ${path} is outside of its workspace`);
}

function unexpected(example: Example, report: RunReport): readonly string[] {
  const [step] = report.steps;
  const happened = actualError(report);
  if (example.error !== undefined) {
    const wanted = example.error;
    if (happened === null) return [`it gave ${show(step?.output)} and was expected to fail with ${show(wanted)}`];
    const matches =
      typeof wanted === "string" ? happened.case === wanted : isDeepStrictEqual({ ...happened.whole }, wanted);
    return matches ? [] : [`it failed with ${show(happened.whole)} and was expected to fail with ${show(wanted)}`];
  }
  if (happened !== null) return [`it failed: ${happened.message}`];
  if (example.output === undefined || isDeepStrictEqual(plain(step?.output), plain(example.output))) return [];
  return [`it gave ${show(step?.output)} and was expected to give ${show(example.output)}`];
}

interface Failure {
  readonly case: string;
  readonly whole: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** How the call failed; `case` is empty where the contract does not allow it. */
function actualError({ status, error, findings }: RunReport): Failure | null {
  if (status === "completed") return null;
  // Why a plan was rejected says more than that it was.
  const why = status === "rejected" ? (findings[0] ?? error) : error;
  const name = error?.code === "ACTION_FAILED" ? String(error.data?.case ?? "") : "";
  const whole = { [name === "" ? (why?.code ?? status) : name]: plain(error?.data?.payload ?? null) };
  return { case: name, whole, message: why?.message ?? status };
}

async function wrongFiles({ files_after: wanted }: Example, workspace: string): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const [path, text] of Object.entries(wanted)) {
    const found = await readFile(inside(workspace, path), "utf8").catch(() => null);
    if (found !== text) problems.push(`${path} holds ${show(found)} and was expected to hold ${show(text)}`);
  }
  return problems;
}

/** What two runs of the same call must have in common. */
function differences(first: RunReport, second: RunReport): readonly string[] {
  const told = ({ status, error, steps: [step] }: RunReport): Readonly<Record<string, unknown>> => ({
    status,
    error,
    output: step?.output,
    fuel: step?.resource_usage.fuel,
    changes: step?.changes,
  });
  const [a, b] = [told(first), told(second)];
  return Object.keys(a)
    .filter((key) => !isDeepStrictEqual(plain(a[key]), plain(b[key])))
    .map((key) => `it is not deterministic: its ${key} was ${show(a[key])}, then ${show(b[key])}`);
}

function plain(value: unknown): JsonValue | undefined {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value, bigintText)) as JsonValue);
}

function show(value: unknown): string {
  return JSON.stringify(value, bigintText) ?? "nothing";
}

function bigintText(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
