// Where the calls of one runtime run: in a pool of child processes, or in this thread. Node only.
// It must not know plans, nor what a call is for.

import { resolve } from "node:path";
import type { PreparedTool } from "./component/instantiate.ts";
import { prepareFromDisk } from "./component/prepare-node.ts";
import { codeDirectories } from "./directories-node.ts";
import { GloveboxError } from "./errors.ts";
import { openInlineSession } from "./executor/inline.ts";
import { ProcessPool } from "./executor/process-node.ts";
import type { NetworkSender, RunSetup, Session } from "./executor/protocol.ts";
import type { RunClock } from "./executor/run-clock.ts";
import type { RunFiles } from "./executor/run-files.ts";
import type { GloveboxOptions } from "./glovebox.ts";
import type { Toolbox } from "./toolbox-node.ts";

/** Steps of one plan that run at once in processes: more help only plans that wait, and each is a process. */
const SIDE_BY_SIDE = 4;

/** Opens sessions: one for each run, and more where steps run side by side. */
export class Sessions {
  readonly #executor: "inline" | "process";
  readonly #directories: Toolbox["directories"];
  readonly #processes: ProcessPool;
  readonly #prepared = new Map<string, Promise<PreparedTool>>();

  constructor(options: GloveboxOptions, { directories }: Toolbox) {
    this.#executor = options.executor ?? "process";
    this.#directories = directories;
    this.#processes = new ProcessPool(codeDirectories(), options.processes);
    // The runs that it guesses are those that may see the workspace and nothing else.
    this.#processes.warm(Object.values(directories), [resolve(options.workspace)]);
  }

  /** How many calls of one run can be made at the same time: in this thread, one. */
  get atOnce(): number {
    return this.#executor === "process" ? SIDE_BY_SIDE : 1;
  }

  open(setup: RunSetup, files: RunFiles, clock: RunClock, send: NetworkSender): Session {
    if (this.#executor === "process") {
      return this.#processes.open({ setup, files, tools: this.#directories, send });
    }
    const context = { files, clock, environment: setup.environment, seed: setup.seed, prepare: this.#prepare, cpuMs };
    return openInlineSession(context, () => performance.now(), send);
  }

  close(): void {
    this.#processes.close();
    this.#prepared.clear();
  }

  readonly #prepare = (digest: string): Promise<PreparedTool> => {
    const directory = this.#directories[digest];
    if (directory === undefined)
      throw new GloveboxError("TOOL_NOT_FOUND", `no tool with the digest ${digest} is loaded`);
    const prepared = this.#prepared.get(digest) ?? prepareFromDisk(directory);
    this.#prepared.set(digest, prepared);
    return prepared;
  };
}

function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
