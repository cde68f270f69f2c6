// A run over real overlays, whose calls take as long as a seeded random says: for what must not depend on timing.

import type { CallOutcome } from "../../../host/contract/call.ts";
import type { CallRequest, CallResponse, RunSetup, Session } from "../../../host/executor/protocol.ts";
import { openRunFiles, type RunFiles } from "../../../host/executor/run-files.ts";
import type { RunEvent } from "../../../host/hooks.ts";
import { Lanes } from "../../../host/lanes.ts";
import type { CheckedPlan } from "../../../host/plan/checked-plan.ts";
import { execute } from "../../../host/plan/execute.ts";
import type { ToolCaller } from "../../../host/plan/tool-caller.ts";
import type { RunReport } from "../../../host/report.ts";
import { openTransaction, type Transaction } from "../../../host/transaction.ts";
import { memoryBase, type Overlay } from "../../../sandbox-fs/index.ts";
import { ok } from "./fake-caller.ts";

const SETUP: RunSetup = {
  roots: [{ id: "workspace", hostPath: "/", writable: true }],
  mounts: [{ guestPath: "/project", root: "workspace", path: "", access: "write", file: false }],
  environment: {},
  seed: "0".repeat(64),
  writtenBytes: 1_000_000,
};

export interface Timing {
  readonly atOnce: number;
  /** Gives numbers from 0 to 1. */
  readonly random: () => number;
  /** What each call tells besides its result: its clock and its sequence. */
  readonly stamped?: boolean;
  readonly onCall?: (step: string) => void;
  readonly signal?: AbortSignal;
  /** Default true: effects outside of the workspace do not take place. */
  readonly dryRun?: boolean;
}

export interface SideBySide {
  /** Without what wall clocks say. */
  readonly report: RunReport;
  readonly events: readonly RunEvent[];
  /** The most calls that were made at the same time. */
  readonly most: number;
}

/** Runs a plan over a small tree, without committing. */
export async function runSideBySide(plan: CheckedPlan, timing: Timing): Promise<SideBySide> {
  const base = memoryBase({ f0: "zero\n", f1: "one\n", f2: "two\n", d: { entries: { x: "ex\n" } } });
  const files = openRunFiles(
    SETUP,
    () => base,
    () => 0n,
  );
  const calls = { now: 0, most: 0 };
  const lanes = new Lanes(() => ({ open: (over) => sessionOver(over, timing, calls), takeNetwork: () => [] }), files);
  const caller = openTransaction({ files, lanes, startNs: 1_000_000n, durability: "fast" });
  const events: RunEvent[] = [];
  const { atOnce, signal, dryRun = true } = timing;
  const report = await execute(plan, {
    caller: dryRun ? caller : uncommitted(caller),
    atOnce,
    statPath: async (path, place) => caller.filesAt(place).statFile(path),
    now: () => 0,
    sleep: async () => undefined,
    listeners: [{ onEvent: (event) => events.push(event) }],
    dryRun,
    ...(signal === undefined ? {} : { signal }),
  });
  await lanes.close();
  return { report, events, most: calls.most };
}

/** The base takes no commits. */
function uncommitted(caller: Transaction): ToolCaller {
  return {
    call: (call, signal) => caller.call(call, signal),
    mark: (place) => caller.mark?.(place),
    diff: (before) => caller.diff(before),
    commit: async () => undefined,
    discard: () => caller.discard(),
  };
}

function sessionOver(
  files: RunFiles,
  { random, stamped, onCall }: Timing,
  calls: { now: number; most: number },
): Session {
  return {
    call: async (request, signal) => {
      calls.now += 1;
      calls.most = Math.max(calls.most, calls.now);
      onCall?.(request.action.name);
      for (let ticks = Math.floor(random() * 6); ticks > 0; ticks -= 1) await new Promise(setImmediate);
      calls.now -= 1;
      signal.throwIfAborted();
      const outcome = files.writable === null ? ok() : perform(files.writable, request, stamped === true);
      return responseTo(outcome, request);
    },
    close: async () => undefined,
  };
}

function perform(
  overlay: Overlay,
  { action, arguments: args, sequence, clockNs }: CallRequest,
  stamped: boolean,
): CallOutcome {
  const path = String(args.path ?? "").replace("/project/", "");
  try {
    if (action.name === "mail.send") return ok(readText(overlay, String(args.text)));
    if (action.name === "file.read") return ok(readText(overlay, path).split("\n"));
    if (action.name === "file.remove") overlay.unlink(overlay.root, path);
    if (action.name !== "file.write") return ok();
    writeText(overlay, path, stamped ? `${args.text} at ${clockNs} by ${sequence}\n` : `${args.text}\n`);
    return ok();
  } catch {
    return { kind: "error", case: "not_found", payload: path };
  }
}

function readText(overlay: Overlay, path: string): string {
  const handle = overlay.open(overlay.root, path);
  const bytes = new Uint8Array(Number(overlay.stat(handle).size));
  overlay.read(handle, bytes, 0n);
  overlay.close(handle);
  return new TextDecoder().decode(bytes);
}

function writeText(overlay: Overlay, path: string, text: string): void {
  const handle = overlay.open(overlay.root, path, { write: true, create: true, truncate: true });
  overlay.write(handle, new TextEncoder().encode(text), 0n);
  overlay.close(handle);
}

function responseTo(outcome: CallOutcome, { sequence }: CallRequest): CallResponse {
  const usage = { fuel: 100 + (sequence % 7), cpu_ms: 0, memory_mb: 1, io_operations: 2, io_bytes: 10, host_calls: 1 };
  return { reply: { outcome, usage, stdout: "", stderr: "", violations: [] }, elapsedNs: "1000" };
}

/** A generator of numbers from 0 to 1: mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
