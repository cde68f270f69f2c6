// Processes that commit, as a test talks to them.
// It must not know what they are told to do.

import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("./committer.ts", import.meta.url));

export interface Said {
  readonly pid: number;
  readonly value?: unknown;
  readonly code?: string;
  readonly message?: string;
}

/** One process: told to start, listened to, killed. */
export class Committer {
  readonly #child: ChildProcess;
  readonly #said: Said[] = [];
  readonly #exited: Promise<void>;
  #wake: () => void = () => undefined;
  #hasExited = false;

  /** `wrapper` is a command that runs the process, such as one that gives it a namespace of its own. */
  constructor(directory: string, command: string, argument = "", wrapper: readonly string[] = []) {
    const [file = process.execPath, ...args] = [...wrapper, process.execPath, script, directory, command, argument];
    this.#child = spawn(file, args, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
    this.#child.on("message", (said: Said) => {
      this.#said.push(said);
      this.#wake();
    });
    this.#exited = new Promise((resolve) => this.#child.once("exit", () => resolve()));
    this.#child.once("exit", () => {
      this.#hasExited = true;
      this.#wake();
    });
  }

  /** Waits until the process is ready, tells it to start, and says what it said next. */
  async run(): Promise<Said> {
    await this.next();
    this.start();
    return this.next();
  }

  start(): void {
    this.#child.send("go");
  }

  async next(): Promise<Said> {
    while (this.#said.length === 0) {
      if (this.#hasExited) throw new Error("the process has ended without a word");
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#said.shift() as Said;
  }

  /** What it said that nobody has taken yet. */
  unheard(): readonly Said[] {
    return this.#said.splice(0);
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#exited;
  }
}
