// Steps that run side by side must not meet at a file: one rule, used by the check for the paths that a plan writes out, and by the run for what steps did.
// It must not know when it is asked.

import { quote } from "../scope/document/quote.ts";
import type { Order } from "./order.ts";
import type { Breach } from "./rules.ts";

/** What a step reads and writes: normalised guest paths, each with all below it. */
export interface Footprint {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}

/** Two steps of which neither waits for the other, and where they meet. */
export interface Clash {
  readonly code: "CONFLICT_WRITE_WRITE" | "CONFLICT_READ_WRITE";
  /** The number of the earlier one. */
  readonly earlier: number;
  readonly path: string;
  readonly laterWrites: boolean;
}

interface Users {
  readonly readers: number[];
  readonly writers: number[];
}

/** What the steps of a plan use so far, by path. Steps are added in the order of the plan. */
export class Footprints {
  readonly #order: Order;
  readonly #at = new Map<string, Users>();
  /** Of everything below a path. */
  readonly #below = new Map<string, Users>();

  constructor(order: Order) {
    this.#order = order;
  }

  /** Adds a step, and gives its first clash with an earlier one; null when it has none. Writing comes before reading, then the order of the plan. */
  add(step: number, { reads, writes }: Footprint): Clash | null {
    const clash =
      this.#clash(step, writes, "writers", true) ??
      this.#clash(step, writes, "readers", true) ??
      this.#clash(step, reads, "writers", false);
    for (const path of reads) this.#put(step, path, "readers");
    for (const path of writes) this.#put(step, path, "writers");
    return clash;
  }

  #clash(step: number, paths: readonly string[], among: keyof Users, laterWrites: boolean): Clash | null {
    if (this.#order.waitsForAll(step)) return null;
    const code = laterWrites && among === "writers" ? "CONFLICT_WRITE_WRITE" : "CONFLICT_READ_WRITE";
    for (const path of paths) {
      const groups = [...upward(path).map((one) => this.#at.get(one)), this.#below.get(path)];
      const others = groups.flatMap((users) => users?.[among] ?? []);
      const earlier = others.find((other) => other !== step && !this.#order.isBefore(other, step));
      if (earlier !== undefined) return { code, earlier, path, laterWrites };
    }
    return null;
  }

  #put(step: number, path: string, as: keyof Users): void {
    const [, ...above] = upward(path);
    for (const [map, keys] of [
      [this.#at, [path]],
      [this.#below, above],
    ] as const) {
      for (const key of keys) {
        const users = map.get(key) ?? { readers: [], writers: [] };
        map.set(key, users);
        if (users[as].at(-1) !== step) users[as].push(step);
      }
    }
  }
}

/** A path and all above it, the root last. */
function upward(path: string): string[] {
  const paths: string[] = [];
  for (let at = path; at !== "" && at !== "/"; at = at.slice(0, at.lastIndexOf("/"))) paths.push(at);
  return [...paths, "/"];
}

/** A clash in words; the names are those of the two steps. */
export function clashBreach({ code, path, laterWrites }: Clash, earlier: string, earlierId: string): Breach {
  const [does, did] =
    code === "CONFLICT_WRITE_WRITE"
      ? ["writes", "writes, too"]
      : laterWrites
        ? ["writes", "reads"]
        : ["reads", "writes"];
  return {
    code,
    message: `it ${does} ${quote(path)}, which ${earlier} ${did}, and neither waits for the other`,
    hint: `Add ${quote(earlierId)} to its needs, or have the two use different files.`,
  };
}
