// What was thrown while a component ran -> the error that says why: a limit, a trap, or a broken promise of the component.
// It must not know actions or values.

import { GloveboxError } from "../errors.ts";
import type { Meter, TracedModule, TrapReport } from "../metering/index.ts";
import type { ModuleFacts } from "./compile.ts";

/** A core module of the component as it runs. */
export interface RunningModule {
  readonly module: WebAssembly.Module;
  readonly facts: ModuleFacts;
}

/** Explains whatever ended a call that its contract does not name. `doing` says what was going on: "file.read", "starting the tool". */
export function criticalError(
  thrown: unknown,
  meter: Meter,
  modules: readonly RunningModule[],
  doing: string,
): GloveboxError {
  if (thrown instanceof GloveboxError) return thrown;
  const report = meter.explain(thrown, modules.map(forReport));
  return report === undefined ? brokenAbi(thrown, doing) : trapError(report, doing, thrown);
}

function forReport({ module, facts }: RunningModule): TracedModule {
  return { ...facts, label: facts.label ?? undefined, names: new Map(facts.names), bytes: module };
}

const HINTS: Readonly<Record<TrapReport["code"], string>> = {
  FUEL_EXHAUSTED: "Ask for less in one step, or raise the fuel of the step or the scope.",
  STACK_EXHAUSTED: "Give the tool less deeply nested input, or raise stack_kb in the scope.",
  MEMORY_LIMIT: "Ask for less in one step, or raise memory_mb in the scope.",
  STOPPED: "The tool met a limit of the host.",
  TRAP: "This is a defect of the tool.",
};

function trapError(report: TrapReport, doing: string, cause: unknown): GloveboxError {
  const { code, kind, message, fuel } = report;
  return new GloveboxError(code === "STOPPED" ? "TRAP" : code, `${doing}: ${message}`, {
    hint: HINTS[code],
    data: { kind, fuel: String(fuel), ...placeOf(report) },
    cause,
  });
}

/** What the engine tells of where it happened: with `offset` the byte of the component's file. */
function placeOf({ module, function: where, offset }: TrapReport): Readonly<Record<string, unknown>> {
  return {
    ...(module === undefined ? {} : { module }),
    ...(where === undefined ? {} : { function: where.name ?? where.index }),
    ...(offset === undefined ? {} : { offset }),
  };
}

/** What is no trap comes from generated code, which throws where a component breaks the canonical ABI. */
function brokenAbi(thrown: unknown, doing: string): GloveboxError {
  const reason = thrown instanceof Error ? thrown.message : "it threw a value that its contract does not name";
  return new GloveboxError("CANONICAL_ABI", `${doing}: the tool broke the canonical ABI: ${reason.slice(0, 300)}`, {
    hint: "This is a defect of the tool.",
    cause: thrown,
  });
}
