// The resources of wasi:http/types that belong to a server. A tool is none: it can make a response and give it to nobody, and never
// holds a request to itself, since only wasi:http/incoming-handler hands them out.

import { GloveboxError } from "../../errors.ts";
import { guardMethods, Resource } from "../resource.ts";
import type { HttpAccount } from "./account.ts";
import type { FieldList } from "./field-list.ts";
import { Fields } from "./fields.ts";
import { BodyContent, OutgoingBody } from "./outgoing-body.ts";

/** A response that a guest puts together. */
export class OutgoingResponse extends Resource {
  readonly #account: HttpAccount;
  readonly #headers: FieldList;
  #status = 200;
  #bodyGiven = false;

  private constructor(account: HttpAccount, headers: FieldList) {
    super(account.ledger);
    this.#account = account;
    this.#headers = headers;
  }

  /** Errors: RESOURCE_LIMIT. */
  static make(account: HttpAccount, headers: Fields): OutgoingResponse {
    return new OutgoingResponse(account, Fields.take(headers));
  }

  statusCode(): number {
    return this.#status;
  }

  setStatusCode(status: number): void {
    if (status < 100 || status > 999) throw undefined;
    this.#status = status;
  }

  headers(): Fields {
    return Fields.view(this.#account, this.#headers);
  }

  body(): OutgoingBody {
    if (this.#bodyGiven) throw undefined;
    this.#bodyGiven = true;
    return new OutgoingBody(this.#account, new BodyContent(this.#account), this.#headers.get("content-length")[0]);
  }
}
guardMethods(OutgoingResponse);

/** A request to a server. */
export class IncomingRequest extends Resource {
  method(): never {
    return neverHeld();
  }

  pathWithQuery(): never {
    return neverHeld();
  }

  scheme(): never {
    return neverHeld();
  }

  authority(): never {
    return neverHeld();
  }

  headers(): never {
    return neverHeld();
  }

  consume(): never {
    return neverHeld();
  }
}
guardMethods(IncomingRequest);

/** Where a server puts its response. */
export class ResponseOutparam extends Resource {
  sendInformational(): never {
    return neverHeld();
  }

  /** Errors: TRAP. */
  static set(): never {
    return neverHeld();
  }
}
guardMethods(ResponseOutparam);

function neverHeld(): never {
  throw new GloveboxError("TRAP", "the guest used a handle that only a server holds");
}
