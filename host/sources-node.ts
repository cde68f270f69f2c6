// Plans and scopes as they are handed over, and as a journal keeps them.
// It must not read them.

import { realpathSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { JsonValue } from "./contract/types.ts";
import { GloveboxError } from "./errors.ts";
import type { GloveboxOptions, Source } from "./glovebox.ts";
import type { JournalSource, RunHeader } from "./journal/entries.ts";
import { CheckedPlan, type CheckedStep } from "./plan/checked-plan.ts";
import type { ParsedPlan } from "./plan/types.ts";

/** Errors: USAGE_INVALID for what is no source. */
export function sourceOf(source: Source, what: "plan" | "scope"): Source {
  if (typeof source === "object" && source !== null && ("text" in source || "value" in source)) return source;
  throw new GloveboxError("USAGE_INVALID", `the ${what} must be { file, text } or { value }`, {
    hint: `Wrap the ${what} in an object: { value: ${what} }.`,
  });
}

/** What a plan is tried under when no scope is given. */
export function auditScope({ steps }: ParsedPlan): { readonly value: object } {
  const actions = steps.flatMap((step) =>
    step === null ? [] : [step.action, ...(step.compensate === null ? [] : [step.compensate.action])],
  );
  return {
    value: {
      scope: "audit",
      actions: [...new Set(actions)].slice(0, 1000),
      filesystem: [{ path: "/project", access: "write" }],
    },
  };
}

/** What relative paths of a scope start at. */
export function directoryOf(source: Source): string {
  if ("file" in source) return resolve(dirname(source.file));
  return resolve(source.directory ?? ".");
}

/** What a run begins with besides its plan. */
interface Beginning {
  readonly scope: Source;
  readonly seed: string;
  readonly startNs: bigint;
}

export interface Given extends Beginning {
  readonly agent: string | null;
  readonly review: boolean;
  readonly parsed: ParsedPlan;
}

/** All that another process needs to go on with a run, or to run it again. */
export function headerOf(
  checked: CheckedPlan,
  { parsed, scope, agent, review, seed, startNs }: Given,
  { workspace, tools = [], executor = "process" }: GloveboxOptions,
): Omit<RunHeader, "type" | "version" | "run_id" | "created_at"> {
  const { plan_id, hash, steps } = CheckedPlan.open(checked);
  return {
    plan_id,
    plan_hash: hash,
    plan: parsed.document.value ?? null,
    inputs: parsed.inputs,
    scope: journalSource(scope),
    agent,
    tools: toolsOf(steps),
    tool_sources: tools.flatMap((tool) => (typeof tool === "string" ? [resolve(tool)] : [])),
    seed,
    start_ns: String(startNs),
    workspace: realWorkspace(workspace),
    executor,
    review,
  };
}

/** The path of a workspace without symlinks. Errors: WORKSPACE_INVALID when there is nothing. */
export function realWorkspace(workspace: string): string {
  try {
    return realpathSync(workspace);
  } catch (cause) {
    const hint = "name a directory that exists and that you may read with --workspace";
    const message = `the workspace ${resolve(workspace)} is not a directory`;
    throw new GloveboxError("WORKSPACE_INVALID", message, { hint, cause });
  }
}

/** A scope as a journal keeps it: another process may start elsewhere. */
function journalSource(scope: Source): JournalSource {
  const directory = directoryOf(scope);
  if ("value" in scope) return { value: JSON.parse(JSON.stringify(scope.value)) as JsonValue, directory };
  return { file: resolve(scope.file), text: scope.text };
}

/** The tools that steps and their compensations call, by name. */
export function toolsOf(steps: readonly CheckedStep[]): RunHeader["tools"] {
  const actions = steps.flatMap(({ action, compensation }) => [
    action,
    ...(compensation === null ? [] : [compensation.action]),
  ]);
  const tools = new Map(actions.map(({ tool }) => [`${tool.name} ${tool.digest}`, tool]));
  return [...tools].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { name, digest }]) => ({ name, digest }));
}
