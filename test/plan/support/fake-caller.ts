// A world in memory for plans to run in: a few files, tools that are functions, and a log of all that was asked.

import type { CallOutcome } from "../../../host/contract/call.ts";
import type { JsonValue } from "../../../host/contract/types.ts";
import { type ErrorCode, GloveboxError } from "../../../host/errors.ts";
import type { FileChange, ResourceUsage, RunEvent } from "../../../host/hooks.ts";
import type { Approve } from "../../../host/plan/approval.ts";
import type { CheckedPlan } from "../../../host/plan/checked-plan.ts";
import { type ExecuteOptions, execute } from "../../../host/plan/execute.ts";
import type { StepCall, StepReply, ToolCaller } from "../../../host/plan/tool-caller.ts";
import type { RunReport } from "../../../host/report.ts";

export type Tool = (args: Readonly<Record<string, JsonValue>>, attempt: number) => CallOutcome;

export const ok = (output: JsonValue = null): CallOutcome => ({ kind: "ok", output });
export const failed = (name = "busy", payload: JsonValue = null): CallOutcome => ({
  kind: "error",
  case: name,
  payload,
});
export const critical = (code: ErrorCode = "TRAP"): CallOutcome => ({
  kind: "critical",
  error: { code, message: `it ended with ${code}` },
});

const USAGE: ResourceUsage = { fuel: 100, cpu_ms: 1, memory_mb: 2, io_operations: 3, io_bytes: 40, host_calls: 5 };

const TOOLS: Readonly<Record<string, Tool>> = {
  "file.read": () => ok(["a", "b ERROR", "c"]),
  "file.write": () => ok(),
  "file.list": () => ok([{ name: "a", size: 1, link: null }]),
  "file.remove": () => ok(),
  "process.filter": () => ok([{ number: 2, text: "b ERROR", matched: true }]),
  "process.count": () => ok(3),
  "process.take": () => ok(["a"]),
  "process.join": () => ok("a b"),
  "process.guess": () => ok({ text: "x" }),
  "http.get": () => ok("body"),
  "mail.send": () => ok(),
  "ticket.open": () => ok({ id: "T1", queue_number: 4, labels: [] }),
  "ticket.close": () => ok(),
  "ticket.label": () => ok(),
};

export interface World {
  /** Replace tools of these names. */
  readonly tools?: Readonly<Record<string, Tool>>;
  readonly usage?: Partial<ResourceUsage>;
  readonly sizes?: Readonly<Record<string, number>>;
  /** Called before each thing that the run asks for; may throw, or abort. */
  readonly onAsk?: (what: string) => void;
  /** Actions that change the workspace besides what their effect says. */
  readonly alsoWrites?: readonly string[];
  readonly dryRun?: boolean;
  readonly atOnce?: number;
  /** How requests for approval are answered. */
  readonly approve?: Approve;
  readonly signal?: AbortSignal;
  /** A clock of the test's own. */
  readonly clock?: () => number;
  /** How far the clock goes with each call. */
  readonly msPerCall?: number;
}

export interface Ran {
  readonly report: RunReport;
  readonly events: readonly RunEvent[];
  /** What was asked for, in order: `call file.read`, `diff`, `commit`, `discard`, `sleep 100`, `stat /a`. */
  readonly log: readonly string[];
  readonly calls: readonly StepCall[];
  /** The files as they are after the run. */
  readonly files: ReadonlyMap<string, string>;
}

/** Runs a plan in a world of its own. */
export async function run(plan: CheckedPlan, world: World = {}): Promise<Ran> {
  const log: string[] = [];
  const events: RunEvent[] = [];
  let nowMs = 1000;
  const ask = (what: string): void => {
    log.push(what);
    world.onAsk?.(what);
  };
  const caller = new FakeCaller(world, ask, () => {
    nowMs += world.msPerCall ?? 1;
  });
  const options: ExecuteOptions = {
    caller,
    now: world.clock ?? (() => nowMs),
    sleep: async (ms, signal) => {
      ask(`sleep ${ms}`);
      nowMs += ms;
      if (signal.aborted) throw new GloveboxError("CANCELLED", "stopped sleeping");
    },
    statPath: async (path) => {
      ask(`stat ${path}`);
      const size = world.sizes?.[path];
      return size === undefined ? null : { size };
    },
    listeners: [{ onEvent: (event) => events.push(event), traceId: () => "f".repeat(32) }],
    ...(world.signal === undefined ? {} : { signal: world.signal }),
    ...(world.atOnce === undefined ? {} : { atOnce: world.atOnce }),
    ...(world.approve === undefined ? {} : { approve: world.approve }),
    ...(world.dryRun === undefined ? {} : { dryRun: world.dryRun }),
  };
  const report = await execute(plan, options);
  return { report, events, log, calls: caller.calls, files: caller.files };
}

class FakeCaller implements ToolCaller {
  readonly calls: StepCall[] = [];
  files: Map<string, string> = new Map([["/project/kept", "old"]]);
  readonly #world: World;
  readonly #ask: (what: string) => void;
  readonly #tick: () => void;
  readonly #attempts: Map<string, number> = new Map();
  #staged: FileChange[] = [];

  constructor(world: World, ask: (what: string) => void, tick: () => void) {
    this.#world = world;
    this.#ask = ask;
    this.#tick = tick;
  }

  async call(call: StepCall, signal: AbortSignal): Promise<StepReply> {
    this.calls.push(call);
    this.#ask(`call ${call.action.name}`);
    this.#tick();
    if (signal.aborted) throw new GloveboxError("CANCELLED", "the call was stopped");
    const attempt = (this.#attempts.get(call.step) ?? 0) + 1;
    this.#attempts.set(call.step, attempt);
    const tool = this.#world.tools?.[call.action.name] ?? TOOLS[call.action.name];
    const outcome = tool?.(call.arguments, attempt) ?? critical("INTERNAL_ERROR");
    const writes = call.action.effect === "reversible" || this.#world.alsoWrites?.includes(call.action.name) === true;
    const changes = outcome.kind === "ok" && writes ? [changeOf(call)] : [];
    this.#staged.push(...changes);
    const violations = outcome.kind === "critical" ? [outcome.error] : [];
    return { outcome, usage: { ...USAGE, ...this.#world.usage }, stdout: "", stderr: "", violations, changes };
  }

  async diff(): Promise<readonly FileChange[]> {
    this.#ask("diff");
    return this.#staged;
  }

  async commit(): Promise<void> {
    this.#ask("commit");
    for (const { path, kind } of this.#staged) {
      if (kind === "deleted") this.files.delete(path);
      else this.files.set(path, "new");
    }
  }

  async discard(): Promise<void> {
    this.#ask("discard");
    this.#staged = [];
  }
}

function changeOf({ action, arguments: args }: StepCall): FileChange {
  return { path: String(args.path), kind: action.name === "file.remove" ? "deleted" : "added", type: "file" };
}
