// Calls single actions of the standard tools through our own runtime, over one real workspace that is seen as /project.
// What a call gives is its output, or the case of the contract's error; any other failure is thrown.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { type Glovebox, openGlovebox } from "../../host/index.ts";
import { buildStandardTools } from "../../tools-wasm/build.ts";

/** What an action answered. */
export type Answer =
  | { readonly output: unknown; readonly fuel: number }
  | { readonly error: string; readonly payload: unknown };

/** The workspace of one test file. */
export interface Actions {
  /** Where a name of the workspace is. */
  at(name: string): string;
  /** Writes a file, and the directories above it. */
  put(name: string, content: string | Uint8Array): void;
  answer(action: string, params: object): Promise<Answer>;
  /** The output of an action that does not fail. */
  output(action: string, params: object): Promise<unknown>;
  /** The case of the error, and its payload, of an action that fails. */
  failure(action: string, params: object): Promise<{ readonly error: string; readonly payload: unknown }>;
}

const ROOT = join(import.meta.dirname, "..", "..");
const CACHE = join(ROOT, "node_modules", ".cache", "glovebox", "tools");

/** Sets up a runtime for the whole test file, and an empty workspace for each of its tests. */
export function useActions(): Actions {
  const workspace = mkdtempSync(join(tmpdir(), "glovebox-actions-"));
  let glovebox: Glovebox;
  beforeAll(async () => {
    await buildStandardTools(ROOT);
    glovebox = await openGlovebox({ workspace, executor: "inline", cacheDirectory: CACHE });
  });
  beforeEach(() => {
    rmSync(workspace, { recursive: true, force: true });
    mkdirSync(workspace);
  });
  afterAll(async () => {
    await glovebox.close();
    rmSync(workspace, { recursive: true, force: true });
  });
  const at = (name: string): string => join(workspace, name);
  const answer: Actions["answer"] = async (action, params) => {
    const plan = { plan_id: "test", steps: [{ action, params }] };
    const scope = {
      scope: "test",
      actions: ["*"],
      filesystem: [{ path: "/project", access: "write" }],
      limits: { fuel: 100_000_000_000, memory_mb: 256 },
    };
    const report = await glovebox.run({ value: plan }, { value: scope, directory: workspace });
    const step = report.steps[0];
    if (report.status === "completed") return { output: step?.output, fuel: step?.resource_usage.fuel ?? 0 };
    const { code, data } = step?.error ?? {};
    if (code !== "ACTION_FAILED") throw new Error(JSON.stringify([report.error, step?.error, report.findings]));
    const { case: error, payload } = data as { case: string; payload: unknown };
    return { error, payload };
  };
  return {
    at,
    put: (name, content) => {
      mkdirSync(dirname(at(name)), { recursive: true });
      writeFileSync(at(name), content);
    },
    answer,
    output: async (action, params) => {
      const given = await answer(action, params);
      if ("error" in given) throw new Error(`${action}: ${given.error} ${JSON.stringify(given.payload)}`);
      return given.output;
    },
    failure: async (action, params) => {
      const given = await answer(action, params);
      if ("output" in given) throw new Error(`${action} gave ${JSON.stringify(given.output)}`);
      return given;
    },
  };
}
