import { createServer } from "node:net";
import { expect, test } from "vitest";
import { z } from "zod";
import { type NetworkEntry, networkEntrySchema, recorded } from "../../host/network/entries.ts";
import type { Network } from "../../host/network/network.ts";
import { sha256 } from "../../host/network/open-node.ts";
import { RecordedNetwork } from "../../host/network/record-network.ts";
import { ReplayedNetwork } from "../../host/network/replay-network.ts";
import { serveDns } from "./dns-server.ts";
import { ending, opened, request } from "./inspect.ts";
import { listen, loopback, serve } from "./web.ts";

const never = new AbortController().signal;

/** What is kept of a network's use, as it comes back from a file. */
async function record(network: Network, use: (recorded: Network) => Promise<void>): Promise<readonly NetworkEntry[]> {
  const entries: NetworkEntry[] = [];
  await use(new RecordedNetwork(network, (entry) => entries.push(entry), sha256));
  return z.array(networkEntrySchema).parse(JSON.parse(JSON.stringify(entries)));
}

function replay(entries: readonly NetworkEntry[]): ReplayedNetwork {
  return new ReplayedNetwork(entries, sha256);
}

const to = (port: number, path: string, more: object = {}): object =>
  request({ scheme: "http", authority: `127.0.0.1:${port}`, pathWithQuery: path, ...more });

test("E9: a replay answers what was recorded, byte for byte, and no socket is opened", async () => {
  const body = Uint8Array.from({ length: 70_000 }, (_, index) => index % 251);
  const { port, connections } = await serve((asked, response) => {
    response.setHeader("x-saw", `${asked.url}`);
    response.end(body);
  });
  const asked = [to(port, "/a"), to(port, "/b", { method: "POST", body }), to(port + 1, "/not-granted"), "nonsense"];
  const use = async (network: Network): Promise<unknown> => {
    const outcomes = await Promise.all(asked.map((one) => network.send(one, never, 0)));
    return [outcomes.map(recorded), network.take(), network.take()];
  };
  let live: unknown;
  const entries = await record(opened([loopback(port)]), async (network) => {
    live = await use(network);
  });
  const before = connections();
  const replayed = replay(entries);
  expect(await use(replayed)).toEqual(live);
  expect(replayed.divergence()).toBeNull();
  expect(before).toBeGreaterThan(0);
  expect(connections()).toBe(before);
});

test("E9: a request that was not recorded, or that is different, ends with REPLAY_DIVERGED, and so does what follows", async () => {
  const { port, connections } = await serve((_, response) => response.end("yes"));
  const entries = await record(opened([loopback(port)]), async (network) => {
    await network.send(to(port, "/a"), never, 0);
    network.take();
  });
  const before = connections();
  const others = [
    to(port, "/b"),
    to(port, "/a", { headers: [["x", "1"]] }),
    to(port, "/a", { body: new Uint8Array(1) }),
    to(port, "/a", { method: "POST" }),
    to(port, "/a", { firstByteTimeoutMs: 1 }),
  ];
  for (const other of others) {
    const replayed = replay(entries);
    expect(ending(await replayed.send(other, never, 0))).toBe("limit REPLAY_DIVERGED");
    expect(ending(await replayed.send(to(port, "/a"), never, 0))).toBe("limit REPLAY_DIVERGED");
    expect(replayed.divergence()).toMatchObject({ code: "REPLAY_DIVERGED" });
  }
  const more = replay(entries);
  expect(ending(await more.send(to(port, "/a"), never, 0))).toBe("200");
  expect(ending(await more.send(to(port, "/a"), never, 0))).toBe("limit REPLAY_DIVERGED");
  expect(connections()).toBe(before);
});

test("E9: a replay whose run asks for less says what comes next", async () => {
  const { port } = await serve((_, response) => response.end("yes"));
  const entries = await record(opened([loopback(port)]), async (network) => {
    await network.send(to(port, "/a"), never, 0);
    network.take();
  });
  const replayed = replay(entries);
  expect(replayed.divergence()).toMatchObject({
    code: "REPLAY_DIVERGED",
    message: expect.stringContaining(`GET http://127.0.0.1:${port}/a`),
  });
});

test("E9: answers are kept in the order in which they were asked for, whatever comes first", async () => {
  const waiting: (() => void)[] = [];
  const { port } = await serve((asked, response) => {
    waiting.push(() => response.end(asked.url));
    if (waiting.length === 3) for (const answer of waiting.reverse()) answer();
  });
  const paths = ["/1", "/2", "/3"];
  const entries = await record(opened([loopback(port)]), async (network) => {
    await Promise.all(paths.map((path) => network.send(to(port, path), never, 0)));
    expect(network.take().map(({ url }) => url)).toEqual(paths.map((path) => `http://127.0.0.1:${port}${path}`));
  });
  expect(entries.map((entry) => (entry.kind === "answer" ? entry.asked.slice(-2) : entry.kind))).toEqual([
    ...paths,
    "exchanges",
  ]);
});

