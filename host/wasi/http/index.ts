// The package wasi:http, but for what a server exports.

import type { HttpSender } from "../../contract/http.ts";
import type { Ledger } from "../ledger.ts";
import { guardFunctions, type Interfaces, resourceClass, withResources } from "../resource.ts";
import { HttpAccount } from "./account.ts";
import { Fields } from "./fields.ts";
import { FutureIncomingResponse } from "./future-incoming-response.ts";
import { FutureTrailers } from "./future-trailers.ts";
import { IncomingBody, IncomingResponse } from "./incoming-response.ts";
import { OutgoingBody } from "./outgoing-body.ts";
import { OutgoingRequest } from "./outgoing-request.ts";
import { RequestOptions } from "./request-options.ts";
import { IncomingRequest, OutgoingResponse, ResponseOutparam } from "./server-side.ts";

/** Its interfaces, by name. Without a sender, every request is denied. */
export function http(ledger: Ledger, send: HttpSender | undefined): Interfaces {
  const account = new HttpAccount(ledger, send);
  const types = {
    Fields: resourceClass(ledger, Fields, {
      make: () => Fields.empty(account),
      statics: { fromList: (entries: Parameters<typeof Fields.fromList>[1]) => Fields.fromList(account, entries) },
    }),
    IncomingRequest,
    OutgoingRequest: resourceClass(ledger, OutgoingRequest, {
      make: (headers: Fields) => OutgoingRequest.make(account, headers),
    }),
    RequestOptions: resourceClass(ledger, RequestOptions, { make: () => RequestOptions.make(ledger) }),
    ResponseOutparam: resourceClass(ledger, ResponseOutparam, { statics: { set: () => ResponseOutparam.set() } }),
    IncomingResponse,
    IncomingBody: resourceClass(ledger, IncomingBody, {
      statics: { finish: (body: IncomingBody) => IncomingBody.finish(body) },
    }),
    FutureTrailers,
    OutgoingResponse: resourceClass(ledger, OutgoingResponse, {
      make: (headers: Fields) => OutgoingResponse.make(account, headers),
    }),
    OutgoingBody: resourceClass(ledger, OutgoingBody, {
      statics: {
        finish: (body: OutgoingBody, trailers: Fields | undefined) => OutgoingBody.finish(body, trailers),
      },
    }),
    FutureIncomingResponse,
  };
  const functions = guardFunctions(ledger, { httpErrorCode: (): undefined => undefined });
  const handler = guardFunctions(ledger, {
    handle: (request: OutgoingRequest, options: RequestOptions | undefined): FutureIncomingResponse => {
      options?.[Symbol.dispose]();
      return new FutureIncomingResponse(account, OutgoingRequest.take(request), options);
    },
  });
  return {
    "wasi:http/types": withResources(types, functions),
    "wasi:http/outgoing-handler": Object.freeze(handler),
  };
}
