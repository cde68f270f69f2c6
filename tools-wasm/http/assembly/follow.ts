// A read, and the redirects that its answer leads through.
// Knows nothing of texts or contracts.

import { Result } from "../../sdk/assembly/result";
import { Method } from "./bindings/wasi-http-types";
import { Answer, exchange, Field } from "./exchange";
import { Trouble, TroubleKind } from "./trouble";
import { Url } from "./url";

export const MAX_REDIRECTS: u32 = 5;

/** An answer, and where it came from. */
export class Followed {
  constructor(
    public answer: Answer,
    public url: Url,
  ) {}
}

/** Asks for what is at `url`, and where its answer leads to, unless its status is in `accept`. Another origin gets none of the fields. */
export function follow(method: Method, url: Url, fields: Field[], accept: u16[] | null, most: usize): Result<Followed, Trouble> {
  let hops: u32 = 0;
  while (true) {
    const answer = exchange(method, url, fields, null, most);
    if (!answer.isOk) return refuse(answer.error);
    const location = answer.value.field("location");
    if (location === null || !isRedirect(answer.value.status) || isIn(accept, answer.value.status)) {
      return Result.ok<Followed, Trouble>(new Followed(answer.value, url));
    }
    if (hops++ == MAX_REDIRECTS) return refuse(new Trouble(TroubleKind.Redirects, "too many redirects"));
    const next = url.resolve(location);
    if (next === null) return refuse(Trouble.noUrl(location));
    if (!next.hasOriginOf(url)) fields = [];
    url = next;
  }
}

function refuse(trouble: Trouble): Result<Followed, Trouble> {
  return Result.err<Followed, Trouble>(trouble);
}

/** Whether a status is one of those that a caller takes. */
export function isIn(accept: u16[] | null, status: u16): bool {
  return accept !== null && accept.includes(status);
}

function isRedirect(status: u16): bool {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}
