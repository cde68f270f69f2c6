// One committer per directory: a lock that the kernel lets go of when its holder dies.
// It must not know what is done under it. Node only.

import { createHash } from "node:crypto";
import { lstatSync, realpathSync } from "node:fs";
import { createServer } from "node:net";
import { CommitError } from "../errors.ts";

const WAIT_MS = 10;

/**
 * Runs `work` while no other process of this machine and network namespace does so for the same directory. LOCKED when
 * another one still does after `patienceMs`. Where there are no abstract sockets, the private directory alone keeps
 * committers apart.
 */
export function withLock<T>(directory: string, patienceMs: number, work: () => T): T {
  if (process.platform !== "linux") return work();
  const { dev, ino } = lstatSync(realpathSync(directory), { bigint: true });
  const name = `\0glovebox-commit-${createHash("sha256").update(`${dev}:${ino}`).digest("hex").slice(0, 32)}`;
  const server = createServer();
  server.on("error", () => undefined);
  for (let waited = 0; ; waited += WAIT_MS) {
    server.listen(name);
    if (server.listening) break;
    if (waited >= patienceMs) throw new CommitError("LOCKED", "another process is committing to this directory");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MS);
  }
  server.unref();
  try {
    return work();
  } finally {
    server.close();
  }
}
