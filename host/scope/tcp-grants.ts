// What a grant of TCP may say, and what it becomes.
// It must not know where the text came from.

import { quote } from "./document/quote.ts";
import type { Problem } from "./document/types.ts";
import type { NetworkGrantEntry } from "./schema.ts";
import type { NetworkGrant } from "./types.ts";
import { canonicalHost } from "./urls.ts";

const OF_HTTP = ["methods", "paths", "headers"] as const;

/** What is wrong with grants of TCP: nothing of HTTP can be told from bytes on a connection, and no port goes without saying. */
export function tcpProblems(entries: readonly NetworkGrantEntry[]): Problem[] {
  return entries.flatMap((entry, index) => (entry.protocol === "tcp" ? problemsOf(entry, `/network/${index}`) : []));
}

function problemsOf(entry: NetworkGrantEntry, pointer: string): Problem[] {
  const message = (what: string): string => `the scope: the grant of tcp for ${quote(entry.host)} ${what}`;
  const hint = 'Write for example { host: "db.example.com", ports: [5432], protocol: tcp }.';
  const extra = OF_HTTP.filter((name) => entry[name] !== undefined).map((name): Problem => {
    return { pointer: `${pointer}/${name}`, on: "key", message: message(`has ${name}, which only http has`), hint };
  });
  const portless: Problem = { pointer, on: "value", message: message("needs ports"), hint };
  return entry.ports === undefined ? [...extra, portless] : extra;
}

/** A grant of TCP as the rest of Glovebox uses it. */
export function tcpGrant({ host, ports = [], flow }: NetworkGrantEntry): NetworkGrant {
  const none: readonly string[] = [];
  return {
    ...{ host: canonicalHost(host) ?? host, ports, protocol: "tcp", methods: none, paths: none },
    ...(flow === undefined ? {} : { flow }),
  };
}
