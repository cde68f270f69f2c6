// wasi:http/types.incoming-response and incoming-body: a response that has arrived whole.

import type { HttpResponse } from "../../contract/http.ts";
import { InputStream, type Source } from "../io/streams.ts";
import { guardMethods, Resource } from "../resource.ts";
import type { HttpAccount } from "./account.ts";
import { FieldList } from "./field-list.ts";
import { Fields } from "./fields.ts";
import { FutureTrailers } from "./future-trailers.ts";

/** A response. */
export class IncomingResponse extends Resource {
  readonly #account: HttpAccount;
  readonly #response: HttpResponse;
  readonly #headers: FieldList;
  #consumed = false;

  /** Errors: RESOURCE_LIMIT. */
  constructor(account: HttpAccount, response: HttpResponse) {
    super(account.ledger);
    this.#account = account;
    this.#response = response;
    this.#headers = FieldList.received(account, response.headers);
  }

  status(): number {
    return this.#response.status;
  }

  headers(): Fields {
    return Fields.view(this.#account, this.#headers);
  }

  consume(): IncomingBody {
    if (this.#consumed) throw undefined;
    this.#consumed = true;
    return new IncomingBody(this.#account, this.#response);
  }
}
guardMethods(IncomingResponse);

/** Its body. */
export class IncomingBody extends Resource {
  readonly #account: HttpAccount;
  readonly #response: HttpResponse;
  #given = false;

  /** Errors: RESOURCE_LIMIT. */
  constructor(account: HttpAccount, response: HttpResponse) {
    super(account.ledger);
    this.#account = account;
    this.#response = response;
  }

  /** Trades a body for what comes after it. Errors: RESOURCE_LIMIT. */
  static finish(body: IncomingBody): FutureTrailers {
    body[Symbol.dispose]();
    return new FutureTrailers(body.#account, body.#response.trailers);
  }

  stream(): InputStream {
    if (this.#given) throw undefined;
    this.#given = true;
    return new InputStream(this.#account.ledger, sourceOf(this.#response.body));
  }
}
guardMethods(IncomingBody);

function sourceOf(bytes: Uint8Array): Source {
  let at = 0;
  return {
    read: (max) => {
      const piece = bytes.subarray(at, at + max);
      at += piece.length;
      return piece;
    },
    close: () => undefined,
  };
}
