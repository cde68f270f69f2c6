// TCP, where a scope grants it: real servers on this machine, and a guest that uses wasi:sockets itself.

import { createServer, type Socket } from "node:net";
import { expect, test } from "vitest";
import type { StepResult } from "../../host/hooks.ts";
import { serveDns } from "./dns-server.ts";
import { listen, openWeb, type Web, type WebOptions } from "./web.ts";

const executors = ["inline", "process"] as const;

const tcp = (host: string, ...ports: readonly number[]): object => ({ host, ports, protocol: "tcp" });

/** A server on this machine that does this with each connection. */
async function serveTcp(answer: (socket: Socket) => void): Promise<{ port: number; connections: () => number }> {
  return await listen(createServer({ allowHalfOpen: true }, answer));
}

/** Says back what it was told, once that is all. */
function echo(socket: Socket): void {
  const told: Buffer[] = [];
  socket.on("data", (piece: Buffer) => told.push(piece));
  socket.on("end", () => socket.end(`you said ${Buffer.concat(told)}`));
}

async function step(web: Web, action: string, params: object, more: WebOptions): Promise<StepResult> {
  const report = await web.run([{ action: `example/web.${action}`, params }], more);
  const [only] = report.steps;
  if (only === undefined) throw new Error(`rejected: ${JSON.stringify(report.findings)}`);
  return only;
}

test.each(executors)("a tool talks to a granted address over TCP, and what passed is told, %s", async (executor) => {
  const { port } = await serveTcp(echo);
  const web = await openWeb(executor);
  const text = "x".repeat(200_000);
  const talked = await step(web, "talk", { host: "127.0.0.1", port, text }, { network: [tcp("127.0.0.1", port)] });
  expect(talked).toMatchObject({ status: "ran", output: `you said ${text}`, scope_violations: [] });
  expect(talked.network).toMatchObject([
    {
      ...{ method: "CONNECT", url: `tcp://127.0.0.1:${port}`, address: "127.0.0.1", outcome: "response", error: null },
      ...{ status: null, request_bytes: 200_000, response_bytes: 200_009 },
      request_digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    },
  ]);
});

test.each(executors)(
  "a granted name is looked up once, and its addresses are what may be connected to, %s",
  async (executor) => {
    const { port } = await serveTcp(echo);
    const dns = await serveDns({ "db.good.test": ["127.0.0.1"] });
    const web = await openWeb(executor, { dnsServers: [dns.address] });
    const network = [tcp("*.good.test", port), tcp("127.0.0.1", port)];
    const talked = await step(web, "talk", { host: "DB.good.test", port, text: "hello" }, { network });
    expect(talked).toMatchObject({ status: "ran", output: "you said hello" });
    expect(talked.network?.map(({ method, url, outcome }) => [method, url, outcome])).toEqual([
      ["LOOKUP", "dns:DB.good.test", "response"],
      ["CONNECT", `tcp://127.0.0.1:${port}`, "response"],
    ]);
    expect(dns.asked).toEqual(["A db.good.test", "AAAA db.good.test"]);
  },
);

test.each([
  ["no grant at all", []],
  ["a grant of HTTP for that port", [{ host: "127.0.0.1" }]],
  ["a grant of TCP for another port", [tcp("127.0.0.1", 1)]],
  ["a grant of TCP for another host", [tcp("127.0.0.2", 1)]],
])("E7: with %s, a connection is denied, and what would allow it is told", async (_what, grants) => {
  const { port, connections } = await serveTcp(echo);
  const web = await openWeb("inline");
  const network = grants.map((grant) => ("protocol" in grant ? grant : { ...grant, ports: [port] }));
  const talked = await step(web, "talk", { host: "127.0.0.1", port, text: "" }, { network });
  expect(talked.error).toMatchObject({ code: "ACTION_FAILED", data: { payload: "access-denied" } });
  expect(talked.scope_violations).toMatchObject([
    { code: "NET_DENIED", hint: expect.stringContaining(`{ host: "127.0.0.1", ports: [${port}], protocol: tcp }`) },
  ]);
  expect(talked.network).toMatchObject([{ method: "CONNECT", outcome: "denied", address: null }]);
  expect(connections()).toBe(0);
});

