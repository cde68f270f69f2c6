// What arrives over a connection. Nothing is there until something was waited for, so that no guest learns when it came.
// It must not know the stream that shows it.

import type { Arrival } from "../../contract/sockets.ts";
import type { EventGroup, OutsideEvent } from "../io/poll.ts";
import type { Source } from "../io/streams.ts";

/** The receiving side of one connection. */
export class TcpInput implements Source, OutsideEvent {
  readonly socket: number;
  readonly group: EventGroup;
  #bytes = new Uint8Array(0);
  #state: "open" | "ended" | "failed" = "open";

  constructor(socket: number, group: EventGroup) {
    this.socket = socket;
    this.group = group;
  }

  get arrival(): OutsideEvent {
    return this;
  }

  isReady(): boolean {
    return this.#bytes.length > 0 || this.#state !== "open";
  }

  wait(): Promise<void> {
    return this.group.waitAny([this], null);
  }

  /** Throws an error code when the connection broke and all that came before was read. */
  read(max: number): Uint8Array {
    if (this.#bytes.length === 0 && this.#state === "failed") throw "io";
    const piece = this.#bytes.subarray(0, max);
    this.#bytes = this.#bytes.subarray(piece.length);
    return piece;
  }

  /** Nothing more is read. */
  close(): void {
    this.#bytes = new Uint8Array(0);
    if (this.#state === "open") this.#state = "ended";
  }

  /** Takes what came; there is only asked for more when all of it was read. */
  arrive({ bytes, end, error }: Arrival): void {
    if (this.#state !== "open") return;
    this.#bytes = new Uint8Array(bytes);
    if (end) this.#state = error === null ? "ended" : "failed";
  }

  /** Nothing came, and nothing will. */
  fail(): void {
    if (this.#state === "open") this.#state = "failed";
  }
}
