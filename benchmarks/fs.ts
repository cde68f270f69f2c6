// The transactional filesystem: what a transaction costs, and what single calls cost through it.

import { memoryFigures, readFigures } from "./fs/calls.ts";
import { commitFigures, largeCommitFigures } from "./fs/commits.ts";
import { forkFigures, largeFileFigures } from "./fs/forks.ts";
import { heapFigures } from "./fs/memory.ts";
import { fill, MANY, place } from "./fs/trees.ts";
import type { Benchmark } from "./harness.ts";

export const benchmark: Benchmark = {
  name: "fs",
  about: "forks, renames, large files, single calls and commits of sandbox-fs, against node:fs, memfs and the shell",
  run: async () => {
    const many = place();
    try {
      fill(many.path, MANY);
      return [
        ...heapFigures(many),
        ...(await forkFigures(many)),
        ...(await largeFileFigures()),
        ...(await readFigures()),
        ...(await memoryFigures()),
        ...commitFigures(),
        ...largeCommitFigures(many),
      ];
    } finally {
      many.dispose();
    }
  },
};
