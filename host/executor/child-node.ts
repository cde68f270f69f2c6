// The child process of the process executor: answers one call at a time, and knows nothing but what it is told.
// It runs under Node's permission model; whatever it sends is treated as a guest's word by the parent.

import { Worker } from "node:worker_threads";
import { nodeBase } from "../../sandbox-fs/node/node-base.ts";
import type { PreparedTool } from "../component/instantiate.ts";
import { prepareFromDisk } from "../component/prepare-node.ts";
import type { NetworkOutcome } from "../contract/network.ts";
import { asGloveboxError } from "../errors.ts";
import { FrameReader, MAX_FRAME_BYTES, writeFrame } from "./frames-node.ts";
import type { ChildMessage, ParentMessage } from "./messages.ts";
import { type CallContext, runCall } from "./run-call.ts";
import { RunClock } from "./run-clock.ts";
import { openRunFiles } from "./run-files.ts";
import { scriptPath } from "./script-path-node.ts";

type OpenMessage = Extract<ParentMessage, { type: "open" }>;

let context: CallContext | null = null;
/** What is compiled stays compiled from run to run; instances never live longer than a call. */
const prepared = new Map<string, Promise<PreparedTool>>();

new Worker(scriptPath("watchdog-node"), { env: {} });

const reader = new FrameReader(() => MAX_FRAME_BYTES);
process.stdin.on("data", (chunk: Buffer) => {
  for (const message of reader.push(chunk)) void listen(message as ParentMessage);
});
process.stdin.on("end", () => process.exit(0));

/** The requests of the guest that the parent has not answered, by number. */
const fetching = new Map<number, (outcome: NetworkOutcome) => void>();
let requests = 0;

function fetchFromParent(request: unknown): Promise<NetworkOutcome> {
  const number = requests++;
  return new Promise((resolve) => {
    fetching.set(number, resolve);
    send({ type: "fetch", number, request });
  });
}

async function listen(message: ParentMessage): Promise<void> {
  if (message.type === "fetched") {
    fetching.get(message.number)?.(message.outcome);
    fetching.delete(message.number);
    return;
  }
  send(
    await answer(message).catch((thrown: unknown): ChildMessage => {
      const error = asGloveboxError(thrown, "EXECUTOR_LOST", "the executing process failed");
      return { type: "failed", error: error.toJSON() };
    }),
  );
}

function send(message: ChildMessage): void {
  writeFrame(process.stdout, message);
}

async function answer(message: Exclude<ParentMessage, { type: "fetched" }>): Promise<ChildMessage> {
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
  const { environment, seed } = setup;
  const reads = setup.isolation === "serializable";
  return { files, clock, environment, seed, reads, network: fetchFromParent, prepare, cpuMs };
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
