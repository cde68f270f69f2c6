// The child process of the process executor: answers one call at a time, and knows nothing but what it is told.
// It runs under Node's permission model; whatever it sends is treated as a guest's word by the parent.

import { nodeBase } from "../../sandbox-fs/index.ts";
import type { PreparedTool } from "../component/instantiate.ts";
import { prepareFromDisk } from "../component/load-node.ts";
import { asGloveboxError } from "../errors.ts";
import type { ChildMessage, ParentMessage } from "./messages.ts";
import { type CallContext, runCall } from "./run-call.ts";
import { RunClock } from "./run-clock.ts";
import { openRunFiles } from "./run-files.ts";

type OpenMessage = Extract<ParentMessage, { type: "open" }>;

let context: CallContext | null = null;
/** What is compiled stays compiled from run to run; instances never live longer than a call. */
const prepared = new Map<string, Promise<PreparedTool>>();

process.on("disconnect", () => process.exit(0));
process.on("message", (message) => {
  answer(message as ParentMessage).then(send, (error: unknown) => {
    send({ type: "failed", error: asGloveboxError(error, "EXECUTOR_LOST", "the executing process failed").toJSON() });
  });
});

function send(message: ChildMessage): void {
  process.send?.(message);
}

async function answer(message: ParentMessage): Promise<ChildMessage> {
  if (message.type === "open") {
    context = open(message);
    return { type: "opened" };
  }
  if (context === null) throw new Error("asked to run a call before a run was opened");
  const { layer, ...response } = await runCall(message.request, context, true);
  return { type: "returned", response, layer };
}

function open({ setup, tools, layer }: OpenMessage): CallContext {
  const clock = new RunClock();
  const files = openRunFiles(
    setup,
    (root) => nodeBase(root.hostPath),
    () => clock.now(),
  );
  if (layer !== null) files.writable?.apply(layer);
  const prepare = (digest: string): Promise<PreparedTool> => {
    const tool = prepared.get(digest) ?? prepareFromDisk(tools[digest] ?? "");
    prepared.set(digest, tool);
    return tool;
  };
  return { files, clock, environment: setup.environment, seed: setup.seed, prepare, cpuMs };
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
