// A child process that tries what a child must not be able to do, and tells what came of it.
// It must not do any harm where it succeeds.

import { spawnSync } from "node:child_process";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { networkInterfaces, tmpdir } from "node:os";
import { join, parse } from "node:path";
import { permission } from "node:process";

/** What was refused, by name. */
export interface Refusals {
  readonly reads: boolean;
  readonly writes: boolean;
  readonly processes: boolean;
  readonly addons: boolean;
  readonly nodeNetwork: boolean;
  readonly kernelNetwork: boolean;
  readonly environment: boolean;
}

function isRefused(attempt: () => unknown): boolean {
  try {
    attempt();
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ERR_ACCESS_DENIED";
  }
}

function write(): void {
  const path = join(tmpdir(), `glovebox-probe-${process.pid}`);
  writeFileSync(path, "");
  rmSync(path);
}

const refusals: Refusals = {
  reads: isRefused(() => readdirSync(parse(process.execPath).root)),
  writes: isRefused(write),
  processes: isRefused(() => spawnSync(process.execPath, ["--version"])),
  addons: !permission.has("addon"),
  nodeNetwork: !permission.has("net"),
  // In a network of its own a process sees no interface that is up, not even loopback.
  kernelNetwork: Object.keys(networkInterfaces()).length === 0,
  environment: Object.keys(process.env).length === 0,
};

process.stdout.write(JSON.stringify(refusals), () => process.exit(0));
