// Which functions of a component may wait for the world outside. Only a component that can send HTTP requests has any; all others stay
// synchronous, and fast.
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

/** What may be suspended in a component; null when nothing in it can ever wait. */
export function suspensionOf({ functions, skipped, imports }: Contract): Suspension | null {
  if (!imports.some(({ name }) => name.startsWith("wasi:http/outgoing-handler@"))) return null;
  const waiting = imports.flatMap((imported) => {
    const names = WAITING[imported.name.split("@", 1)[0] ?? ""] ?? [];
    return names.filter((name) => imported.functions.includes(name)).map((name) => `${imported.name}#${name}`);
  });
  const exported = [...functions, ...skipped].map(({ interface: owner, function: name }) =>
    owner === null ? name : `${owner}#${name}`,
  );
  return { imports: waiting, exports: exported };
}
