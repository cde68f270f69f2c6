// One call, where it really happens: a fresh instance, a meter, a WASI host over the files of the run, and a savepoint.
// It must not know whether it runs in the parent or in a child, nor what a plan is.

import { call } from "../component/call.ts";
import { instantiate, type PreparedTool } from "../component/instantiate.ts";
import type { CallOutcome, CallReply } from "../contract/call.ts";
import { isHttpOutcome, isSocketOutcome, type NetworkOutcome } from "../contract/network.ts";
import { asGloveboxError, GloveboxError, LimitError } from "../errors.ts";
import type { ResourceUsage } from "../hooks.ts";
import { BYTES_PER_MB } from "../limits.ts";
import { Meter } from "../metering/meter.ts";
import { createWasi, type Wasi, type WasiSetup } from "../wasi/index.ts";
import { type Invocation, invocationOf } from "./invocation.ts";
import type { CallRequest, CallResponse } from "./protocol.ts";
import type { RunClock } from "./run-clock.ts";
import type { RunFiles } from "./run-files.ts";
import { notStarted } from "./stopped.ts";

/** Asks the network for something, on the side that has none. */
export type AskNetwork = (request: unknown) => Promise<NetworkOutcome>;

/** What the calls of one run have in common, on the side that runs them. */
export interface CallContext {
  readonly files: RunFiles;
  readonly clock: RunClock;
  readonly environment: Readonly<Record<string, string>>;
  readonly seed: string;
  /** True when the layer of a call tells what it looked at, too. */
  readonly reads?: boolean;
  /** Left out, guests reach no network. */
  readonly network?: AskNetwork;
  prepare(digest: string): Promise<PreparedTool>;
  /** CPU time of this process so far, in milliseconds. */
  cpuMs(): number;
}

/** What a call did, and, when it is kept, the changes that it made. */
export interface CallResult extends CallResponse {
  readonly layer: Uint8Array | null;
}

/** Runs one call. Its changes stay in the overlay when the outcome is `ok`, and are rolled back otherwise. Never rejects for what a guest did. */
export async function runCall(request: CallRequest, context: CallContext, exportLayer: boolean): Promise<CallResult> {
  const tool = await context.prepare(request.action.tool.digest);
  const { budget } = request;
  const meter = new Meter({
    fuel: BigInt(budget.fuel),
    memoryBytes: budget.memoryBytes,
    stackBytes: budget.stackBytes,
    tableElements: budget.tableElements,
  });
  const startedAt = context.clock.begin(BigInt(request.clockNs), () => meter.consumed);
  const opened = open(request, context, meter);
  if (opened.invocation === null) return { ...notStarted(opened.outcome), layer: null };
  const { invocation, wasi } = opened;
  const savepoint = context.files.writable?.savepoint();
  const cpuBefore = context.cpuMs();
  const { outcome, memoryBytes } = await outcomeOf(opened, tool, meter, request);
  const kept = outcome.kind === "ok";
  const layer = kept && exportLayer ? (savepoint?.export({ reads: context.reads === true }) ?? null) : null;
  if (kept) savepoint?.release();
  else savepoint?.rollback();
  const reply: CallReply = {
    outcome,
    usage: usageOf(wasi, meter, memoryBytes, context.cpuMs() - cpuBefore),
    stdout: wasi.stdout(),
    stderr: wasi.stderr(),
    violations: wasi.violations,
  };
  wasi.dispose();
  invocation.close();
  return { reply, elapsedNs: String(context.clock.now() - startedAt), layer };
}

interface Opened {
  readonly invocation: Invocation;
  readonly wasi: Wasi;
  /** Resolves when the call ends while its guest is suspended, and so can give no outcome. */
  readonly abandoned: Promise<null>;
}

