// A thread of the child process that ends it when its parent is gone, also while a guest keeps the main thread busy.
// It must not know anything else.

import { readSync } from "node:fs";

/** The other end is held by the parent alone: reading from it ends when the parent does. */
const LIFELINE = 3;

try {
  readSync(LIFELINE, new Uint8Array(1));
} finally {
  process.kill(process.pid, "SIGKILL");
}
