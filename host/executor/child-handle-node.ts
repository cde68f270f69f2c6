// One child process, seen from the parent: started with as little as it needs, asked one thing at a time, killed at once.
// It must not know what a session or a run is.

import type { ChildProcess } from "node:child_process";
import { readFile } from "node:fs/promises";
import type { Socket } from "node:net";
import type { NetworkOutcome } from "../contract/network.ts";
import { GloveboxError, LimitError } from "../errors.ts";
import { BYTES_PER_MB, NETWORK_LIMITS } from "../limits.ts";
import { readChildMessage } from "./child-words.ts";
import { FrameReader, writeFrame } from "./frames-node.ts";
import type { ChildMessage, ParentMessage } from "./messages.ts";
import { spawnSandboxed } from "./sandbox-node.ts";

type AnswerType = Exclude<ChildMessage["type"], "fetch">;
type Answer<Type> = Extract<ChildMessage, { type: Type }>;
type Fetch = (request: unknown) => Promise<NetworkOutcome>;

/** What the child may take while it is asked. */
export interface AskLimits {
  /** The longest message that it may answer with. */
  readonly answerBytes: number;
  /** The memory of its process, where the machine tells; it is looked at now and then. */
  readonly memoryBytes: number;
  /** Sends the requests of its guest; left out, the child may not ask for any. */
  readonly fetch?: Fetch;
}

const MEMORY_WATCH_MS = 100;
/** Requests, and what is asked of sockets: one thing at a time. */
const MOST_FETCHES = NETWORK_LIMITS.openRequests + 1;

export class ChildHandle {
  readonly #process: ChildProcess;
  readonly #streams: readonly Socket[];
  #waiting: { resolve(message: ChildMessage): void; reject(error: Error): void } | null = null;
  #fetch: Fetch | undefined;
  #fetching = 0;
  #ended: GloveboxError | null = null;
  #answerBytes = 0;
  #asked = 0;

  /** Starts a child that may read `readable` and nothing else: no writes, processes, add-ons or network. */
  constructor(readable: readonly string[], flags: readonly string[] = [], script = "child-node") {
    this.#process = spawnSandboxed({ script, readable, flags });
    this.#streams = this.#process.stdio.filter((stream) => stream !== null) as Socket[];
    const reader = new FrameReader(() => this.#answerBytes);
    this.#process.stdout?.on("data", (chunk: Buffer) => this.#read(reader, chunk));
    // Writing to a child that has just ended fails; its end is what is told.
    for (const stream of this.#streams) stream.on("error", () => undefined);
    this.#process.on("error", (error) => this.#end(lost("could not be started", error)));
    this.#process.on("exit", (code, signal) =>
      this.#end(lost(`ended unexpectedly (${signal ?? `exit code ${code}`})`)),
    );
    this.rest();
  }

  /** Asks, and waits for the answer. Errors: EXECUTOR_LOST when the child ended or said what it may not, MEMORY_LIMIT, or what the child says went wrong with itself. */
  async ask<Type extends AnswerType>(
    question: ParentMessage,
    expected: Type,
    limits: AskLimits,
  ): Promise<Answer<Type>> {
    if (this.#ended !== null) throw this.#ended;
    this.#asked += 1;
    this.#answerBytes = limits.answerBytes;
    this.#fetch = limits.fetch;
    this.#process.ref();
    for (const stream of this.#streams) stream.ref();
    const { promise, resolve, reject } = Promise.withResolvers<ChildMessage>();
    this.#waiting = { resolve, reject };
    const watch = setInterval(() => this.#watchMemory(limits.memoryBytes), MEMORY_WATCH_MS);
    try {
      if (this.#process.stdin !== null) writeFrame(this.#process.stdin, question);
      const answer = await promise;
      if (answer.type === "failed") throw GloveboxError.fromJSON(answer.error);
      if (answer.type !== expected) throw this.#breakWith(lost("answered out of turn"));
      return answer as Answer<Type>;
    } finally {
      clearInterval(watch);
    }
  }

  /** How often it has been asked. */
  get asked(): number {
    return this.#asked;
  }

  /** While nothing is asked, an idle child does not keep its parent alive; it ends with it. */
  rest(): void {
    this.#process.unref();
    for (const stream of this.#streams) stream.unref();
  }

  /** At once, whatever the guest is doing. */
  kill(): void {
    this.#process.kill("SIGKILL");
  }

  get alive(): boolean {
    return this.#ended === null && !this.#process.killed;
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  #read(reader: FrameReader, chunk: Buffer): void {
    try {
      for (const message of reader.push(chunk)) this.#answer(readChildMessage(message));
    } catch (cause) {
      this.#breakWith(lost("said what could not be understood", cause));
    }
  }

  #answer(message: ChildMessage): void {
    if (this.#waiting === null) {
      this.#breakWith(lost("spoke without being asked"));
      return;
    }
    if (message.type === "fetch") {
      void this.#serve(message);
      return;
    }
    this.#waiting.resolve(message);
    this.#waiting = null;
    this.#answerBytes = 0;
  }

  async #serve({ number, request }: Answer<"fetch">): Promise<void> {
    if (this.#fetch === undefined || this.#fetching >= MOST_FETCHES) {
      this.#breakWith(lost("asked for more of the network than it may"));
      return;
    }
    this.#fetching += 1;
    const outcome = await this.#fetch(request);
    this.#fetching -= 1;
    if (this.alive && this.#process.stdin !== null)
      writeFrame(this.#process.stdin, { type: "fetched", number, outcome });
  }

  async #watchMemory(allowed: number): Promise<void> {
    const bytes = await residentBytes(this.pid);
    if (bytes <= allowed || this.#ended !== null) return;
    const message = `the process that runs the tool took ${Math.round(bytes / BYTES_PER_MB)} MiB`;
    this.#breakWith(new LimitError("MEMORY_LIMIT", message, "memory_mb", allowed));
  }

  /** Ends a child that cannot be believed any more. */
  #breakWith(error: GloveboxError): GloveboxError {
    this.#end(error);
    this.kill();
    return error;
  }

  #end(error: GloveboxError): void {
    this.#ended ??= error;
    this.#waiting?.reject(this.#ended);
    this.#waiting = null;
  }
}

function lost(how: string, cause?: unknown): GloveboxError {
  return new GloveboxError("EXECUTOR_LOST", `the executing process ${how}`, { cause });
}

/** Memory of a process that is its own, as Linux tells; 0 elsewhere. */
async function residentBytes(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/^RssAnon:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
}