test("E7: a grant of TCP lets no HTTP request through", async () => {
  const { port, connections } = await serveTcp(echo);
  const web = await openWeb("inline");
  const sent = await web.send(`http://127.0.0.1:${port}/`, { network: [tcp("127.0.0.1", port)] });
  expect(sent.error).toMatchObject({ data: { payload: "HTTP-request-denied" } });
  expect(connections()).toBe(0);
});

test("E7: only granted names are looked up, and long labels of others reach no DNS server", async () => {
  const dns = await serveDns({ "db.good.test": ["93.184.215.14"], "private.good.test": ["10.0.0.1"] });
  const web = await openWeb("inline", { dnsServers: [dns.address] });
  const network = [tcp("*.good.test", 5432)];
  const names = [
    `${"secret".repeat(10)}.evil.test`,
    "good.test",
    "db.good.test.evil.test",
    "private.good.test",
    "no.good.test",
  ];
  const steps = names.map((name) => ({ action: "example/web.lookup", params: { name }, on_error: "continue" }));
  const { steps: found } = await web.run(steps, { network });
  expect(found.map(({ error }) => error?.data?.payload)).toEqual([
    ...["access-denied", "access-denied", "access-denied", "access-denied", "name-unresolvable"],
  ]);
  expect(dns.asked.filter((asked) => asked.startsWith("A "))).toEqual(["A private.good.test", "A no.good.test"]);
  const good = await step(web, "lookup", { name: "db.good.test" }, { network });
  expect(good.output).toEqual(["93.184.215.14"]);
});

test("E3: a name that leads to a private address is refused, also when another of its addresses is public", async () => {
  const dns = await serveDns({ "db.good.test": ["93.184.215.14", "169.254.169.254"] });
  const web = await openWeb("inline", { dnsServers: [dns.address] });
  const looked = await step(web, "lookup", { name: "db.good.test" }, { network: [tcp("db.good.test", 80)] });
  expect(looked.error).toMatchObject({ data: { payload: "access-denied" } });
  expect(looked.scope_violations[0]?.message).toContain("169.254.169.254 is a private or special address");
});

test("a port of a granted name is not a port of its address for every grant", async () => {
  const dns = await serveDns({ "db.good.test": ["93.184.215.14"] });
  const web = await openWeb("inline", { dnsServers: [dns.address] });
  const talked = await step(
    web,
    "talk",
    { host: "db.good.test", port: 6379, text: "" },
    { network: [tcp("db.good.test", 5432)] },
  );
  expect(talked.error).toMatchObject({ data: { payload: "access-denied" } });
});

test("E7: nothing listens: binding and listening are denied", async () => {
  const web = await openWeb("inline");
  const listened = await step(web, "listen", {}, { network: [tcp("127.0.0.1", 80)] });
  expect(listened.output).toEqual(["access-denied", "access-denied", "invalid-state"]);
  expect(listened.scope_violations).toMatchObject([{ code: "NET_DENIED" }, { code: "NET_DENIED" }]);
});

test.each(executors)("whoever speaks first is heard first, %s", async (executor) => {
  const waiting: Socket[] = [];
  const slow = await serveTcp((socket) => void waiting.push(socket));
  const fast = await serveTcp((socket) => {
    socket.write("fast");
    socket.once("close", () => undefined);
    setImmediate(() => setTimeout(() => waiting[0]?.write("slow"), 50));
  });
  const web = await openWeb(executor);
  const ports = [slow.port, fast.port];
  const heard = await step(web, "hear", { ports }, { network: [tcp("127.0.0.1", ...ports)] });
  expect(heard.output).toEqual(["fast", "slow"]);
});

