// The executor that the CLI uses: calls run in a child process that may read the granted roots and nothing else, and that can be killed.
// It must not know plans; the overlay that is committed stays here, and the child only proposes changes to it.

import { asGloveboxError, GloveboxError } from "../errors.ts";
import { ChildHandle } from "./child-handle-node.ts";
import type { CallRequest, CallResponse, RunSetup, Session } from "./protocol.ts";
import type { RunFiles } from "./run-files.ts";
import { cancelled, criticalResponse, deadlineExceeded } from "./stopped.ts";

export interface ProcessOptions {
  readonly setup: RunSetup;
  readonly files: RunFiles;
  /** Where each tool lies compiled, by digest. */
  readonly tools: Readonly<Record<string, string>>;
}

/** Child processes that are warm: one that served a run serves the next one that may read the same. */
export class ProcessPool {
  readonly #codeDirectories: readonly string[];
  readonly #idle = new Map<string, ChildHandle>();

  /** `codeDirectories` hold our own code and its dependencies. */
  constructor(codeDirectories: readonly string[]) {
    this.#codeDirectories = codeDirectories;
  }

  /** Opens a session of one run. */
  open(options: ProcessOptions): Session {
    const readable = [
      ...this.#codeDirectories,
      ...Object.values(options.tools),
      ...options.setup.roots.map((root) => root.hostPath),
    ];
    const key = readable.join("\0");
    const take = (): ChildHandle => this.#take(key) ?? new ChildHandle(readable);
    return new ProcessSession(options, take, (child) => this.#give(key, child));
  }

  #take(key: string): ChildHandle | null {
    const child = this.#idle.get(key) ?? null;
    this.#idle.delete(key);
    return child?.alive === true ? child : null;
  }

  #give(key: string, child: ChildHandle): void {
    child.rest();
    this.#idle.get(key)?.kill();
    this.#idle.set(key, child);
  }

  close(): void {
    for (const child of this.#idle.values()) child.kill();
    this.#idle.clear();
  }
}

class ProcessSession implements Session {
  readonly #options: ProcessOptions;
  readonly #take: () => ChildHandle;
  readonly #give: (child: ChildHandle) => void;
  #child: ChildHandle | null = null;
  #opened: Promise<unknown> = Promise.resolve();

  constructor(options: ProcessOptions, take: () => ChildHandle, give: (child: ChildHandle) => void) {
    this.#options = options;
    this.#take = take;
    this.#give = give;
    this.#open(); // at once, so that the first call finds it warm
  }

  #open(): ChildHandle {
    const { setup, files, tools } = this.#options;
    const child = this.#take();
    this.#child = child;
    this.#opened = child.ask({ type: "open", setup, tools, layer: files.writable?.export() ?? null }, "opened");
    this.#opened.catch(() => undefined); // told to the call that waits for it
    return child;
  }

  async call(request: CallRequest, signal: AbortSignal): Promise<CallResponse> {
    if (signal.aborted) throw cancelled();
    const child = this.#child ?? this.#open();
    try {
      await this.#opened;
      const { response, layer } = await unlessStopped(child, request, signal);
      if (layer !== null) this.#options.files.take(layer);
      return response;
    } catch (error) {
      this.#child = null;
      child.kill();
      if (error instanceof GloveboxError && error.code === "CANCELLED") throw error;
      const what = `the process that ran ${request.action.name} ended`;
      return criticalResponse(asGloveboxError(error, "EXECUTOR_LOST", what));
    }
  }

  async close(): Promise<void> {
    if (this.#child !== null) this.#give(this.#child);
    this.#child = null;
  }
}

/** The answer to a call, unless its deadline passes or the run is cancelled first. */
async function unlessStopped(
  child: ChildHandle,
  request: CallRequest,
  signal: AbortSignal,
): ReturnType<typeof child.ask<"returned">> {
  const { promise: stopped, reject: stop } = Promise.withResolvers<never>();
  const cancel = (): void => stop(cancelled());
  signal.addEventListener("abort", cancel, { once: true });
  const timer = setTimeout(() => stop(deadlineExceeded(request)), request.budget.timeoutMs);
  const answer = child.ask({ type: "call", request }, "returned");
  answer.catch(() => undefined); // when the deadline wins, the death of the child is no news
  try {
    return await Promise.race([answer, stopped]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", cancel);
  }
}
