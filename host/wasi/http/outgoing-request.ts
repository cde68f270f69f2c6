// wasi:http/types.outgoing-request: a request that a guest puts together. What could mean two things to two parsers is refused at once.

import { isAuthority, isMethod, isPathWithQuery } from "../../contract/http.ts";
import { guardMethods, Resource } from "../resource.ts";
import type { HttpAccount } from "./account.ts";
import type { FieldList } from "./field-list.ts";
import { Fields } from "./fields.ts";
import { BodyContent, OutgoingBody } from "./outgoing-body.ts";
import { type Method, methodName, methodOf, type Scheme } from "./shapes.ts";

/** What a request is made of, after the guest gave it away. */
export interface RequestParts {
  readonly method: string;
  readonly scheme: Scheme | undefined;
  readonly authority: string | undefined;
  readonly pathWithQuery: string | undefined;
  readonly headers: FieldList;
  readonly body: BodyContent;
  /** Whether the guest asked for the body, and so has to finish it. */
  readonly bodyGiven: boolean;
}

/** A request that was not sent yet. */
export class OutgoingRequest extends Resource {
  readonly #account: HttpAccount;
  readonly #headers: FieldList;
  readonly #body: BodyContent;
  #bodyGiven = false;
  #method = "GET";
  #scheme: Scheme | undefined;
  #authority: string | undefined;
  #path: string | undefined;

  private constructor(account: HttpAccount, headers: FieldList) {
    super(account.ledger);
    this.#account = account;
    this.#headers = headers;
    this.#body = new BodyContent(account);
  }

  /** Errors: RESOURCE_LIMIT. */
  static make(account: HttpAccount, headers: Fields): OutgoingRequest {
    return new OutgoingRequest(account, Fields.take(headers));
  }

  /** What is in a request that a guest gives away: its handle is gone. */
  static take(request: OutgoingRequest): RequestParts {
    request[Symbol.dispose]();
    return {
      method: request.#method,
      scheme: request.#scheme,
      authority: request.#authority,
      pathWithQuery: request.#path,
      headers: request.#headers,
      body: request.#body,
      bodyGiven: request.#bodyGiven,
    };
  }

  body(): OutgoingBody {
    if (this.#bodyGiven) throw undefined;
    this.#bodyGiven = true;
    return new OutgoingBody(this.#account, this.#body, this.#headers.get("content-length")[0]);
  }

  method(): Method {
    return methodOf(this.#method);
  }

  setMethod(method: Method): void {
    const name = methodName(method);
    if (!isMethod(name)) throw undefined;
    this.#method = name;
  }

  pathWithQuery(): string | undefined {
    return this.#path;
  }

  setPathWithQuery(path: string | undefined): void {
    if (path !== undefined && path !== "" && !isPathWithQuery(path)) throw undefined;
    this.#hold(path);
    this.#path = path;
  }

  scheme(): Scheme | undefined {
    return this.#scheme;
  }

  setScheme(scheme: Scheme | undefined): void {
    if (scheme?.tag === "other") throw undefined;
    this.#scheme = scheme;
  }

  authority(): string | undefined {
    return this.#authority;
  }

  setAuthority(authority: string | undefined): void {
    if (authority !== undefined && !isAuthority(authority)) throw undefined;
    this.#hold(authority);
    this.#authority = authority;
  }

  headers(): Fields {
    return Fields.view(this.#account, this.#headers);
  }

  #hold(text: string | undefined): void {
    this.#account.hold(text?.length ?? 0);
  }
}
guardMethods(OutgoingRequest);
