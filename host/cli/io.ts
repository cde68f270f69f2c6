// What a command of the CLI has of the world: two outputs, an environment, and signals. Tests bring their own.
// It must not know what commands do.

import { GloveboxError } from "../index.ts";
import { createView, type View } from "./render/view.ts";

export interface Output {
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
  readonly view: View;
}

export interface Io {
  readonly out: Output;
  readonly err: Output;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The time for log lines, as ISO 8601. */
  now(): string;
  /** Calls back at each Ctrl-C (SIGINT, SIGTERM or SIGHUP) instead of ending the process, until the returned function is called. */
  onInterrupt(callback: () => void): () => void;
}

/** Columns of an output that is no terminal. */
const DEFAULT_WIDTH = 120;

/** The real world of this process. */
export function processIo(): Io {
  return {
    out: streamOutput(process.stdout, refuse),
    err: streamOutput(process.stderr, () => {}), // there is nowhere left to say it
    environment: process.env,
    now: () => new Date().toISOString(),
    onInterrupt,
  };
}

function streamOutput(stream: NodeJS.WriteStream, fail: (error: NodeJS.ErrnoException) => void): Output {
  // The reader of a pipe may go whenever it likes (`| head`); what it did not want to read is lost, the run is not.
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") fail(error);
  });
  return {
    write: (text) => void stream.write(text),
    isTerminal: stream.isTTY === true,
    view: createView(stream.columns ?? DEFAULT_WIDTH, hasColours(stream)),
  };
}

function refuse(cause: NodeJS.ErrnoException): never {
  throw new GloveboxError("OUTPUT_UNWRITABLE", `standard output cannot be written: ${cause.message}`, {
    hint: "what the command did before it printed its answer stands; free some space, or send the output elsewhere",
    cause,
  });
}

function hasColours(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY === true && stream.hasColors(); // which honours NO_COLOR
}

function onInterrupt(callback: () => void): () => void {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, callback);
  return () => {
    for (const signal of signals) process.off(signal, callback);
  };
}
