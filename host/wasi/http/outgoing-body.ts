// wasi:http/types.outgoing-body: a body that a guest writes. It is kept until it is finished, and then sent whole.

import { OutputStream, type Sink } from "../io/streams.ts";
import { guardMethods, Resource } from "../resource.ts";
import type { HttpAccount } from "./account.ts";
import { Fields } from "./fields.ts";
import { errorCode } from "./shapes.ts";

/** The bytes of a body, while they are written. */
export class BodyContent implements Sink {
  readonly #account: HttpAccount;
  readonly #pieces: Uint8Array[] = [];
  #length = 0;
  state: "open" | "finished" | "dropped" = "open";

  constructor(account: HttpAccount) {
    this.#account = account;
  }

  /** Errors: NET_LIMIT. Throws an error code when the body is finished already. */
  write(bytes: Uint8Array): void {
    if (this.state !== "open") throw "invalid";
    this.#account.hold(bytes.length);
    this.#account.bound("bodyBytes", this.#length + bytes.length, "wrote a body");
    this.#length += bytes.length;
    this.#pieces.push(bytes.slice());
  }

  close(): void {
    // The stream ends; the body says itself when it is finished.
  }

  get length(): number {
    return this.#length;
  }

  bytes(): Uint8Array {
    const whole = new Uint8Array(this.#length);
    let at = 0;
    for (const piece of this.#pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    return whole;
  }
}

/** The handle to a body; `expectedLength` is what its headers say of it. */
export class OutgoingBody extends Resource {
  readonly #account: HttpAccount;
  readonly #content: BodyContent;
  readonly #expectedLength: string | undefined;
  #given = false;

  /** Errors: RESOURCE_LIMIT. */
  constructor(account: HttpAccount, content: BodyContent, expectedLength: string | undefined) {
    super(account.ledger);
    this.#account = account;
    this.#content = content;
    this.#expectedLength = expectedLength;
  }

  /** Ends a body. Trailers are not sent: servers that need them are hard to find, and a body is always sent whole. */
  static finish(body: OutgoingBody, trailers: Fields | undefined): void {
    if (trailers !== undefined) Fields.take(trailers);
    const { length } = body.#content;
    const complete = body.#expectedLength === undefined || body.#expectedLength === String(length);
    if (complete) body.#content.state = "finished";
    body[Symbol.dispose]();
    if (!complete) throw errorCode("HTTP-request-body-size");
  }

  write(): OutputStream {
    if (this.#given) throw undefined;
    this.#given = true;
    return new OutputStream(this.#account.ledger, this.#content);
  }

  override [Symbol.dispose](): void {
    if (this.#content.state === "open") this.#content.state = "dropped";
    super[Symbol.dispose]();
  }
}
guardMethods(OutgoingBody);
