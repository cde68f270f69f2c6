// Which protections of the child process hold on this machine: found out by a child that is started like any other, and tries.
// It must not know tools or runs. Node only.

import { text } from "node:stream/consumers";
import { z } from "zod";
import { GloveboxError } from "../errors.ts";
import { spawnSandboxed } from "./sandbox-node.ts";

/** One thing that keeps a guest that broke out of WebAssembly from doing harm. */
export interface Protection {
  readonly name: string;
  readonly holds: boolean;
  /** Without it, Glovebox does not keep what it promises; otherwise it is one more wall behind another. */
  readonly required: boolean;
  readonly about: string;
}

const refusals = z.object({
  reads: z.boolean(),
  writes: z.boolean(),
  processes: z.boolean(),
  addons: z.boolean(),
  nodeNetwork: z.boolean(),
  kernelNetwork: z.boolean(),
  environment: z.boolean(),
});

/** Starts a child that tries what it must not. Errors: EXECUTOR_LOST when no child can be started. */
export async function inspectProtections(codeDirectories: readonly string[]): Promise<readonly Protection[]> {
  const refused = await probe(codeDirectories);
  const required = (name: string, holds: boolean, about: string): Protection => ({
    name,
    holds,
    required: true,
    about,
  });
  const network = refused.nodeNetwork || refused.kernelNetwork;
  return [
    required("no reads", refused.reads, "the child reads granted roots, tools and our code, and nothing else"),
    required("no writes", refused.writes, "the child changes no file; the parent applies what it proposes"),
    required("no processes", refused.processes, "the child starts no program"),
    required("no add-ons", refused.addons, "the child loads no native code"),
    required("no environment", refused.environment, "the child inherits no variable, and no secret in one"),
    required("no network", network, "requests leave through the parent alone"),
    kernelNetwork(refused.kernelNetwork),
  ];
}

function kernelNetwork(holds: boolean): Protection {
  const how = holds
    ? ""
    : "; it needs Linux, `unshare` of util-linux, and namespaces that the kernel lets this user make";
  const about = `the kernel takes the network away, also from one who breaks out of Node${how}`;
  return { name: "no network, by the kernel", holds, required: false, about };
}

async function probe(codeDirectories: readonly string[]): Promise<z.infer<typeof refusals>> {
  const child = spawnSandboxed({ script: "probe-node", readable: codeDirectories });
  const failed = new Promise<never>((_resolve, reject) => child.on("error", reject));
  try {
    const told = child.stdout === null ? "" : await Promise.race([text(child.stdout), failed]);
    return refusals.parse(JSON.parse(told));
  } catch (cause) {
    throw new GloveboxError("EXECUTOR_LOST", "the child process that tries the protections did not answer", { cause });
  } finally {
    child.kill("SIGKILL");
  }
}