/** Everything that the call needs from the host; or its outcome, when what it was given already decides that. */
function open(
  request: CallRequest,
  context: CallContext,
  meter: Meter,
): Opened | { readonly invocation: null; readonly outcome: CallOutcome } {
  try {
    const invocation = invocationOf(request, context.files);
    if ("kind" in invocation) return { invocation: null, outcome: invocation };
    const { promise: abandoned, resolve: abandon } = Promise.withResolvers<null>();
    const wasi = createWasi({
      ...invocation.given,
      environment: context.environment,
      clock: context.clock,
      random: { seed: context.seed, sequence: request.sequence },
      ...(context.network === undefined ? {} : senders(context.network)),
      ioOperations: request.budget.ioOperations,
      ioBytes: request.budget.ioBytes,
      stop: () => meter.stop(),
      abandon: () => abandon(null),
    });
    return { invocation, wasi, abandoned };
  } catch (thrown) {
    return { invocation: null, outcome: critical(thrown, request) };
  }
}

function senders(ask: AskNetwork): Pick<WasiSetup, "http" | "sockets"> {
  const strange = (): never => {
    throw new GloveboxError("EXECUTOR_LOST", "the network answered what was not asked");
  };
  return {
    http: async (request) => {
      const outcome = await ask(request);
      return isHttpOutcome(outcome) ? outcome : strange();
    },
    sockets: async (request) => {
      const outcome = await ask(request);
      return isSocketOutcome(outcome) ? outcome : strange();
    },
  };
}

interface Ended {
  readonly outcome: CallOutcome;
  readonly memoryBytes: number;
}

async function outcomeOf(
  { invocation, wasi, abandoned }: Opened,
  tool: PreparedTool,
  meter: Meter,
  request: CallRequest,
): Promise<Ended> {
  try {
    const instance = await instantiate(tool, wasi.imports, meter);
    const ended = await Promise.race([call(instance, invocation.action, invocation.arguments), abandoned]);
    if (ended !== null && ended.kind !== "critical") await settled(wasi);
    const called = ended ?? critical(wasi.failure, request);
    // The first failure at the border decides: a guest may catch it, and then meet or feign another.
    const outcome = invocation.outcome(called, instance.boundary.failure ?? wasi.failure, wasi);
    return { outcome: withBudget(bounded(outcome, request), request), memoryBytes: instance.memoryBytes() };
  } catch (thrown) {
    return { outcome: critical(wasi.failure ?? thrown, request), memoryBytes: 0 };
  }
}

/** What was written to connections leaves before the call ends; a limit that is met then is the wasi host's failure. */
async function settled(wasi: Wasi): Promise<void> {
  await wasi.settle()?.catch(() => undefined);
}

function critical(thrown: unknown, { action }: CallRequest): CallOutcome {
  return { kind: "critical", error: asGloveboxError(thrown, "TRAP", `${action.name} could not be started`).toJSON() };
}

/** Running out of fuel says of how much: the meter knows no budgets, only what is left. */
function withBudget(outcome: CallOutcome, { budget }: CallRequest): CallOutcome {
  if (outcome.kind !== "critical" || outcome.error.code !== "FUEL_EXHAUSTED") return outcome;
  const { message, data } = outcome.error;
  const error = {
    ...outcome.error,
    message: `${message}; it had ${budget.fuel}`,
    data: { ...data, budget: budget.fuel },
  };
  return { kind: "critical", error };
}

function bounded(outcome: CallOutcome, { action, budget }: CallRequest): CallOutcome {
  if (outcome.kind === "critical") return outcome;
  const value = outcome.kind === "ok" ? outcome.output : outcome.payload;
  const text = JSON.stringify(value);
  const bytes = text.length * 3 <= budget.outputBytes ? text.length : new TextEncoder().encode(text).length;
  if (bytes <= budget.outputBytes) return outcome;
  const error = new LimitError(
    "OUTPUT_LIMIT",
    `${action.name} returned ${bytes} bytes, more than the ${budget.outputBytes} allowed`,
    "output_mb",
    budget.outputBytes,
    {
      hint: "ask for less, or raise output_mb in the scope",
    },
  );
  return { kind: "critical", error: error.toJSON() };
}

function usageOf(wasi: Wasi, meter: Meter, memoryBytes: number, cpuMs: number): ResourceUsage {
  return {
    fuel: Number(meter.consumed),
    cpu_ms: Math.round(cpuMs * 1000) / 1000,
    memory_mb: memoryBytes / BYTES_PER_MB,
    io_operations: wasi.usage.ioOperations,
    io_bytes: wasi.usage.ioBytes,
    host_calls: wasi.usage.hostCalls,
  };
}
