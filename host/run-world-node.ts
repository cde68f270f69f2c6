// What one run works in: the overlay, where calls run, the network, and the transaction over them.
// It must not know plans, nor whether a journal is kept.

import { setTimeout as sleep } from "node:timers/promises";
import { type Change, createOverlay, nodeBase } from "../sandbox-fs/index.ts";
import type { JsonValue } from "./contract/types.ts";
import type { NetworkSender, RunSetup, Session } from "./executor/protocol.ts";
import { RunClock } from "./executor/run-clock.ts";
import { openRunFiles, type RunFiles } from "./executor/run-files.ts";
import type { Before, CommittedChange } from "./journal/entries.ts";
import type { Journal } from "./journal/journal.ts";
import { Lanes, type Way } from "./lanes.ts";
import type { NetworkEntry } from "./network/entries.ts";
import type { Network } from "./network/network.ts";
import { sha256 } from "./network/open-node.ts";
import { RecordedNetwork } from "./network/record-network.ts";
import type { ExecuteOptions } from "./plan/execute.ts";
import type { ToolCaller } from "./plan/tool-caller.ts";
import { beforeOf } from "./runs/before.ts";
import { openTransaction } from "./transaction.ts";

export interface WorldOptions {
  readonly setup: RunSetup;
  readonly network: Network;
  /** Where what goes over the network is written down. */
  readonly journal?: Journal;
  readonly openSession: (setup: RunSetup, files: RunFiles, clock: RunClock, send: NetworkSender) => Session;
  /** What guests see as the time of the run's start: nanoseconds since the epoch. */
  readonly startNs: bigint;
  readonly durability: "full" | "fast";
  /** Changes of an earlier process, which are there from the start. */
  readonly layer?: Uint8Array;
  /** The layer is no change of the run: it makes the files what they were when it began. Such a world is never committed. */
  readonly layerIsBase?: boolean;
}

export interface PendingChange extends Change {
  readonly seen: string;
}

export interface World {
  readonly caller: ToolCaller;
  readonly statPath: ExecuteOptions["statPath"];
  readonly sleep: ExecuteOptions["sleep"];
  /** What a commit would change, by paths of the workspace, and as the plan sees them. */
  pending(): readonly PendingChange[];
  /** What is now at the paths of changes; null when that is too much to be kept. */
  before(changes: readonly CommittedChange[]): Before | null;
  /** The changes as bytes that can be the `layer` of another world; null when there are none. */
  exportChanges(): Uint8Array | null;
  close(): Promise<void>;
}

/** Opens a world. Errors: FsError, when `layer` does not fit the files as they are now. */
export function openWorld(options: WorldOptions): World {
  const { setup, openSession, startNs, durability, layer, journal } = options;
  const network = journal === undefined ? options.network : recordedIn(journal, options.network);
  const { isolation = "writes" } = setup;
  const clock = new RunClock();
  const files = openRunFiles(
    setup,
    (root) => nodeBase(root.hostPath),
    () => clock.now(),
  );
  if (layer !== undefined) files.take(layer);
  const start = options.layerIsBase === true ? files.writable?.savepoint() : undefined;
  let branched = false;
  const openWay = (): Way => {
    const own = branched ? network.branch() : network;
    branched = true;
    return {
      open: (over) => openSession(setup, over, clock, (request, signal, call) => own.send(request, signal, call)),
      takeNetwork: () => own.take(),
    };
  };
  const lanes = new Lanes(openWay, files);
  const transaction = openTransaction({ files, lanes, startNs, durability, isolation });
  const pending = (): readonly PendingChange[] => {
    const changes = (start ?? files.writable)?.diff() ?? [];
    const seen = files.asGuestSees(changes);
    return changes.map((change, index) => ({ ...change, seen: seen[index]?.path ?? change.path }));
  };
  return {
    caller: transaction,
    statPath: async (path, place) => transaction.filesAt(place).statFile(path),
    sleep: (ms, until) => sleep(ms, undefined, { signal: until }),
    pending,
    before: (changes) => {
      const root = setup.roots.find(({ writable }) => writable);
      if (root === undefined) return null;
      const base = createOverlay(nodeBase(root.hostPath), { clock: () => 0n });
      try {
        return beforeOf(base, changes);
      } finally {
        base.discard();
      }
    },
    exportChanges: () =>
      pending().length === 0 ? null : (files.writable?.export({ reads: isolation === "serializable" }) ?? null),
    close: async () => {
      await lanes.close();
      await network.close();
      files.discard();
    },
  };
}

/** A network that is written down; what cannot be written stops the run before its next effect. */
function recordedIn(journal: Journal, network: Network): Network {
  const record = (entry: NetworkEntry): void => {
    try {
      journal.write({ type: "network", entry: entry as unknown as JsonValue });
    } catch {
      // the journal has failed for good, and refuses what comes next
    }
  };
  return new RecordedNetwork(network, record, sha256);
}
