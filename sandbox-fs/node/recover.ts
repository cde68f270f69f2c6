// Recovery of a directory of the host.
// It must not know the protocol. Node only.

import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { type Recovery, recoverTree } from "../commit/recover.ts";
import { CommitError, hostCode } from "../errors.ts";
import { isReserved } from "../names.ts";
import { hostNode } from "./host-node.ts";
import { withLock } from "./lock.ts";

export interface RecoverOptions {
  /** How long to wait for another process that is committing (default 10 s). */
  readonly patienceMs?: number;
}

/**
 * Finishes or undoes what an interrupted commit to `directory` left; to be called before the first use. CommitError
 * LOCKED, or RECOVERY_REQUIRED when a person has to look: nothing is touched then.
 */
export function recover(directory: string, options: RecoverOptions = {}): Recovery {
  try {
    // Whoever commits has put its traces there before it changes anything: without them there is nothing to wait for.
    if (!readdirSync(directory).some(isReserved)) return "nothing";
    return withLock(directory, options.patienceMs ?? 10_000, () => recoverOn(directory));
  } catch (cause) {
    if (cause instanceof CommitError) throw cause;
    const message = `the directory cannot be recovered (${hostCode(cause) ?? "unknown"})`;
    throw new CommitError("RECOVERY_REQUIRED", message, { cause });
  }
}

function recoverOn(directory: string): Recovery {
  const host = hostNode(directory);
  try {
    return recoverTree(host, () => createHash("sha256"));
  } finally {
    host.close();
  }
}
