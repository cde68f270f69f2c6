// The commands: each opens the library, asks it one thing, prints the answer and gives the exit code.
// A client of the public entry, nothing more.

import { dirname } from "node:path";
import { describeTool, type Glovebox, inspectProtections, inspectTool, type Listener, openGlovebox } from "../index.ts";
import { jsonLogListener, openTelemetryListener, parentFromTraceparent, safeJson } from "../telemetry/index.ts";
import { exitCodeOfRun, FAILED, OK, REJECTED } from "./exit-codes.ts";
import type { Io } from "./io.ts";
import { inputsOf } from "./plan-commands.ts";
import { progressListener } from "./progress.ts";
import { renderCheck } from "./render/check-report.ts";
import { renderOutline } from "./render/plan-outline.ts";
import { renderProtections } from "./render/protections.ts";
import { renderRun } from "./render/run-report.ts";
import { renderTool } from "./render/tool.ts";
import { readSource } from "./source-file.ts";
import { readToolLock } from "./tool-lock.ts";

export interface CheckOptions {
  readonly scope: string;
  readonly workspace?: string;
  readonly tools?: readonly string[];
  /** The file with the lock that the tools must fit. */
  readonly lock?: string;
  /** Where runs are kept. */
  readonly state?: string;
  readonly json?: boolean;
  /** Whose plan it is. */
  readonly agent?: string;
  /** `name=value`, for the inputs of the plan. */
  readonly input?: readonly string[];
  readonly explain?: boolean;
}

export interface RunOptions extends CheckOptions {
  readonly dryRun?: boolean;
  readonly review?: boolean;
  readonly record?: boolean;
  readonly log?: "json";
  readonly executor: "inline" | "process";
}

export interface InspectOptions {
  readonly json?: boolean;
  readonly jsonSchema?: boolean;
  readonly typescript?: boolean;
}

/** Checks a plan against a scope, and runs nothing. */
export async function check(planFile: string, options: CheckOptions, io: Io): Promise<number> {
  const plan = await readSource("plan", planFile);
  const scope = await readSource("scope", options.scope);
  const { agent } = options;
  const asked = { inputs: inputsOf(options.input), ...(agent === undefined ? {} : { agent }) };
  const { report, outline } = await withGlovebox(options, "inline", (glovebox) => ({
    report: glovebox.check(plan, scope, asked),
    outline: options.explain ? glovebox.outline(plan, scope, asked) : null,
  }));
  if (options.json) io.out.write(`${safeJson(outline === null ? report : { ...report, outline }, 2)}\n`);
  else {
    io.out.write(renderCheck(io.out.view, report));
    if (outline !== null) io.out.write(`\n${renderOutline(io.out.view, outline)}`);
  }
  return report.accepted ? OK : REJECTED;
}

/** Runs a plan. An interrupt cancels it, which rolls it back; further ones change nothing. */
export async function run(planFile: string, options: RunOptions, io: Io): Promise<number> {
  const plan = await readSource("plan", planFile);
  const scope = await readSource("scope", options.scope);
  const cancel = new AbortController();
  const stopListening = io.onInterrupt(() => cancel.abort());
  try {
    const report = await withGlovebox(options, options.executor, (glovebox) =>
      glovebox.run(plan, scope, {
        inputs: inputsOf(options.input),
        dryRun: options.dryRun ?? false,
        ...(options.agent === undefined ? {} : { agent: options.agent }),
        review: options.review ?? false,
        record: options.record ?? false,
        signal: cancel.signal,
        listeners: runListeners(options, io),
      }),
    );
    io.out.write(options.json ? `${safeJson(report, 2)}\n` : renderRun(io.out.view, report));
    return exitCodeOfRun(report);
  } finally {
    stopListening();
  }
}

/** Shows what a tool offers and needs, or its actions' types in the form that was asked for. */
export async function inspect(file: string, options: InspectOptions, io: Io): Promise<number> {
  const inspection = await inspectTool(file);
  if (options.jsonSchema || options.typescript) {
    const { schemas, typescript } = await describeTool(file);
    io.out.write(options.typescript ? `${typescript}\n` : `${safeJson(schemas, 2)}\n`);
    return OK;
  }
  io.out.write(options.json ? `${safeJson(inspection, 2)}\n` : renderTool(io.out.view, inspection));
  return OK;
}

/** Says which protections hold on this machine. */
export async function doctor({ json }: { readonly json?: boolean }, io: Io): Promise<number> {
  const protections = await inspectProtections();
  io.out.write(json ? `${safeJson({ protections }, 2)}\n` : renderProtections(io.out.view, protections));
  return protections.every(({ holds, required }) => holds || !required) ? OK : FAILED;
}

async function withGlovebox<Answer>(
  { workspace, scope, tools = [], lock, state }: CheckOptions,
  executor: "inline" | "process",
  ask: (glovebox: Glovebox) => Answer | Promise<Answer>,
): Promise<Answer> {
  const locked = lock === undefined ? {} : { toolLock: await readToolLock(lock) };
  const kept = state === undefined ? {} : { stateDirectory: state };
  const glovebox = await openGlovebox({ workspace: workspace ?? dirname(scope), tools, executor, ...locked, ...kept });
  try {
    return await ask(glovebox);
  } finally {
    await glovebox.close();
  }
}

/** Spans, as part of the trace that TRACEPARENT names, for an SDK that `node --import` has registered; and log lines where asked for, or progress. */
function runListeners({ log }: RunOptions, io: Io): readonly Listener[] {
  const parent = parentFromTraceparent(io.environment.TRACEPARENT ?? "");
  const telemetry = openTelemetryListener(parent === undefined ? {} : { parent });
  if (log === undefined) return io.err.isTerminal ? [telemetry, progressListener(io.err)] : [telemetry];
  const write = (line: string): void => io.err.write(`${line}\n`);
  return [telemetry, jsonLogListener({ write, now: io.now, traceId: telemetry.traceId })];
}
