// What a call is given of the world: directories, environment, input, time, randomness, limits.
// It must not know where any of it comes from.

import type { FileSystem, Handle } from "../../sandbox-fs/types.ts";
import type { HttpSender } from "../contract/http.ts";
import type { SocketSender } from "../contract/sockets.ts";
import type { CallLimits } from "../limits.ts";

/** A directory that the guest finds open when it starts. */
export interface Preopen {
  /** Where the guest sees it: `/project`. */
  readonly path: string;
  readonly fs: FileSystem;
  /** Stays open when the call ends: it belongs to whoever opened it. */
  readonly directory: Handle;
  /** `read`: no descriptor below it can change anything. Default `write`: what `fs` itself allows. */
  readonly access?: "read" | "write";
}

/** The time of the run, which its calls share: it moves on by fuel and by sleeping only. */
export interface CallClock {
  /** Nanoseconds since the epoch; never falls. */
  now(): bigint;
  /** Moves on without waiting. */
  advance(ns: bigint): void;
}

export interface CallRandom {
  /** 64 hex digits: the seed of the run. */
  readonly seed: string;
  /** The number of the call in its run: it makes the random numbers of each call its own. */
  readonly sequence: number;
}

/** Everything that one call gets from the host. */
export interface WasiSetup {
  readonly preopens: readonly Preopen[];
  readonly environment: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  /** What relative paths of the guest start at; default: nothing is said. */
  readonly directory?: string;
  readonly stdin: Uint8Array;
  readonly clock: CallClock;
  readonly random: CallRandom;
  readonly limits: CallLimits;
  /** The way to the network; left out, every request is denied. */
  readonly http?: HttpSender;
  /** The way to TCP; left out, every connection and look-up is denied. */
  readonly sockets?: SocketSender;
  readonly ioOperations: number;
  readonly ioBytes: number;
  /** Poisons the call: the guest runs into its meter at the next check and can never go on. */
  readonly stop: () => void;
  /** Called when the call ends while its guest is suspended: nothing wakes the guest up again. */
  readonly abandon?: () => void;
}
