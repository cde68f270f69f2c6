// Names to addresses, once for each request.
// It must not decide which names or addresses are all right.

import { lookup, Resolver } from "node:dns/promises";
import { NETWORK_LIMITS } from "../limits.ts";
import { RequestFailure, tookTooLong } from "./refusal.ts";

export type Resolve = (name: string, signal: AbortSignal) => Promise<readonly string[]>;

/** Resolves names as this machine does, or by asking `servers` (`127.0.0.1:53`). Errors: RequestFailure. */
export function resolver(servers: readonly string[] | undefined): Resolve {
  const ask = servers === undefined ? askSystem : askServers(servers);
  return async (name, signal) => {
    const { lookupMs, addresses } = NETWORK_LIMITS;
    const late = AbortSignal.timeout(lookupMs);
    const stopped = Promise.withResolvers<never>();
    const stop = (): void => stopped.reject(tookTooLong("DNS-timeout", "lookupMs", lookupMs));
    const either = AbortSignal.any([late, signal]);
    either.addEventListener("abort", stop, { once: true });
    try {
      const found = await Promise.race([ask(name), stopped.promise]);
      if (found.length === 0) throw new RequestFailure("destination-not-found");
      if (found.length > addresses) throw new RequestFailure("DNS-error");
      return found;
    } catch (thrown) {
      throw thrown instanceof RequestFailure ? thrown : failure(thrown);
    } finally {
      either.removeEventListener("abort", stop);
    }
  };
}

async function askSystem(name: string): Promise<readonly string[]> {
  const found = await lookup(name, { all: true, order: "ipv4first" });
  return found.map(({ address }) => address);
}

function askServers(servers: readonly string[]): (name: string) => Promise<readonly string[]> {
  return async (name) => {
    const asked = new Resolver({ timeout: 1000, tries: 2 });
    asked.setServers([...servers]);
    const [four, six] = await Promise.allSettled([asked.resolve4(name), asked.resolve6(name)]);
    const found = [four, six].flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
    if (found.length === 0 && four.status === "rejected") throw four.reason;
    return found;
  };
}

function failure(thrown: unknown): RequestFailure {
  const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
  if (code === "ENOTFOUND" || code === "ENODATA") return new RequestFailure("destination-not-found", null, thrown);
  if (code === "ETIMEOUT" || code === "ETIMEDOUT") return new RequestFailure("DNS-timeout", null, thrown);
  return new RequestFailure("DNS-error", null, thrown);
}
