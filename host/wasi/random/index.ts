// The package wasi:random.

import type { Ledger } from "../ledger.ts";
import type { Interfaces } from "../resource.ts";
import type { CallRandom } from "../setup.ts";
import { generators } from "./generators.ts";
import { insecure } from "./insecure.ts";
import { insecureSeed } from "./insecure-seed.ts";
import { random } from "./random.ts";

/** Its interfaces, by name. Errors: ARGUMENT_INVALID (seed). */
export function randomness(ledger: Ledger, setup: CallRandom): Interfaces {
  const streams = generators(setup);
  return {
    "wasi:random/random": random(ledger, streams.random),
    "wasi:random/insecure": insecure(ledger, streams.insecure),
    "wasi:random/insecure-seed": insecureSeed(ledger, streams.seed),
  };
}
