// The transaction of one run: what a plan needs from the world, given by an executor's session and the overlay of the run.
// It must not know the plan; it sees one call after another.

import { FsError } from "../sandbox-fs/index.ts";
import type { CallOutcome } from "./contract/call.ts";
import { GloveboxError } from "./errors.ts";
import type { Session } from "./executor/protocol.ts";
import type { RunFiles } from "./executor/run-files.ts";
import type { FileChange } from "./hooks.ts";
import type { StepCall, StepReply, ToolCaller } from "./plan/tool-caller.ts";

export interface TransactionOptions {
  readonly files: RunFiles;
  readonly session: Session;
  /** What guests see as the time of the run's start: nanoseconds since the epoch. */
  readonly startNs: bigint;
  readonly durability: "full" | "fast";
}

/** Opens the transaction of a run; the session is closed when it ends. */
export function openTransaction(options: TransactionOptions): ToolCaller {
  return new RunTransaction(options);
}

class RunTransaction implements ToolCaller {
  readonly #options: TransactionOptions;
  #calls = 0;
  #elapsedNs = 0n;

  constructor(options: TransactionOptions) {
    this.#options = options;
  }

  async call({ action, arguments: args, budget }: StepCall, signal: AbortSignal): Promise<StepReply> {
    const { files, session, startNs } = this.#options;
    const savepoint = files.writable?.savepoint();
    try {
      const clockNs = String(startNs + this.#elapsedNs);
      const request = { sequence: this.#calls++, clockNs, action, arguments: args, budget };
      const { reply, elapsedNs } = await session.call(request, signal);
      this.#elapsedNs += BigInt(elapsedNs);
      const changes = changed(reply.outcome) && savepoint !== undefined ? files.asGuestSees(savepoint.diff()) : [];
      savepoint?.release();
      return { ...reply, changes };
    } catch (error) {
      savepoint?.rollback();
      throw error;
    }
  }

  async diff(): Promise<readonly FileChange[]> {
    const { files } = this.#options;
    return files.writable === null ? [] : files.asGuestSees(files.writable.diff({ text: true }));
  }

  async commit(): Promise<void> {
    const { files, durability } = this.#options;
    try {
      files.writable?.commit({ durability });
    } catch (error) {
      throw commitError(error);
    }
  }

  async discard(): Promise<void> {
    this.#options.files.discard();
  }
}

function changed(outcome: CallOutcome): boolean {
  return outcome.kind === "ok";
}

function commitError(error: unknown): GloveboxError {
  if (error instanceof GloveboxError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  const code = error instanceof FsError && error.code.startsWith("CONFLICT") ? "COMMIT_CONFLICT" : "COMMIT_FAILED";
  return new GloveboxError(code, `the changes were not applied: ${reason}`, { cause: error });
}
