// Where the calls of one run are made when several are made at once: sessions that are opened as they are needed, and used again.
// It must not know the plan, nor what calls change.

import type { Session } from "./executor/protocol.ts";
import type { RunFiles } from "./executor/run-files.ts";
import type { NetworkExchange } from "./hooks.ts";

/** A way for one call at a time: sessions over files, and what its calls sent over the network. */
export interface Way {
  open(files: RunFiles): Session;
  /** What went over the network since this was last asked. */
  takeNetwork(): readonly NetworkExchange[];
}

/** A way with the session that is open on it. */
export interface Lane {
  readonly way: Way;
  readonly files: RunFiles;
  readonly session: Session;
}

/** The lanes of one run. */
export class Lanes {
  readonly #openWay: () => Way;
  readonly #idle: Lane[] = [];

  /** The first lane is opened at once over `files`, so that the first call finds it warm. */
  constructor(openWay: () => Way, files: RunFiles) {
    this.#openWay = openWay;
    const way = openWay();
    this.#idle.push({ way, files, session: way.open(files) });
  }

  /** A lane whose session is over these files; whoever takes it gives it back. */
  async take(files: RunFiles): Promise<Lane> {
    const fitting = this.#idle.findIndex((lane) => lane.files === files);
    const [lane] = this.#idle.splice(Math.max(0, fitting), 1);
    if (lane?.files === files) return lane;
    await lane?.session.close();
    const way = lane?.way ?? this.#openWay();
    return { way, files, session: way.open(files) };
  }

  give(lane: Lane): void {
    this.#idle.push(lane);
  }

  /** Closes the sessions that are not in use. */
  async close(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map(({ session }) => session.close()));
  }
}
