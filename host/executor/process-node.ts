// The executor that the CLI uses: calls run in a child process that may read the granted roots and nothing else, and that can be killed.
// It must not know plans; the overlay that is committed stays here, and the child only proposes changes to it.

import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { asGloveboxError, GloveboxError } from "../errors.ts";
import type { ChildMessage, ParentMessage } from "./messages.ts";
import type { CallRequest, CallResponse, RunSetup, Session } from "./protocol.ts";
import type { RunFiles } from "./run-files.ts";
import { cancelled, criticalResponse, deadlineExceeded } from "./stopped.ts";

export interface ProcessOptions {
  readonly setup: RunSetup;
  readonly files: RunFiles;
  /** Where each tool lies compiled, by digest. */
  readonly tools: Readonly<Record<string, string>>;
  /** Directories that hold our own code and its dependencies. */
  readonly codeDirectories: readonly string[];
}

/** Opens a session whose calls run in a child process. The child starts at once, so that the first call finds it warm. */
export function openProcessSession(options: ProcessOptions): Session {
  return new ProcessSession(options);
}

class ProcessSession implements Session {
  readonly #options: ProcessOptions;
  #child: Child | null;

  constructor(options: ProcessOptions) {
    this.#options = options;
    this.#child = new Child(options);
  }

  async call(request: CallRequest, signal: AbortSignal): Promise<CallResponse> {
    if (signal.aborted) throw cancelled();
    const child = this.#child ?? new Child(this.#options);
    this.#child = child;
    try {
      const { response, layer } = await child.call(request, signal);
      if (layer !== null) this.#options.files.take(layer);
      return response;
    } catch (error) {
      this.#child = null;
      child.kill();
      return this.#lost(error, request);
    }
  }

  #lost(error: unknown, { action }: CallRequest): CallResponse {
    if (error instanceof GloveboxError && error.code === "CANCELLED") throw error;
    return criticalResponse(asGloveboxError(error, "EXECUTOR_LOST", `the process that ran ${action.name} ended`));
  }

  async close(): Promise<void> {
    this.#child?.kill();
    this.#child = null;
  }
}

type Returned = Extract<ChildMessage, { type: "returned" }>;

/** One child process and the one question that it may be answering. */
class Child {
  readonly #process: ChildProcess;
  readonly #opened: Promise<void>;
  #settle: { resolve(message: ChildMessage): void; reject(error: Error): void } | null = null;

  constructor(options: ProcessOptions) {
    this.#process = fork(childEntry(), [], {
      env: {},
      execArgv: childFlags(options),
      serialization: "advanced",
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    this.#process.on("message", (message) => this.#answer(message as ChildMessage));
    this.#process.on("error", (error) => this.#settle?.reject(error));
    this.#process.on("exit", (code, signal) => this.#settle?.reject(lost(code, signal)));
    const layer = options.files.writable?.export() ?? null;
    this.#opened = this.#ask({ type: "open", setup: options.setup, tools: options.tools, layer }).then(() => undefined);
    this.#opened.catch(() => undefined); // told to the first call
  }

  async call(request: CallRequest, signal: AbortSignal): Promise<Returned> {
    const { promise: stopped, reject: stop } = Promise.withResolvers<never>();
    const cancel = (): void => stop(cancelled());
    signal.addEventListener("abort", cancel, { once: true });
    const timer = setTimeout(() => stop(deadlineExceeded(request)), request.budget.timeoutMs);
    try {
      const answer = this.#opened.then(() => this.#ask({ type: "call", request }));
      answer.catch(() => undefined); // when the deadline wins, the death of the child is no news
      return (await Promise.race([answer, stopped])) as Returned;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", cancel);
    }
  }

  /** At once, whatever the guest is doing. */
  kill(): void {
    this.#process.kill("SIGKILL");
  }

  #ask(message: ParentMessage): Promise<ChildMessage> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#process.send(message, (error) => {
        if (error !== null) reject(error);
      });
    });
  }

  #answer(message: ChildMessage): void {
    if (message.type === "failed") this.#settle?.reject(GloveboxError.fromJSON(message.error));
    else this.#settle?.resolve(message);
  }
}

function lost(code: number | null, signal: string | null): GloveboxError {
  return new GloveboxError(
    "EXECUTOR_LOST",
    `the executing process ended unexpectedly (${signal ?? `exit code ${code}`})`,
  );
}

function childEntry(): string {
  return fileURLToPath(
    new URL(import.meta.url.endsWith(".ts") ? "./child-node.ts" : "./child-node.js", import.meta.url),
  );
}

/** Node's permission model: read our code, the compiled tools and the granted roots; no writes, processes, workers, add-ons or network. */
function childFlags({ setup, tools, codeDirectories }: ProcessOptions): string[] {
  const readable = [...codeDirectories, ...Object.values(tools), ...setup.roots.map((root) => root.hostPath)];
  return [
    "--permission",
    ...readable.map((path) => `--allow-fs-read=${path}`),
    "--disallow-code-generation-from-strings",
    "--no-warnings",
  ];
}
