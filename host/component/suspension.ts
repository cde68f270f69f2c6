// Which functions of a component may wait for the world outside. Only a component that can send HTTP requests or open connections has any;
// all others stay synchronous, and fast.
// It must not know how waiting is done.

import type { Contract } from "./contract.ts";

/** The imports that may suspend a component, and the exports that may be suspended by them, as jco names them. */
export interface Suspension {
  readonly imports: string[];
  readonly exports: string[];
}

/** Interfaces without version, and their functions that wait. */
const WAITING: Readonly<Record<string, readonly string[]>> = {
  "wasi:io/poll": ["poll", "[method]pollable.block", "[method]pollable.ready"],
  "wasi:http/types": ["[method]future-incoming-response.get"],
};

/** What waits besides, in a component whose streams may be those of a connection. */
const WAITING_STREAMS: typeof WAITING = {
  "wasi:io/streams": [
    ...["[method]input-stream.blocking-read", "[method]input-stream.blocking-skip"],
    ...["[method]output-stream.blocking-write-and-flush", "[method]output-stream.blocking-flush"],
    ...["[method]output-stream.blocking-write-zeroes-and-flush", "[method]output-stream.blocking-splice"],
  ],
};

/** What may be suspended in a component; null when nothing in it can ever wait. */
export function suspensionOf({ functions, skipped, imports }: Contract): Suspension | null {
  const imported = (prefix: string): boolean => imports.some(({ name }) => name.startsWith(prefix));
  const connects = imported("wasi:sockets/tcp@") || imported("wasi:sockets/ip-name-lookup@");
  if (!connects && !imported("wasi:http/outgoing-handler@")) return null;
  const waits = connects ? { ...WAITING, ...WAITING_STREAMS } : WAITING;
  const waiting = imports.flatMap((imported) => {
    const names = waits[imported.name.split("@", 1)[0] ?? ""] ?? [];
    return names.filter((name) => imported.functions.includes(name)).map((name) => `${imported.name}#${name}`);
  });
  const exported = [...functions, ...skipped].map(({ interface: owner, function: name }) =>
    owner === null ? name : `${owner}#${name}`,
  );
  return { imports: waiting, exports: exported };
}
