// Builds a component in this process and calls its actions, each on a fresh instance.

import { call } from "../../host/component/call.ts";
import { instantiate, type PreparedTool, prepare } from "../../host/component/instantiate.ts";
import type { ToolDescription } from "../../host/component/tool.ts";
import { buildEntry, describeEntry } from "../../host/component/tool-entry.ts";
import type { CallOutcome } from "../../host/contract/call.ts";
import type { SupportedInterface } from "../../host/contract/imports.ts";
import type { JsonValue } from "../../host/contract/types.ts";
import { ADMISSION_LIMITS } from "../../host/limits.ts";
import { Meter } from "../../host/metering/index.ts";

export const DIGEST = `sha256:${"0".repeat(64)}`;

export interface Called {
  readonly outcome: CallOutcome;
  readonly fuel: bigint;
  readonly memoryBytes: number;
}

export class Runner {
  readonly tool: ToolDescription;
  readonly prepared: PreparedTool;

  constructor(tool: ToolDescription, prepared: PreparedTool) {
    this.tool = tool;
    this.prepared = prepared;
  }

  static async of(component: Uint8Array, supportedImports: readonly SupportedInterface[] = []): Promise<Runner> {
    const entry = await buildEntry(component, { digest: DIGEST, limits: ADMISSION_LIMITS, supportedImports });
    return new Runner(describeEntry(entry, "tested", supportedImports), await prepare(entry.compiled));
  }

  /** Calls an action. Rejects only where the instance cannot be started. */
  async call(
    name: string,
    args: Readonly<Record<string, JsonValue>>,
    fuel = 1_000_000_000n,
    imports: Readonly<Record<string, object>> = Object.create(null),
  ): Promise<Called> {
    const action = this.tool.actions.find((one) => one.name === name);
    if (action === undefined) throw new Error(`no action ${name}`);
    const meter = newMeter(fuel);
    const instance = await instantiate(this.prepared, imports, meter);
    const outcome = await call(instance, action, args);
    return { outcome, fuel: meter.consumed, memoryBytes: instance.memoryBytes() };
  }
}

export function newMeter(fuel = 1_000_000_000n): Meter {
  return new Meter({ fuel, stackBytes: 512 * 1024, memoryBytes: 64 * 1024 * 1024, tableElements: 100_000 });
}
