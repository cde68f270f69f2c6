// The executor that the CLI uses: calls run in a child process that may read the granted roots and nothing else, and that can be killed.
// It must not know plans; the overlay that is committed stays here, and the child only proposes changes to it.

import type { NetworkOutcome } from "../contract/network.ts";
import { asGloveboxError, GloveboxError } from "../errors.ts";
import { BYTES_PER_MB } from "../limits.ts";
import { type AskLimits, ChildHandle } from "./child-handle-node.ts";
import { believable } from "./child-words.ts";
import type { CallRequest, CallResponse, NetworkSender, RunSetup, Session } from "./protocol.ts";
import type { RunFiles } from "./run-files.ts";
import { cancelled, criticalResponse, deadlineExceeded } from "./stopped.ts";

export interface ProcessOptions {
  readonly setup: RunSetup;
  readonly files: RunFiles;
  /** Where each tool lies compiled, by digest. */
  readonly tools: Readonly<Record<string, string>>;
  /** Where requests of guests go; left out, a child that has one is ended. */
  readonly send?: NetworkSender;
}

export interface PoolOptions {
  /** Idle children that are kept for the next run; default 2. */
  readonly size?: number;
  /** Children that `warm` starts ahead of the first run; default 0. At most `size` stay. */
  readonly warmUp?: number;
  /** After so many questions a child is not used for another run; default 1000. */
  readonly recycleAfter?: number;
  /** More flags of Node and V8 for the children. */
  readonly flags?: readonly string[];
}

const DEFAULTS = { size: 2, warmUp: 0, recycleAfter: 1000, flags: [] } as const;

type StartChild = (readable: readonly string[], flags: readonly string[]) => ChildHandle;

const startChild: StartChild = (readable, flags) => new ChildHandle(readable, flags);

interface Idle {
  readonly key: string;
  readonly child: ChildHandle;
}

/** Child processes that are warm: one that served a run serves the next one that may read the same. */
export class ProcessPool {
  readonly #codeDirectories: readonly string[];
  readonly #options: Required<PoolOptions>;
  /** The one that waits longest comes first. */
  readonly #idle: Idle[] = [];
  #closed = false;

  readonly #start: StartChild;

  /** `codeDirectories` hold our own code and its dependencies. */
  constructor(codeDirectories: readonly string[], options: PoolOptions = {}, start: StartChild = startChild) {
    this.#codeDirectories = codeDirectories;
    this.#options = { ...DEFAULTS, ...options };
    this.#start = start;
  }

  /** Starts the children that the options ask for, for runs that may read `tools` and `roots`. */
  warm(tools: readonly string[], roots: readonly string[]): void {
    const readable = this.#readable(tools, roots);
    for (let count = 0; count < this.#options.warmUp; count++) {
      this.#give(readable.join("\0"), this.#start(readable, this.#options.flags));
    }
  }

  /** Opens a session of one run. */
  open(options: ProcessOptions): Session {
    const { tools, setup } = options;
    const roots = setup.roots.map((root) => root.hostPath);
    const readable = this.#readable(Object.values(tools), roots);
    const key = readable.join("\0");
    const take = (): ChildHandle => this.#take(key) ?? this.#start(readable, this.#options.flags);
    return new ProcessSession(options, take, (child) => this.#give(key, child));
  }

  #readable(tools: readonly string[], roots: readonly string[]): readonly string[] {
    return [...new Set([...this.#codeDirectories, ...tools, ...roots])].sort();
  }

  #take(key: string): ChildHandle | null {
    const index = this.#idle.findLastIndex((idle) => idle.key === key && idle.child.alive);
    return index < 0 ? null : (this.#idle.splice(index, 1)[0]?.child ?? null);
  }

  #give(key: string, child: ChildHandle): void {
    child.rest();
    if (this.#closed || !child.alive || child.asked >= this.#options.recycleAfter) child.kill();
    else this.#idle.push({ key, child });
    while (this.#idle.length > this.#options.size) this.#idle.shift()?.child.kill();
  }

  close(): void {
    this.#closed = true;
    for (const { child } of this.#idle.splice(0)) child.kill();
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
    this.#opened = child.ask(
      { type: "open", setup, tools, layer: files.writable?.export() ?? null },
      "opened",
      OPENING,
    );
    this.#opened.catch(() => undefined); // told to the call that waits for it
    return child;
  }

  async call(request: CallRequest, signal: AbortSignal): Promise<CallResponse> {
    if (signal.aborted) throw cancelled();
    const child = this.#child ?? this.#open();
    const ended = new AbortController();
    const { send, setup } = this.#options;
    const fetch = send && ((asked: unknown): Promise<NetworkOutcome> => send(asked, ended.signal, request.sequence));
    try {
      await this.#opened;
      const answer = await unlessStopped(child, request, signal, {
        ...limitsOf(request, setup),
        ...(fetch === undefined ? {} : { fetch }),
      });
      const response = believable(answer.response, request);
      if (answer.layer !== null && response.reply.outcome.kind === "ok") this.#options.files.take(answer.layer);
      return response;
    } catch (error) {
      this.#child = null;
      child.kill();
      if (error instanceof GloveboxError && error.code === "CANCELLED") throw error;
      const what = `the process that ran ${request.action.name} ended`;
      return criticalResponse(asGloveboxError(error, "EXECUTOR_LOST", what));
    } finally {
      ended.abort();
    }
  }

  async close(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null) return;
    await this.#opened.catch(() => undefined); // a child that still has to answer is of no use to the next session
    this.#give(child);
  }
}

const OPENING: AskLimits = { answerBytes: BYTES_PER_MB, memoryBytes: 1024 * BYTES_PER_MB };

/** What an honest child may need: the guest's memory, its files, its output, each with room for copies; and Node itself. */
function limitsOf({ budget }: CallRequest, { writtenBytes }: RunSetup): AskLimits {
  return {
    answerBytes: 64 * BYTES_PER_MB + 4 * budget.outputBytes + 2 * writtenBytes,
    memoryBytes: 1024 * BYTES_PER_MB + budget.memoryBytes + 8 * budget.outputBytes + 4 * writtenBytes,
  };
}

/** The answer to a call, unless its deadline passes or the run is cancelled first. */
async function unlessStopped(
  child: ChildHandle,
  request: CallRequest,
  signal: AbortSignal,
  limits: AskLimits,
): ReturnType<typeof child.ask<"returned">> {
  const { promise: stopped, reject: stop } = Promise.withResolvers<never>();
  const cancel = (): void => stop(cancelled());
  signal.addEventListener("abort", cancel, { once: true });
  const timer = setTimeout(() => stop(deadlineExceeded(request)), request.budget.timeoutMs);
  const answer = child.ask({ type: "call", request }, "returned", limits);
  answer.catch(() => undefined); // when the deadline wins, the death of the child is no news
  try {
    return await Promise.race([answer, stopped]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", cancel);
  }
}
