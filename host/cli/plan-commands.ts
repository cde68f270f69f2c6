// Commands that look at plans: what a plan may reach, its graph, and the smallest scope for it.
// A client of the public entry, nothing more.

import { dirname } from "node:path";
import { Document } from "yaml";
import { type Glovebox, GloveboxError, openGlovebox, type PlanOutline } from "../index.ts";
import { safeJson } from "../telemetry/index.ts";
import { OK } from "./exit-codes.ts";
import type { Io } from "./io.ts";
import { renderGraph } from "./render/plan-graph.ts";
import { readSource } from "./source-file.ts";

export interface PlanOptions {
  readonly scope?: string;
  readonly workspace?: string;
  readonly tools?: readonly string[];
  readonly input?: readonly string[];
  readonly json?: boolean;
}

/** Prints the plan as a Mermaid flowchart, or as data. */
export async function graph(planFile: string, options: PlanOptions, io: Io): Promise<number> {
  const plan = await readSource("plan", planFile);
  const scope = options.scope === undefined ? undefined : await readSource("scope", options.scope);
  const outline = await withGlovebox(
    options,
    (glovebox): PlanOutline => glovebox.outline(plan, scope, { inputs: inputsOf(options.input) }),
  );
  io.out.write(options.json ? `${safeJson(outline, 2)}\n` : renderGraph(outline));
  return OK;
}

/** Tries the plan, throws away what it did, and prints the smallest scope that it needs. Errors: PLAN_REJECTED, and that of the run when it fails. */
export async function suggest(planFile: string, options: PlanOptions, io: Io): Promise<number> {
  const plan = await readSource("plan", planFile);
  const scope = options.scope === undefined ? undefined : await readSource("scope", options.scope);
  const inputs = inputsOf(options.input);
  const {
    scope: suggested,
    notes,
    report,
  } = await withGlovebox(options, (glovebox) => glovebox.suggest(plan, scope, { inputs }));
  if (suggested === null) {
    const { error, findings } = report;
    const [first] = findings.filter(({ severity }) => severity === "error");
    const why = first === undefined ? "" : `: ${first.message}`;
    throw new GloveboxError(error?.code ?? "PLAN_REJECTED", `${error?.message ?? "the plan did not run"}${why}`, {
      hint: "give --scope with all that the plan may be tried with; what is suggested is a part of it",
    });
  }
  if (options.json) io.out.write(`${safeJson({ scope: suggested, notes }, 2)}\n`);
  else io.out.write(scopeText(suggested, notes));
  return OK;
}

function scopeText(scope: object, notes: readonly string[]): string {
  const document = new Document(scope);
  const lines = [
    "The smallest scope that the plan needed when it was tried, with twice the resources. Read it before you use it.",
    ...notes,
  ];
  document.commentBefore = lines.map((line) => ` ${line}`).join("\n");
  return document.toString({ flowCollectionPadding: true, lineWidth: 0 });
}

/** `name=value` pairs as values of inputs. Errors: USAGE_INVALID. */
export function inputsOf(pairs: readonly string[] = []): Readonly<Record<string, string>> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf("=");
      if (at > 0) return [pair.slice(0, at), pair.slice(at + 1)];
      throw new GloveboxError("USAGE_INVALID", `"${pair}" is no input`, { hint: "write --input name=value" });
    }),
  );
}

async function withGlovebox<Answer>(
  { workspace, scope, tools = [] }: PlanOptions,
  ask: (glovebox: Glovebox) => Answer | Promise<Answer>,
): Promise<Answer> {
  const directory = workspace ?? (scope === undefined ? "." : dirname(scope));
  const glovebox = await openGlovebox({ workspace: directory, tools, executor: "process" });
  try {
    return await ask(glovebox);
  } finally {
    await glovebox.close();
  }
}
