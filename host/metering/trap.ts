// Tells what ended a call: one of our limits, or one of WebAssembly's own traps, in the same words on every engine.
// It must not know how limits are enforced.

import type { TracedModule } from "./metered-module.ts";
import { type TrapPlace, trapPlace } from "./trap-place.ts";
import { STATE_CHECK_FAILED, STATE_HOST_REFUSED, STATE_MEMORY_REFUSED, STATE_TABLE_REFUSED } from "./word.ts";

/** The traps of the WebAssembly specification, whatever an engine calls them. */
export type TrapKind =
  | "unreachable"
  | "out_of_bounds_memory"
  | "out_of_bounds_table"
  | "integer_divide_by_zero"
  | "integer_overflow"
  | "invalid_conversion"
  | "indirect_call_mismatch"
  | "null_reference"
  | "uncaught_exception"
  | "host_out_of_memory"
  | "other";

/**
 * What ended a call. `code`, `kind`, `fuel` and `deterministic` are the same on every engine and tier. `module`, `function` and
 * `offset`, which `message` repeats, are what the engine tells: V8 the same in every tier, Bun's JavaScriptCore nothing.
 */
export interface TrapReport {
  readonly code: "FUEL_EXHAUSTED" | "STACK_EXHAUSTED" | "MEMORY_LIMIT" | "STOPPED" | "TRAP";
  /** The trap; with `MEMORY_LIMIT`, the one that followed the refusal. */
  readonly kind: TrapKind;
  readonly message: string;
  /** Which module, by its label. */
  readonly module: TrapPlace["module"];
  /** In which function, by its index, and the author's name for it. */
  readonly function: TrapPlace["function"] | undefined;
  readonly offset: TrapPlace["offset"];
  readonly fuel: bigint;
  /** False when the engine's own stack ended before ours: a host with too small a stack. */
  readonly deterministic: boolean;
}

/** What the meter knows when a call ends. */
export interface MeterState {
  readonly state: number;
  readonly fuelUsedUp: boolean;
  readonly stackUsedUp: boolean;
  readonly stopped: boolean;
  readonly fuel: bigint;
  readonly modules: readonly TracedModule[];
}

// messages of V8, SpiderMonkey and JavaScriptCore; the first that matches
const KINDS: readonly (readonly [RegExp, TrapKind])[] = [
  [/divide result|division result|integer overflow/i, "integer_overflow"],
  [/trunc|float unrepresentable|invalid conversion/i, "invalid_conversion"],
  [/(divide|division|remainder) by zero/i, "integer_divide_by_zero"],
  [/table.*out of bounds|out of bounds (table|call_indirect)|element segment/i, "out_of_bounds_table"],
  [/signature|indirect call|call_indirect|null function/i, "indirect_call_mismatch"],
  [/out of bounds|data segment/i, "out_of_bounds_memory"],
  [/unreachable/i, "unreachable"],
  [/null/i, "null_reference"],
];

/** Classifies what was thrown; nothing when it did not come from WebAssembly. */
export function explainTrap(thrown: unknown, meter: MeterState): TrapReport | undefined {
  const kind = trapKind(thrown);
  if (kind === undefined && !meter.stopped) return undefined;
  const code = codeOf(kind, meter);
  const where = kind === "engine_stack" ? undefined : trapPlace(thrown, meter.modules);
  return {
    code,
    kind: kind ?? "other",
    message: messageOf(code, kind ?? "other", where === undefined ? "" : ` in ${describe(where, meter.modules)}`),
    module: where?.module,
    function: where?.function,
    offset: where?.offset,
    fuel: meter.fuel,
    deterministic: kind !== "engine_stack" && (meter.state & STATE_HOST_REFUSED) === 0,
  } as TrapReport;
}

function codeOf(kind: TrapKind | "engine_stack" | undefined, meter: MeterState): TrapReport["code"] {
  if (meter.stopped) return "STOPPED";
  if (kind === "engine_stack") return "STACK_EXHAUSTED";
  if (kind === "unreachable" && (meter.state & STATE_CHECK_FAILED) !== 0) {
    return meter.fuelUsedUp ? "FUEL_EXHAUSTED" : "STACK_EXHAUSTED";
  }
  return (meter.state & (STATE_MEMORY_REFUSED | STATE_TABLE_REFUSED)) !== 0 ? "MEMORY_LIMIT" : "TRAP";
}

function trapKind(thrown: unknown): TrapKind | "engine_stack" | undefined {
  if (thrown instanceof RangeError && /call stack|recursion/i.test(thrown.message)) return "engine_stack";
  if (thrown instanceof Error && thrown.name === "InternalError" && /recursion/i.test(thrown.message))
    return "engine_stack";
  if (typeof WebAssembly.Exception === "function" && thrown instanceof WebAssembly.Exception)
    return "uncaught_exception";
  if (!(thrown instanceof WebAssembly.RuntimeError)) return undefined;
  return KINDS.find(([pattern]) => pattern.test(thrown.message))?.[1] ?? "other";
}

function messageOf(code: TrapReport["code"], kind: string, place: string): string {
  switch (code) {
    case "FUEL_EXHAUSTED":
      return `the fuel is used up${place}`;
    case "STACK_EXHAUSTED":
      return `calls nest too deep${place}`;
    case "MEMORY_LIMIT":
      return `memory was refused at the limit, and the tool gave up (${kind.replaceAll("_", " ")}${place})`;
    case "STOPPED":
      return "the host stopped the call";
    case "TRAP":
      return `trap: ${kind.replaceAll("_", " ")}${place}`;
  }
}

function describe({ module, function: { index, name }, offset }: TrapPlace, modules: readonly TracedModule[]): string {
  const several = modules.filter(({ label }) => label !== undefined).length > 1;
  const owner = several && module !== undefined ? ` of ${module}` : "";
  return `${name ?? `function ${index}`}${owner}${offset === undefined ? "" : ` (at byte ${offset})`}`;
}
