// The transaction of one run: what a plan needs from the world, given by an executor's session and the overlay of the run.
// It must not know the plan; it sees calls, and where each stands.

import { CommitError } from "../sandbox-fs/index.ts";
import { type Branch, Branches } from "./branches.ts";
import type { CallReply } from "./contract/call.ts";
import { asGloveboxError, type ErrorCode, GloveboxError } from "./errors.ts";
import type { RunFiles } from "./executor/run-files.ts";
import type { FileChange } from "./hooks.ts";
import type { Lane, Lanes } from "./lanes.ts";
import {
  type CallPlace,
  COMPENSATION_CALL,
  type StepCall,
  type StepReply,
  type ToolCaller,
} from "./plan/tool-caller.ts";

const CALLS_PER_STEP = COMPENSATION_CALL + 1;

export interface TransactionOptions {
  readonly files: RunFiles;
  readonly lanes: Lanes;
  /** What guests see as the time of the run's start: nanoseconds since the epoch. */
  readonly startNs: bigint;
  readonly durability: "full" | "fast";
  readonly isolation?: "writes" | "serializable";
}

interface TimedReply extends CallReply {
  readonly elapsedNs: string;
}

/** The transaction of a run, and the files in it. */
export interface Transaction extends ToolCaller {
  /** The files as a call at that place sees them; without a place, those that will be committed. */
  filesAt(place?: CallPlace): RunFiles;
}

/** Opens the transaction of a run. */
export function openTransaction(options: TransactionOptions): Transaction {
  return new RunTransaction(options);
}

class RunTransaction implements Transaction {
  readonly #options: TransactionOptions;
  readonly #branches: Branches;
  /** All calls of a plan without branches. */
  readonly #trunk: Branch;

  constructor(options: TransactionOptions) {
    const { files } = options;
    this.#options = options;
    this.#branches = new Branches(files);
    this.#trunk = { step: 0, files, elapsedNs: 0n };
  }

  async call(call: StepCall, signal: AbortSignal): Promise<StepReply> {
    const branch = this.#branchOf(call.place);
    const lane = await this.#options.lanes.take(branch.files);
    const savepoint = branch.files.writable?.savepoint();
    try {
      const reply = await this.#callOn(lane, branch, call, signal);
      const kept = reply.outcome.kind === "ok" && savepoint !== undefined;
      const changes = kept ? branch.files.asGuestSees(savepoint.diff()) : [];
      savepoint?.release();
      const network = lane.way.takeNetwork();
      return network.length === 0 ? { ...reply, changes } : { ...reply, changes, network };
    } catch (error) {
      lane.way.takeNetwork(); // a call that was cancelled reports nothing
      savepoint?.rollback();
      throw error;
    } finally {
      this.#options.lanes.give(lane);
    }
  }

  recall(place: CallPlace, elapsedNs: string): void {
    this.#branchOf(place).elapsedNs += BigInt(elapsedNs);
  }

  async #callOn({ session }: Lane, branch: Branch, call: StepCall, signal: AbortSignal): Promise<TimedReply> {
    const { action, arguments: args, budget, place } = call;
    const sequence = place.index * CALLS_PER_STEP + place.call;
    const clockNs = String(this.#options.startNs + branch.elapsedNs);
    const { reply, elapsedNs } = await session.call({ sequence, clockNs, action, arguments: args, budget }, signal);
    branch.elapsedNs += BigInt(elapsedNs);
    return { ...reply, elapsedNs };
  }

  #branchOf(place: CallPlace): Branch {
    return place.after === null ? this.#trunk : this.#branches.of(place);
  }

  filesAt(place?: CallPlace): RunFiles {
    return place === undefined ? this.#options.files : this.#branchOf(place).files;
  }

  mark(place: CallPlace): void {
    this.#branches.mark(place, this.#trunk.elapsedNs);
  }

  async diff(before?: number): Promise<readonly FileChange[]> {
    const { files } = this.#options;
    if (before !== undefined && this.#branches.some) return this.#branches.before(before);
    this.#branches.settle();
    return files.writable === null ? [] : files.asGuestSees(files.writable.diff({ text: true }));
  }

  async commit(): Promise<void> {
    const { files, durability, isolation = "writes" } = this.#options;
    this.#branches.settle();
    try {
      files.writable?.commit({ durability, isolation });
    } catch (error) {
      throw commitError(error, files);
    }
  }

  async discard(): Promise<void> {
    this.#options.files.discard();
  }
}

/** How a commit, or a recovery, went wrong. Paths are those that the plan knows. */
export function commitError(error: unknown, files: RunFiles | null): GloveboxError {
  if (!(error instanceof CommitError)) return asGloveboxError(error, "COMMIT_FAILED", "the changes were not applied");
  const asSeen = (path: string): string =>
    files?.asGuestSees([{ path, kind: "modified", type: "file" }])[0]?.path ?? path;
  const conflicts = error.conflicts.map(({ code, path }) => ({ code, path: asSeen(path) }));
  const data = conflicts.length === 0 ? {} : { conflicts };
  const first = conflicts[0];
  if (first !== undefined) {
    const more = conflicts.length === 1 ? "" : ` and ${conflicts.length - 1} more`;
    const message = `the files changed while the plan ran: ${first.path} (${first.code})${more}; nothing was applied`;
    return new GloveboxError("COMMIT_CONFLICT", message, {
      data,
      cause: error,
      hint: "run the plan again, over the files as they are now",
    });
  }
  return new GloveboxError(CODES[error.code] ?? "COMMIT_FAILED", error.message.replace(`${error.code}: `, ""), {
    data,
    cause: error,
  });
}

const CODES: Readonly<Partial<Record<CommitError["code"], ErrorCode>>> = {
  COMMIT_OUTCOME_UNKNOWN: "COMMIT_OUTCOME_UNKNOWN",
  RECOVERY_REQUIRED: "RECOVERY_REQUIRED",
  LOCKED: "WORKSPACE_LOCKED",
};
