// What leaves over a connection. It is kept until something is waited for, or there is no more room.
// It must not know the stream that takes it.

import { NETWORK_LIMITS } from "../../limits.ts";
import type { Departure, Sink } from "../io/streams.ts";
import type { SocketAccount } from "./account.ts";

/** The sending side of one connection. */
export class TcpOutput implements Sink, Departure {
  readonly #account: SocketAccount;
  readonly #socket: number;
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  #state: "open" | "finished" | "failed" = "open";

  constructor(account: SocketAccount, socket: number) {
    this.#account = account;
    this.#socket = socket;
  }

  get group(): SocketAccount {
    return this.#account;
  }

  get departure(): Departure {
    return this;
  }

  permit(): number {
    return this.#state === "open" ? NETWORK_LIMITS.socketBytes - this.#bytes : NETWORK_LIMITS.socketBytes;
  }

  isReady(): boolean {
    return this.#state !== "open" || this.permit() > 0;
  }

  /** Throws an error code when nothing more can be sent. */
  write(bytes: Uint8Array): void {
    if (this.#state !== "open") throw "io";
    if (bytes.length === 0) return;
    this.#pieces.push(bytes.slice());
    this.#bytes += bytes.length;
    this.#account.note(this, true);
  }

  async flush(): Promise<void> {
    await this.wait();
    if (this.#state === "failed") throw "io";
  }

  /** Resolves when all that was written has left, or cannot. */
  async wait(): Promise<void> {
    const bytes = this.#take();
    if (bytes === null) return;
    const outcome = await this.#account.ask({ kind: "send", socket: this.#socket, bytes });
    if (outcome.kind !== "done") this.#state = "failed";
  }

  /** The stream ends; the connection says itself when it is finished. */
  close(): void {
    // What was written still leaves.
  }

  /** Sends what is left, and then that there is no more. */
  finish(): void {
    if (this.#state !== "open") return;
    this.#sendRest();
    this.#state = "finished";
    this.#account.tell({ kind: "finish", socket: this.#socket });
  }

  /** Sends what is left, and then lets go of the connection. */
  end(): void {
    if (this.#state === "open") this.#sendRest();
    this.#state = "finished";
    this.#account.tell({ kind: "close", socket: this.#socket });
  }

  #sendRest(): void {
    const bytes = this.#take();
    if (bytes !== null) this.#account.tell({ kind: "send", socket: this.#socket, bytes });
  }

  #take(): Uint8Array | null {
    this.#account.note(this, false);
    if (this.#bytes === 0) return null;
    const whole = new Uint8Array(this.#bytes);
    let at = 0;
    for (const piece of this.#pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    this.#pieces = [];
    this.#bytes = 0;
    return whole;
  }
}
