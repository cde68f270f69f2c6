// Servers on this machine, and a runtime whose tool sends requests to them. Everything is gone when the test ends.

import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer as createSocketServer, type Server, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import { type GloveboxOptions, openGlovebox, type RunOptions, type RunReport } from "../../host/index.ts";
import { buildGuest } from "../guests/build.ts";
import { testCache } from "../support/runs.ts";
import { temporaryDirectory } from "../support/tree.ts";

/** Listens on a free port of the loopback address; counts who connects. */
export async function listen(server: Server, host = "127.0.0.1"): Promise<{ port: number; connections: () => number }> {
  let connections = 0;
  const open = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    connections += 1;
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    socket.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, connections: () => connections };
}

/** An HTTP server. */
export async function serve(answer: RequestListener): Promise<{ port: number; connections: () => number }> {
  return await listen(createServer(answer));
}

/** A server that answers every connection with these bytes, and ends it. */
export async function serveBytes(bytes: string | Buffer, end = true): Promise<{ port: number }> {
  const server = createSocketServer((socket) => {
    socket.once("data", () => (end ? socket.end(bytes) : socket.write(bytes)));
  });
  return await listen(server);
}

export interface Web {
  /** Runs steps under a scope with these network grants. */
  run(steps: readonly object[], more?: WebOptions): Promise<RunReport>;
  /** Runs one `example/web.send`; the step's output, or its error. */
  send(url: string, more?: WebOptions & { readonly request?: object }): Promise<RunReport["steps"][number]>;
}

export interface WebOptions extends RunOptions {
  readonly network?: readonly object[];
  readonly limits?: Readonly<Record<string, number>>;
  readonly constraints?: object;
}

/** A runtime with the tool that sends requests. */
export async function openWeb(executor: "inline" | "process", options: GloveboxOptions["network"] = {}): Promise<Web> {
  const workspace = temporaryDirectory();
  const tools = [{ name: "web", bytes: await buildGuest("http") }];
  const glovebox = await openGlovebox({ workspace, tools, executor, cacheDirectory: testCache, network: options });
  onTestFinished(() => glovebox.close());
  const run: Web["run"] = (steps, { network = [], limits = {}, constraints = {}, ...more } = {}) =>
    glovebox.run(
      { value: { plan_id: "test", steps, constraints } },
      {
        value: { scope: "test", actions: ["*"], network, limits: { network_requests: 100, ...limits } },
        directory: workspace,
      },
      more,
    );
  const send: Web["send"] = async (url, { request, ...more } = {}) => {
    const value = { method: "GET", url, headers: [], body: "", ...request };
    const report = await run([{ action: "example/web.send", params: { request: value } }], more);
    const [step] = report.steps;
    if (step === undefined) throw new Error(`rejected: ${JSON.stringify(report.findings)}`);
    return step;
  };
  return { run, send };
}

/** A grant of one port of this machine, for all methods that tests use. */
export function loopback(port: number, more: object = {}): object {
  return { host: "127.0.0.1", ports: [port], methods: ["GET", "POST", "HEAD"], ...more };
}
