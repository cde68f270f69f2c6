// A call's setup with everything at hand: a clock that stands still, a seed, wide limits, no files. Tests change what they are about.

import { CALL_LIMITS } from "../../../host/limits.ts";
import { createWasi, type Wasi, type WasiSetup } from "../../../host/wasi/index.ts";
import { Ledger } from "../../../host/wasi/ledger.ts";

/** 2026-01-01T00:00:00Z */
export const START_NS = 1_767_225_600_000_000_000n;

/** A clock that moves only when it is told to. */
export function manualClock(): { now(): bigint; advance(ns: bigint): void } {
  let now = START_NS;
  return {
    now: () => now,
    advance: (ns) => {
      now += ns;
    },
  };
}

export function testSetup(changes: Partial<WasiSetup> = {}): WasiSetup {
  return {
    preopens: [],
    environment: {},
    args: ["program"],
    stdin: new Uint8Array(),
    clock: manualClock(),
    random: { seed: "07".repeat(32), sequence: 1 },
    limits: CALL_LIMITS,
    ioOperations: 100_000,
    ioBytes: 256 * 1024 * 1024,
    stop: () => {},
    ...changes,
  };
}

export function testWasi(changes: Partial<WasiSetup> = {}): Wasi {
  return createWasi(testSetup(changes));
}

export function testLedger(changes: Partial<WasiSetup> = {}): Ledger {
  return new Ledger(testSetup(changes));
}

/** The functions and classes of one interface, typed by whoever asks. */
export function imported<T>(wasi: Wasi, name: string): T {
  return wasi.imports[name] as T;
}

/** What `body` throws; fails when it throws nothing. */
export function thrownBy(body: () => unknown): unknown {
  try {
    body();
  } catch (thrown) {
    return thrown;
  }
  throw new Error("nothing was thrown");
}
