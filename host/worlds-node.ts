// Opens the worlds that runs work in: where a scope's grants lead, where calls run, what goes over the network. Node only.
// It must not know what is run in a world.

import { resolve } from "node:path";
import { type Recovery, recover } from "../sandbox-fs/index.ts";
import { type HostGrant, type Mounts, resolveMounts } from "./executor/mounts-node.ts";
import type { RunSetup } from "./executor/protocol.ts";
import type { GloveboxOptions, Source } from "./glovebox.ts";
import { BYTES_PER_MB } from "./limits.ts";
import type { Network } from "./network/network.ts";
import { openNetwork } from "./network/open-node.ts";
import { CheckedPlan } from "./plan/checked-plan.ts";
import { openWorld, type World } from "./run-world-node.ts";
import type { OpenRun } from "./runs/run-store-node.ts";
import type { Scope } from "./scope/types.ts";
import { Sessions } from "./sessions-node.ts";
import { directoryOf } from "./sources-node.ts";
import type { Toolbox } from "./toolbox-node.ts";
import { commitError } from "./transaction.ts";

/** What the world of a run is opened with. */
export interface Opening {
  readonly checked: CheckedPlan;
  readonly setup: RunSetup;
  /** What guests see as the time of the run's start: nanoseconds since the epoch. */
  readonly startNs: bigint;
  /** The run whose journal is kept; null for none. */
  readonly run: OpenRun | null;
  /** What an earlier process changed; null for nothing. */
  readonly layer: Uint8Array | null;
  /** The layer makes the files what they were when the run began. */
  readonly layerIsBase?: boolean;
  /** In place of the network. */
  readonly network?: Network;
}

/** The worlds of one runtime. */
export class Worlds {
  readonly #options: GloveboxOptions;
  readonly #sessions: Sessions;

  constructor(options: GloveboxOptions, toolbox: Toolbox) {
    this.#options = options;
    this.#sessions = new Sessions(options, toolbox);
  }

  /** How many calls of one run can be made at the same time. */
  get atOnce(): number {
    return this.#sessions.atOnce;
  }

  /** Where the grants of a scope lead. Errors: SCOPE_INVALID, WORKSPACE_INVALID. */
  mounts(scope: Scope, source: Source): Mounts {
    const workspace = resolve(this.#options.workspace);
    const grants = scope.filesystem.map(({ path, host, access }): HostGrant => {
      return { path, access, host: resolve(host.base === "workspace" ? workspace : directoryOf(source), host.path) };
    });
    return resolveMounts(grants, workspace);
  }

  /** What all calls of a run share. Errors: as of `mounts`. */
  setup(checked: CheckedPlan, { scope, seed }: { readonly scope: Source; readonly seed: string }): RunSetup {
    const { authority } = CheckedPlan.open(checked);
    const writtenBytes = authority.limits.written_mb * BYTES_PER_MB;
    const { isolation = "writes" } = this.#options;
    return { ...this.mounts(authority, scope), environment: authority.environment, seed, writtenBytes, isolation };
  }

  /** Errors: SCOPE_INVALID for a secret that is not there; FsError when the layer does not fit the files. */
  open({ checked, setup, startNs, run, layer, layerIsBase = false, network }: Opening): World {
    const { authority } = CheckedPlan.open(checked);
    return openWorld({
      setup,
      network: network ?? openNetwork(authority, this.#options.network),
      ...(run === null ? {} : { journal: run.journal }),
      openSession: (...session) => this.#sessions.open(...session),
      startNs,
      durability: this.#options.durability ?? "full",
      ...(layer === null ? {} : { layer, layerIsBase }),
    });
  }

  /** Finishes or undoes what an interrupted commit left, before anything looks at the workspace. Errors: RECOVERY_REQUIRED, WORKSPACE_LOCKED. */
  recover(): Recovery {
    try {
      return recover(this.#options.workspace);
    } catch (error) {
      throw commitError(error, null);
    }
  }

  close(): void {
    this.#sessions.close();
  }
}
