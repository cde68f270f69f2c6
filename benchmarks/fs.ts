// The transactional filesystem: what a transaction costs, and what single calls cost through it.

import { memoryFigures, readFigures } from "./fs/calls.ts";
import { commitFigures } from "./fs/commits.ts";
import { forkFigures, largeFileFigures } from "./fs/forks.ts";
import type { Benchmark } from "./harness.ts";

export const benchmark: Benchmark = {
  name: "fs",
  about: "forks, renames, large files, single calls and commits of sandbox-fs, against node:fs, memfs and the shell",
  run: async () => [
    ...(await forkFigures()),
    ...(await largeFileFigures()),
    ...(await readFigures()),
    ...(await memoryFigures()),
    ...commitFigures(),
  ],
};
