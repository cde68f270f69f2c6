// Content codings off, one after the other, with a bound on what comes out.
// It must not know where the bytes come from.

import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate, inflateRaw, zstdDecompress } from "node:zlib";
import { NETWORK_LIMITS } from "../limits.ts";
import { RequestFailure } from "./refusal.ts";

type Decoder = (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Promise<Uint8Array>;

const DECODERS: Readonly<Record<string, Decoder>> = {
  gzip: promisify(gunzip),
  "x-gzip": promisify(gunzip),
  // The standard says zlib's format; some servers send the bare one.
  deflate: async (bytes, options) => promisify((bytes[0] ?? 0) % 16 === 8 ? inflate : inflateRaw)(bytes, options),
  br: promisify(brotliDecompress),
  zstd: promisify(zstdDecompress),
};

/** What a body is without its codings. `most` bytes may come out of each. Errors: RequestFailure; `tooLong` when there are more. */
export async function decodeBody(
  body: Uint8Array,
  codings: readonly string[],
  most: number,
  tooLong: () => never,
): Promise<Uint8Array> {
  if (codings.length > NETWORK_LIMITS.contentCodings) throw new RequestFailure("HTTP-response-content-coding");
  let decoded = body;
  for (const coding of codings.toReversed()) {
    const decode = Object.hasOwn(DECODERS, coding) ? DECODERS[coding] : undefined;
    if (decode === undefined) throw new RequestFailure("HTTP-response-content-coding");
    if (decoded.length === 0) continue;
    try {
      decoded = await decode(decoded, { maxOutputLength: Math.max(1, most) });
    } catch (thrown) {
      if (thrown instanceof RangeError) tooLong();
      throw new RequestFailure("HTTP-response-content-coding", null, thrown);
    }
  }
  return decoded;
}

/** The codings that a `content-encoding` names, in the order in which they were applied. */
export function codingsOf(values: readonly string[]): readonly string[] {
  const names = values.flatMap((value) => value.split(",")).map((name) => name.trim().toLowerCase());
  return names.filter((name) => name !== "" && name !== "identity");
}
