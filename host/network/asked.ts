// What was asked of the network, as a name for people and a digest to tell it from everything else.
// It must not know what came of it.

import { printable } from "../scope/document/quote.ts";
import { readRequest } from "./check-request.ts";
import { isSocketRequest, readSocketRequest, SocketFailure } from "./check-socket.ts";
import type { Digest } from "./record.ts";
import { RequestFailure } from "./refusal.ts";

/** What was asked. */
export interface Asked {
  readonly shown: string;
  readonly digest: string;
}

const LONGEST_SHOWN = 300;

/** Describes what was asked; whatever has no form that may leave is the same to it. */
export function describeAsked(claimed: unknown, digest: Digest): Asked {
  if (isSocketRequest(claimed)) return describeSocketRequest(claimed, digest);
  try {
    const { request, target } = readRequest(claimed);
    const { body, ...head } = request;
    const shown = printable(`${request.method} ${target.url.href}`).slice(0, LONGEST_SHOWN);
    return { shown, digest: digest([JSON.stringify(["http", head]), "\n", body]) };
  } catch (thrown) {
    if (!(thrown instanceof RequestFailure)) throw thrown;
    return { shown: "a request that is none", digest: digest(["none"]) };
  }
}

function describeSocketRequest(claimed: unknown, digest: Digest): Asked {
  try {
    const request = readSocketRequest(claimed);
    const { bytes = new Uint8Array(), ...head } = { bytes: undefined, ...request };
    const what = JSON.stringify(head);
    return { shown: printable(`TCP ${what}`).slice(0, LONGEST_SHOWN), digest: digest([what, "\n", bytes]) };
  } catch (thrown) {
    if (!(thrown instanceof SocketFailure)) throw thrown;
    return { shown: "something of a socket that is no request", digest: digest(["none"]) };
  }
}
