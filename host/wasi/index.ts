// The WASI 0.2 host: what a component may import, made anew for each call from what that call is given.
// It must not know components, plans, or any machine's own files, clock, randomness and network.

import type { SupportedInterface } from "../contract/imports.ts";
import type { ErrorJson, GloveboxError } from "../errors.ts";
import { CALL_LIMITS } from "../limits.ts";
import { Capture } from "./cli/capture.ts";
import { cli } from "./cli/index.ts";
import { VirtualClock } from "./clock.ts";
import { clocks } from "./clocks/index.ts";
import { filesystem } from "./filesystem/index.ts";
import { http } from "./http/index.ts";
import { io } from "./io/index.ts";
import { lazily, type Package } from "./lazy.ts";
import { Ledger, type WasiUsage } from "./ledger.ts";
import { checkSeed } from "./random/generators.ts";
import { randomness } from "./random/index.ts";
import type { Interfaces } from "./resource.ts";
import { scratchBuffer } from "./scratch.ts";
import type { WasiSetup } from "./setup.ts";
import { sockets } from "./sockets/index.ts";
import { describeImports } from "./supported-imports.ts";

export type { WasiUsage } from "./ledger.ts";
export type { CallClock, CallRandom, Preopen, WasiSetup } from "./setup.ts";

/** The host of one call. */
export interface Wasi {
  /** Import objects for jco-generated glue: interfaces without version, functions in camelCase, resources as classes. Frozen and without prototypes. */
  readonly imports: Interfaces;
  /** What the guest wrote, control characters escaped, with a marker where it was cut at the limit. */
  stdout(): string;
  stderr(): string;
  /** What the guest wrote, byte for byte, up to the limit. */
  stdoutBytes(): Uint8Array;
  stderrBytes(): Uint8Array;
  /** Whether the guest wrote more to a standard stream than was kept. */
  readonly outputCut: boolean;
  readonly usage: WasiUsage;
  /** PATH_DENIED records of what the grants refused; the first hundred. */
  readonly violations: readonly ErrorJson[];
  /** The first limit met, failure of a host function, or exit of the guest (GUEST_EXIT with `data.status`, 0 too). It takes precedence over what the guest made of it. */
  readonly failure: GloveboxError | null;
  /** Resolves when what the guest wrote to connections has left; null when there is nothing to wait for. Errors: the limit that was met. */
  settle(): Promise<void> | null;
  /** Closes every handle that the guest left open, but for the directories of the setup. Idempotent. */
  dispose(): void;
}

/** Makes the host of one call. Errors: ARGUMENT_INVALID (seed, environment), RESOURCE_LIMIT (environment). */
export function createWasi(setup: WasiSetup): Wasi {
  const { ledger, output, tcp, packages } = partsOf(setup);
  return {
    imports: lazily(packages, NAMES),
    stdout: () => output.stdout.text(),
    stderr: () => output.stderr.text(),
    stdoutBytes: () => output.stdout.bytes(),
    stderrBytes: () => output.stderr.bytes(),
    get outputCut() {
      return output.stdout.cut || output.stderr.cut;
    },
    get usage() {
      return ledger.usage;
    },
    get violations() {
      return ledger.violations;
    },
    get failure() {
      return ledger.failure;
    },
    settle: () => tcp.settle(),
    dispose: () => ledger.dispose(),
  };
}

interface Parts {
  readonly ledger: Ledger;
  readonly output: { readonly stdout: Capture; readonly stderr: Capture };
  readonly tcp: ReturnType<typeof sockets>;
  readonly packages: readonly Package[];
}

function partsOf(setup: WasiSetup): Parts {
  const ledger = new Ledger(setup);
  const { standardOutputBytes } = setup.limits;
  const output = { stdout: new Capture(standardOutputBytes), stderr: new Capture(standardOutputBytes) };
  const clock = new VirtualClock(setup.clock);
  const tcp = sockets(ledger, setup.sockets);
  const environment = cli(ledger, setup, output);
  checkSeed(setup.random);
  const packages = [
    () => environment,
    () => clocks(ledger, clock),
    () => randomness(ledger, setup.random),
    () => io(ledger),
    () => filesystem({ ledger, clock, scratch: scratchBuffer() }, setup.preopens),
    () => http(ledger, setup.http),
    () => tcp.interfaces,
  ];
  return { ledger, output, tcp, packages };
}

/** The interfaces of each package: the same in every call. */
const NAMES: readonly (readonly string[])[] = partsOf(emptySetup()).packages.map((open) => Object.keys(open()));

/** Every function that a component may import; any 0.2.x version of its interface does. Taken from the imports themselves, so that it cannot drift. */
export const SUPPORTED_IMPORTS: readonly SupportedInterface[] = describeImports(createWasi(emptySetup()).imports);

function emptySetup(): WasiSetup {
  return {
    preopens: [],
    environment: {},
    args: [],
    stdin: new Uint8Array(),
    clock: { now: () => 0n, advance: () => {} },
    random: { seed: "0".repeat(64), sequence: 0 },
    limits: CALL_LIMITS,
    ioOperations: 0,
    ioBytes: 0,
    stop: () => {},
  };
}
