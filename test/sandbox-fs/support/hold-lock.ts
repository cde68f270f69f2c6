// Holds the commit lock of a directory until it is killed.

import { withLock } from "../../../sandbox-fs/node/lock.ts";

withLock(process.argv[2] ?? ".", 0, () => {
  process.send?.("held");
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);
});
