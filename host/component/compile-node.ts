// Compiles in a child process with bounds on time and memory, since a component may be made to be hard to compile.
// It must not know caches. Node only.

import { type ChildProcess, fork } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type ErrorJson, GloveboxError } from "../errors.ts";
import type { BuildOptions, ToolEntry } from "./tool-entry.ts";

export interface CompileRequest extends BuildOptions {
  readonly component: Uint8Array;
}

export type CompileAnswer = { readonly entry: ToolEntry } | { readonly error: ErrorJson };

/** The child reads code and nothing else: no writes, no processes, no network. jco starts a worker when it is loaded. */
const PERMISSIONS = ["--permission", "--allow-fs-read=*", "--allow-worker", "--no-warnings"];

/** How often the parent looks at what the child takes. */
const WATCH_MS = 50;
/** Where the time of the processor cannot be read, and on a machine that is busy, the wall clock is the last bound. */
const WALL_CLOCK_FACTOR = 6;
const BYTES_PER_MB = 1024 * 1024;

/** Admits and compiles in a child process. Errors: those of `buildEntry`; COMPONENT_COMPILE_LIMIT when the child took too much or died: trying again is allowed. */
export async function buildEntryInChild(component: Uint8Array, options: BuildOptions): Promise<ToolEntry> {
  const child = fork(fileURLToPath(childScript()), [], {
    env: {},
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    execArgv: [`--max-old-space-size=${options.limits.compileMemoryMb}`, ...PERMISSIONS],
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const watch = new ChildWatch(child, options);
  try {
    const answer = await watch.answerTo({ ...options, component });
    if ("entry" in answer) return answer.entry;
    throw GloveboxError.fromJSON(answer.error);
  } finally {
    watch.stop();
    child.kill("SIGKILL");
    await ended;
  }
}

/** Beside this file, with the same extension: `.ts` in the sources, `.js` when built. */
function childScript(): URL {
  return new URL(
    import.meta.url.endsWith(".ts") ? "./compile-child-node.ts" : "./compile-child-node.js",
    import.meta.url,
  );
}

class ChildWatch {
  readonly #child: ChildProcess;
  readonly #options: BuildOptions;
  #timers: NodeJS.Timeout[] = [];

  constructor(child: ChildProcess, options: BuildOptions) {
    this.#child = child;
    this.#options = options;
  }

  answerTo(request: CompileRequest): Promise<CompileAnswer> {
    const { compileSeconds, compileMemoryMb } = this.#options.limits;
    return new Promise((resolve, reject) => {
      this.#child.once("message", (message) => resolve(message as CompileAnswer));
      this.#child.once("error", (cause) => reject(exceeded("could not be started", cause)));
      this.#child.once("exit", (code, signal) => reject(exceeded(`ended early (${signal ?? code})`)));
      const look = async (): Promise<void> => {
        const taken = await usageOf(this.#child.pid);
        if (taken.cpuSeconds > compileSeconds) reject(exceeded(`took more than ${compileSeconds} s of processor time`));
        if (taken.memoryMb > compileMemoryMb) reject(exceeded(`took more than ${compileMemoryMb} MiB`));
      };
      const wallClockMs = compileSeconds * WALL_CLOCK_FACTOR * 1000;
      this.#timers = [
        setInterval(look, WATCH_MS),
        setTimeout(() => reject(exceeded(`took more than ${wallClockMs / 1000} s`)), wallClockMs),
      ];
      this.#child.send(request, (error) => error && reject(exceeded("ended before it was asked", error)));
    });
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }
}

function exceeded(what: string, cause?: unknown): GloveboxError {
  return new GloveboxError("COMPONENT_COMPILE_LIMIT", `the compilation of the component ${what}`, {
    hint: "Try again; if it happens again, the component is too large or made to be hard to compile.",
    cause,
  });
}

/** What a process has taken so far, as Linux tells; zeros elsewhere. */
async function usageOf(pid: number | undefined): Promise<{ readonly cpuSeconds: number; readonly memoryMb: number }> {
  try {
    const [stat, status] = await Promise.all(
      ["stat", "status"].map((file) => readFile(`/proc/${pid}/${file}`, "utf8")),
    );
    // After the command in brackets: field 3 is the state, 14 and 15 are the times in ticks of 10 ms.
    const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ") ?? [];
    const [, kilobytes = "0"] = /^RssAnon:\s+(\d+) kB/m.exec(status ?? "") ?? [];
    const ticks = Number(fields[11]) + Number(fields[12]);
    return { cpuSeconds: ticks / 100, memoryMb: (Number(kilobytes) * 1024) / BYTES_PER_MB };
  } catch {
    return { cpuSeconds: 0, memoryMb: 0 };
  }
}
