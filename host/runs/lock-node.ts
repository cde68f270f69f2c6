// One process at a time works on a run: a lock that the kernel lets go of when its holder dies. Node only.
// It must not know what a run is.

import { createHash } from "node:crypto";
import { lstatSync } from "node:fs";
import { connect, createServer } from "node:net";

/** Holds the lock of a directory until `release`, or until this process ends. */
export interface DirectoryLock {
  release(): void;
}

/** The lock of a directory, or null when another process, or this one, holds it. Where there are no abstract sockets, nobody is kept out. */
export function lockDirectory(directory: string): DirectoryLock | null {
  if (process.platform !== "linux") return { release: () => undefined };
  const server = createServer((socket) => socket.destroy());
  server.on("error", () => undefined);
  server.listen(nameOf(directory));
  if (!server.listening) return null;
  server.unref();
  return { release: () => void server.close() };
}

/** Whether somebody holds the lock of a directory. */
export async function isLocked(directory: string): Promise<boolean> {
  if (process.platform !== "linux") return false;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(nameOf(directory));
  socket.on("connect", () => resolve(true));
  socket.on("error", () => resolve(false));
  const locked = await promise;
  socket.destroy();
  return locked;
}

function nameOf(directory: string): string {
  const { dev, ino } = lstatSync(directory, { bigint: true });
  return `\0glovebox-run-${createHash("sha256").update(`${dev}:${ino}`).digest("hex").slice(0, 32)}`;
}