test("E9: calls that ran side by side are each given their own answers, whatever came first", async () => {
  const counts = new Map<string, number>();
  const { port } = await serve((asked, response) => {
    const count = (counts.get(`${asked.headers["x-call"]}`) ?? 0) + 1;
    counts.set(`${asked.headers["x-call"]}`, count);
    setTimeout(() => response.end(`${asked.headers["x-call"]} ${count}`), asked.headers["x-call"] === "1" ? 20 : 0);
  });
  const use = async (network: Network, order: readonly number[]): Promise<readonly string[]> => {
    const said = await Promise.all(
      order.map(async (call) => {
        const own = network.branch();
        const ask = async (): Promise<string> => {
          const outcome = await own.send(to(port, "/", { headers: [["x-call", `${call}`]] }), never, call);
          return outcome.kind === "response" ? Buffer.from(outcome.response.body).toString() : outcome.kind;
        };
        const answers = [await ask(), await ask()];
        return `${call}: ${answers.join(", ")}; ${own.take().length}`;
      }),
    );
    return said.sort();
  };
  let live: unknown;
  const entries = await record(opened([loopback(port)]), async (network) => {
    live = await use(network, [1, 2, 3]);
  });
  const replayed = replay(entries);
  expect(await use(replayed, [3, 2, 1])).toEqual(live);
  expect(live).toEqual(["1: 1 1, 1 2; 2", "2: 2 1, 2 2; 2", "3: 3 1, 3 2; 2"]);
  expect(replayed.divergence()).toBeNull();
});

test("E9: what was never answered is reported with its call, and waits in a replay until its call ends", async () => {
  const { port } = await serve(() => undefined);
  const ended = new AbortController();
  const entries = await record(opened([loopback(port)]), async (network) => {
    const sent = network.send(to(port, "/a"), ended.signal, 0);
    ended.abort();
    expect(network.take()).toMatchObject([{ outcome: "cancelled" }]);
    await sent;
    expect(network.take()).toEqual([]);
  });
  expect(entries.map(({ kind }) => kind)).toEqual(["answer", "exchanges"]);
  const again = new AbortController();
  const replayed = replay(entries).send(to(port, "/a"), again.signal, 0);
  expect(await Promise.race([replayed, Promise.resolve("it waits")])).toBe("it waits");
  again.abort();
  expect(ending(await replayed)).toBe("limit CANCELLED");
});

test("E9: what was said over TCP is said again, in the same pieces, and nothing is looked up or connected to", async () => {
  const { port, connections } = await listen(createServer((socket) => socket.on("data", (piece) => socket.end(piece))));
  const dns = await serveDns({ "db.good.test": ["127.0.0.1"] });
  const grants = ["db.good.test", "127.0.0.1"].map((host) => ({ host, ports: [port], protocol: "tcp" }));
  const bytes = Uint8Array.from({ length: 5000 }, (_, index) => index % 256);
  const asked = [
    { kind: "lookup", name: "db.good.test" },
    { kind: "connect", socket: 0, address: "127.0.0.1", port },
    { kind: "send", socket: 0, bytes },
    { kind: "receive", sockets: [0], timeoutMs: null },
    { kind: "receive", sockets: [0], timeoutMs: null },
    { kind: "close", socket: 0 },
    { kind: "connect", socket: 1, address: "127.0.0.2", port },
    { kind: "send", socket: 7, bytes },
    { kind: "nonsense" },
  ];
  const use = async (network: Network): Promise<unknown> => {
    const call = new AbortController();
    const outcomes: unknown[] = [];
    for (const one of asked) outcomes.push(recorded(await network.send(one, call.signal, 0)));
    call.abort();
    return [outcomes, network.take()];
  };
  let live: unknown;
  const entries = await record(opened(grants, { dnsServers: [dns.address] }), async (network) => {
    live = await use(network);
  });
  const before = [connections(), dns.asked.length];
  const replayed = replay(entries);
  expect(await use(replayed)).toEqual(live);
  expect(replayed.divergence()).toBeNull();
  expect([connections(), dns.asked.length]).toEqual(before);
  expect(before[0]).toBe(1);
  const other = replay(entries);
  expect(ending(await other.send({ kind: "lookup", name: "other.good.test" }, never, 0))).toBe("limit REPLAY_DIVERGED");
});

test("an answer that does not fit what may be kept is named, and a replay that needs it says so", async () => {
  const large = new Uint8Array(33 * 1024 * 1024);
  const network: Network = {
    send: async () => ({ kind: "response", response: { status: 200, headers: [], body: large, trailers: [] } }),
    take: () => [],
    branch: () => network,
    close: async () => undefined,
  };
  const entries: NetworkEntry[] = [];
  const recording = new RecordedNetwork(network, (entry) => entries.push(entry), sha256);
  await recording.send(to(80, "/fits"), never, 0);
  await recording.send(to(80, "/does-not"), never, 0);
  const replayed = replay(entries);
  expect(ending(await replayed.send(to(80, "/fits"), never, 0))).toBe("200");
  const outcome = await replayed.send(to(80, "/does-not"), never, 0);
  expect(outcome).toMatchObject({ error: { code: "REPLAY_DIVERGED", message: expect.stringContaining("too large") } });
});

test.each([
  { kind: "answer", call: 0, asked: "", digest: "", outcome: { kind: "response", response: { status: 200 } } },
  { kind: "answer", call: 0, asked: "", digest: "", outcome: { kind: "error", code: 7, note: null } },
  { kind: "exchanges", call: 0, exchanges: [{}] },
  { kind: "other" },
])("an entry that is none is refused where it is read: $kind", (entry) => {
  expect(networkEntrySchema.safeParse(entry).success).toBe(false);
});
