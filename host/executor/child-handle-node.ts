// One child process, seen from the parent: started with as little as it needs, asked one thing at a time, killed at once.
// It must not know what a session or a run is.

import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { GloveboxError } from "../errors.ts";
import type { ChildMessage, ParentMessage } from "./messages.ts";

type Answer<Type> = Extract<ChildMessage, { type: Type }>;

export class ChildHandle {
  readonly #process: ChildProcess;
  #waiting: { resolve(message: ChildMessage): void; reject(error: Error): void } | null = null;
  #ended: Error | null = null;

  /** Starts a child that may read `readable` and nothing else: no writes, processes, workers, add-ons or network. */
  constructor(readable: readonly string[]) {
    this.#process = fork(childEntry(), [], {
      env: {},
      execArgv: [
        "--permission",
        ...readable.map((path) => `--allow-fs-read=${path}`),
        "--disallow-code-generation-from-strings",
        "--no-warnings",
      ],
      serialization: "advanced",
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    this.#process.on("message", (message) => this.#answer(message as ChildMessage));
    this.#process.on("error", (error) => this.#end(error));
    this.#process.on("exit", (code, signal) => this.#end(lost(code, signal)));
    this.rest();
  }

  /** Asks, and waits for the answer. Errors: EXECUTOR_LOST when the child ended, or what the child says went wrong with itself. */
  async ask<Type extends ChildMessage["type"]>(question: ParentMessage, expected: Type): Promise<Answer<Type>> {
    if (this.#ended !== null) throw this.#ended;
    this.#process.ref();
    this.#process.channel?.ref();
    const { promise, resolve, reject } = Promise.withResolvers<ChildMessage>();
    this.#waiting = { resolve, reject };
    this.#process.send(question, (error) => {
      if (error !== null) reject(error);
    });
    const answer = await promise;
    if (answer.type === "failed") throw GloveboxError.fromJSON(answer.error);
    if (answer.type !== expected)
      throw new GloveboxError("EXECUTOR_LOST", "the executing process answered out of turn");
    return answer as Answer<Type>;
  }

  /** While nothing is asked, an idle child does not keep its parent alive; it ends with it. */
  rest(): void {
    this.#process.unref();
    this.#process.channel?.unref();
  }

  /** At once, whatever the guest is doing. */
  kill(): void {
    this.#process.kill("SIGKILL");
  }

  get alive(): boolean {
    return this.#ended === null && !this.#process.killed;
  }

  #answer(message: ChildMessage): void {
    this.#waiting?.resolve(message);
    this.#waiting = null;
  }

  #end(error: Error): void {
    this.#ended ??= error;
    this.#waiting?.reject(error);
    this.#waiting = null;
  }
}

function lost(code: number | null, signal: string | null): GloveboxError {
  const how = signal ?? `exit code ${code}`;
  return new GloveboxError("EXECUTOR_LOST", `the executing process ended unexpectedly (${how})`);
}

function childEntry(): string {
  return fileURLToPath(
    new URL(import.meta.url.endsWith(".ts") ? "./child-node.ts" : "./child-node.js", import.meta.url),
  );
}
