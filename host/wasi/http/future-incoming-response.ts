// wasi:http/types.future-incoming-response: a request on its way. It is sent when the guest first waits for what comes of it, or asks whether it
// is there: so no guest learns how long a server took, none turns in a loop, and what nobody waits for is never sent.

import type { HttpOutcome } from "../../contract/http.ts";
import { GloveboxError } from "../../errors.ts";
import { Pollable } from "../io/poll.ts";
import { guardMethods, Resource } from "../resource.ts";
import type { HttpAccount } from "./account.ts";
import { IncomingResponse } from "./incoming-response.ts";
import type { RequestParts } from "./outgoing-request.ts";
import { RequestOptions, type Timeouts } from "./request-options.ts";
import { type ErrorCode, errorCode, type Result } from "./shapes.ts";

type Settled = Exclude<HttpOutcome, { kind: "limit" }>;
type Answer = Result<Result<IncomingResponse, ErrorCode>, undefined>;

/** What a request will come to. */
export class FutureIncomingResponse extends Resource {
  readonly #account: HttpAccount;
  readonly #parts: RequestParts;
  readonly #timeouts: Timeouts;
  #sent: Promise<void> | null = null;
  #outcome: Settled | null = null;
  #taken = false;

  /** Errors: RESOURCE_LIMIT. */
  constructor(account: HttpAccount, parts: RequestParts, options: RequestOptions | undefined) {
    super(account.ledger);
    this.#account = account;
    this.#parts = parts;
    this.#timeouts = RequestOptions.timeoutsOf(options);
  }

  subscribe(): Pollable {
    const event = { isReady: () => this.#outcome !== null, wait: () => this.#send() };
    return Pollable.event(this.#account.ledger, event);
  }

  get(): Answer | Promise<Answer> {
    return this.#outcome === null ? this.#send().then(() => this.#take()) : this.#take();
  }

  #take(): Answer {
    if (this.#taken || this.#outcome === null) return { tag: "err", val: undefined };
    this.#taken = true;
    const outcome = this.#outcome;
    return outcome.kind === "error"
      ? { tag: "ok", val: { tag: "err", val: errorCode(outcome.code) } }
      : { tag: "ok", val: { tag: "ok", val: new IncomingResponse(this.#account, outcome.response) } };
  }

  #send(): Promise<void> {
    this.#sent ??= this.#exchange();
    return this.#sent;
  }

  async #exchange(): Promise<void> {
    const { method, scheme, authority, pathWithQuery, headers, body, bodyGiven } = this.#parts;
    if (bodyGiven && body.state === "open") {
      throw new GloveboxError("HTTP_INVALID", "the tool waits for the response to a request that it has not finished", {
        hint: "This is a defect of the tool: it has to finish the body first.",
      });
    }
    if (bodyGiven && body.state === "dropped") {
      this.#outcome = { kind: "error", code: "HTTP-protocol-error", note: null };
      return;
    }
    this.#outcome = await this.#account.send({
      method,
      scheme: scheme?.tag === "HTTP" ? "http" : "https",
      authority: authority ?? "",
      pathWithQuery: pathWithQuery === undefined || pathWithQuery === "" ? "/" : pathWithQuery,
      headers: headers.entries,
      body: body.bytes(),
      ...this.#timeouts,
    });
  }
}
guardMethods(FutureIncomingResponse);
