// wasi:http/types.future-trailers: what comes after the body of a response. It has arrived with it.

import type { HttpHeader } from "../../contract/http.ts";
import { Pollable } from "../io/poll.ts";
import { guardMethods, Resource } from "../resource.ts";
import type { HttpAccount } from "./account.ts";
import { FieldList } from "./field-list.ts";
import { Fields } from "./fields.ts";
import type { ErrorCode, Result } from "./shapes.ts";

/** Trailers, to be had once. */
export class FutureTrailers extends Resource {
  readonly #account: HttpAccount;
  readonly #trailers: readonly HttpHeader[];
  #taken = false;

  /** Errors: RESOURCE_LIMIT. */
  constructor(account: HttpAccount, trailers: readonly HttpHeader[]) {
    super(account.ledger);
    this.#account = account;
    this.#trailers = trailers;
  }

  subscribe(): Pollable {
    return Pollable.alwaysReady(this.#account.ledger);
  }

  get(): Result<Result<Fields | undefined, ErrorCode>, undefined> {
    if (this.#taken) return { tag: "err", val: undefined };
    this.#taken = true;
    const fields =
      this.#trailers.length === 0
        ? undefined
        : Fields.view(this.#account, FieldList.received(this.#account, this.#trailers));
    return { tag: "ok", val: { tag: "ok", val: fields } };
  }
}
guardMethods(FutureTrailers);