test.each(executors)("a timer ends a wait for a word that does not come, at its own time, %s", async (executor) => {
  const { port } = await serveTcp(() => undefined);
  const web = await openWeb(executor);
  const waited = await step(web, "wait_for_word", { port, ms: 100 }, { network: [tcp("127.0.0.1", port)] });
  expect(waited.output).toMatchObject(["nothing", expect.anything()]);
  expect(Number((waited.output as readonly unknown[])[1])).toBeGreaterThanOrEqual(100);
});

test.each(executors)("what was written before a tool left still arrives, %s", async (executor) => {
  const arrived = Promise.withResolvers<number>();
  const { port } = await serveTcp((socket) => {
    let bytes = 0;
    socket.on("data", (piece: Buffer) => {
      bytes += piece.length;
    });
    socket.on("end", () => arrived.resolve(bytes));
  });
  const web = await openWeb(executor);
  const dropped = await step(web, "drop", { port, bytes: 100_000 }, { network: [tcp("127.0.0.1", port)] });
  expect(dropped).toMatchObject({ status: "ran", network: [{ request_bytes: 100_000, outcome: "response" }] });
  expect(await arrived.promise).toBe(100_000);
});

test.each(executors)("bytes count against network_mb in both directions, and end the call, %s", async (executor) => {
  const { port } = await serveTcp((socket) => {
    socket.on("data", () => undefined);
    const timer = setInterval(() => socket.write(Buffer.alloc(65_536)), 1);
    socket.on("close", () => clearInterval(timer));
  });
  const web = await openWeb(executor);
  const more = { network: [tcp("127.0.0.1", port)], limits: { network_mb: 1 } };
  const read = await step(web, "talk", { host: "127.0.0.1", port, text: "" }, more);
  expect(read.error).toMatchObject({ code: "NET_LIMIT", data: { limit: "network_mb" } });
  const written = await step(web, "talk", { host: "127.0.0.1", port, text: "x".repeat(1_200_000) }, more);
  expect(written.error).toMatchObject({ code: "NET_LIMIT", data: { limit: "network_mb" } });
});

test("look-ups and connections count as requests", async () => {
  const { port } = await serveTcp(echo);
  const web = await openWeb("inline");
  const more = { network: [tcp("127.0.0.1", port)], limits: { network_requests: 0 } };
  const talked = await step(web, "talk", { host: "127.0.0.1", port, text: "" }, more);
  expect(talked.error).toMatchObject({ code: "NET_LIMIT", data: { limit: "network_requests" } });
});

test.each(executors)("a peer that refuses, or breaks a connection, is an error to the tool, %s", async (executor) => {
  const closed = await serveTcp(() => undefined);
  const broken = await serveTcp((socket) => socket.once("data", () => socket.resetAndDestroy()));
  const web = await openWeb(executor);
  const network = [tcp("127.0.0.1", 1, closed.port, broken.port)];
  const refused = await step(web, "talk", { host: "127.0.0.1", port: 1, text: "" }, { network });
  expect(refused.error).toMatchObject({ data: { payload: "connection-refused" } });
  const reset = await step(web, "talk", { host: "127.0.0.1", port: broken.port, text: "x" }, { network });
  expect(reset.error).toMatchObject({ data: { payload: "last-operation-failed" } });
  expect(reset.network).toMatchObject([{ outcome: "failed", error: "connection-reset" }]);
});

test.each(executors)(
  "a call that waits for a word longer than its deadline ends, and so does its connection, %s",
  async (executor) => {
    const closed = Promise.withResolvers<void>();
    const { port } = await serveTcp((socket) =>
      socket
        .on("close", () => closed.resolve())
        .on("end", () => socket.end())
        .resume(),
    );
    const web = await openWeb(executor);
    const steps = [{ action: "example/web.hear", params: { ports: [port] }, timeout_seconds: 1 }];
    const report = await web.run(steps, { network: [tcp("127.0.0.1", port)] });
    expect(report.steps[0]?.error).toMatchObject({ code: "DEADLINE_EXCEEDED" });
    await closed.promise;
  },
);
