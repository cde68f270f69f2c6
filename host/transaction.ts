// The transaction of one run: what a plan needs from the world, given by an executor's session and the overlay of the run.
// It must not know the plan; it sees one call after another.

import { CommitError } from "../sandbox-fs/index.ts";
import { asGloveboxError, type ErrorCode, GloveboxError } from "./errors.ts";
import type { Session } from "./executor/protocol.ts";
import type { RunFiles } from "./executor/run-files.ts";
import type { FileChange, NetworkExchange } from "./hooks.ts";
import type { StepCall, StepReply, ToolCaller } from "./plan/tool-caller.ts";

export interface TransactionOptions {
  readonly files: RunFiles;
  readonly session: Session;
  /** What went over the network since this was last asked. */
  readonly takeNetwork: () => readonly NetworkExchange[];
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
    const { files, session, startNs, takeNetwork } = this.#options;
    const savepoint = files.writable?.savepoint();
    try {
      const clockNs = String(startNs + this.#elapsedNs);
      const request = { sequence: this.#calls++, clockNs, action, arguments: args, budget };
      const { reply, elapsedNs } = await session.call(request, signal);
      this.#elapsedNs += BigInt(elapsedNs);
      const kept = reply.outcome.kind === "ok" && savepoint !== undefined;
      const changes = kept ? files.asGuestSees(savepoint.diff()) : [];
      savepoint?.release();
      const network = takeNetwork();
      return network.length === 0 ? { ...reply, changes } : { ...reply, changes, network };
    } catch (error) {
      takeNetwork(); // a call that was cancelled reports nothing
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
