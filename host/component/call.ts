// One call of one action on one fresh instance: validate, lower, run, lift, and say how it ended.
// It must not know where the arguments come from or what is done with the outcome.

import type { CallOutcome } from "../contract/call.ts";
import { lift } from "../contract/lift.ts";
import { lower } from "../contract/lower.ts";
import { camelCase } from "../contract/names.ts";
import type { Action, JsonValue, WitType } from "../contract/types.ts";
import { checkArguments } from "../contract/validate.ts";
import { GloveboxError } from "../errors.ts";
import { criticalError } from "./failure.ts";
import type { ToolInstance } from "./instantiate.ts";

type Arguments = Readonly<Record<string, JsonValue>>;

/** Calls an action. Never throws: what goes wrong is the outcome, an `error` of the contract or a `critical` one. */
export async function call(instance: ToolInstance, action: Action, args: Arguments): Promise<CallOutcome> {
  try {
    checkFit(action, args);
    const run = exportOf(instance, action);
    const values = action.parameters.map(({ name, type }) =>
      lower(type, Object.hasOwn(args, name) ? (args[name] ?? null) : null),
    );
    instance.boundary.enter();
    const outcome = await outcomeOf(run, values, action, instance);
    if (instance.boundary.failure !== null) throw instance.boundary.failure;
    return outcome;
  } catch (thrown) {
    const failure = instance.boundary.failure ?? criticalError(thrown, instance.meter, instance.modules, action.name);
    return { kind: "critical", error: failure.toJSON() };
  }
}

async function outcomeOf(
  run: Run,
  values: readonly unknown[],
  action: Action,
  instance: ToolInstance,
): Promise<CallOutcome> {
  let result: unknown;
  try {
    const returned = run(...values);
    // Whatever else a guest returns is data, and never awaited: data may be called `then`.
    result = returned instanceof Promise ? await instance.boundary.settled(returned) : returned;
  } catch (thrown) {
    // Generated code throws the error value of a `result` as it is; whatever breaks throws an Error.
    if (!action.fallible || isFailure(thrown) || instance.boundary.failure !== null) throw thrown;
    return errorOutcome(action.error, thrown);
  }
  return { kind: "ok", output: action.output === null ? null : lift(action.output, result) };
}

function isFailure(thrown: unknown): boolean {
  return thrown instanceof Error || thrown instanceof WebAssembly.Exception;
}

function errorOutcome(type: WitType | null, thrown: unknown): CallOutcome {
  if (type === null) return { kind: "error", case: "error", payload: null };
  const value = lift(type, thrown);
  if (type.kind === "enum") return { kind: "error", case: String(value), payload: null };
  if (type.kind !== "variant") return { kind: "error", case: "error", payload: value };
  if (typeof value === "string") return { kind: "error", case: value, payload: null };
  const [[name, payload] = ["error", null]] = Object.entries(value as Readonly<Record<string, JsonValue>>);
  return { kind: "error", case: name, payload };
}

/** Errors: ARGUMENT_INVALID, with up to five of the problems in its message and all in its data. */
export function checkFit(action: Action, args: Arguments): void {
  const problems = checkArguments(action.parameters, args);
  const [first] = problems;
  if (first === undefined) return;
  const shown = problems
    .slice(0, 5)
    .map(({ pointer, message }) => (pointer === "" ? message : `${pointer}: ${message}`));
  throw new GloveboxError("ARGUMENT_INVALID", `${action.name}: ${shown.join("; ")}`, { data: { problems } });
}

type Run = (...values: readonly unknown[]) => unknown;

function exportOf({ exports }: ToolInstance, action: Action): Run {
  const { interface: owner, function: name } = action.export;
  const holder = owner === null ? exports : (own(exports, owner) ?? own(exports, camelCase(owner)));
  const run = holder === undefined ? undefined : own(holder, camelCase(name));
  if (typeof run === "function") return run as Run;
  throw new GloveboxError("STATE_INVALID", `the compiled tool does not export ${action.name}`);
}

function own(holder: unknown, key: string): unknown {
  return typeof holder === "object" && holder !== null && Object.hasOwn(holder, key)
    ? (holder as Record<string, unknown>)[key]
    : undefined;
}
