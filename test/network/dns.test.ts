import { expect, test } from "vitest";
import { type Answer, serveDns } from "./dns-server.ts";
import { ending, opened, request, send } from "./inspect.ts";
import { loopback, serve } from "./web.ts";

const NAME = "good.test";

/** Asks for `http://good.test:port/` once for each expected answer; the ends. */
async function ask(answer: Answer | (() => Answer) | undefined, times = 1): Promise<readonly string[]> {
  const { port, connections } = await serve((incoming, response) => response.end(incoming.headers.host));
  const table = answer === undefined ? {} : { [NAME]: answer };
  const dns = await serveDns(table);
  const inspector = opened([{ host: NAME, ports: [port] }, loopback(port)], { dnsServers: [dns.address] });
  const endings: string[] = [];
  for (let count = 0; count < times; count++) {
    const outcome = await send(inspector, request({ scheme: "http", authority: `${NAME}:${port}` }));
    endings.push(ending(outcome));
  }
  await inspector.close();
  return [
    ...endings,
    `${connections()} connections`,
    `asked ${dns.asked.filter((one) => one.startsWith("A ")).length}`,
  ];
}

test("E3: a name whose address is granted is connected to there, asked for once", async () => {
  expect(await ask(["127.0.0.1"])).toEqual(["200", "1 connections", "asked 1"]);
});

test("E3: a name that leads to another, private address is refused without a connection", async () => {
  expect(await ask(["127.0.0.2"])).toEqual(["destination-IP-prohibited NET_DENIED", "0 connections", "asked 1"]);
});

test("E3: a name with two addresses, one of them private, is refused", async () => {
  expect(await ask(["127.0.0.1", "10.0.0.1"])).toEqual([
    "destination-IP-prohibited NET_DENIED",
    "0 connections",
    "asked 1",
  ]);
});

test("E3: a private IPv6 address beside a granted IPv4 one refuses both", async () => {
  expect(await ask(["127.0.0.1", "fd00:0:0:0:0:0:0:1"])).toMatchObject({ 0: "destination-IP-prohibited NET_DENIED" });
});

test("E3: a name that changes between requests is looked at again for each", async () => {
  let asked = 0;
  const turns = (): Answer => [["127.0.0.1"], ["127.0.0.1"], ["169.254.169.254"]][Math.floor(asked++ / 2)] ?? [];
  expect((await ask(turns, 3)).slice(0, 3)).toEqual(["200", "200", "destination-IP-prohibited NET_DENIED"]);
});

test("E3: an alias is judged by the addresses that it leads to", async () => {
  expect(await ask({ alias: "elsewhere.test", of: ["127.0.0.1"] })).toMatchObject({ 0: "200" });
  expect(await ask({ alias: "elsewhere.test", of: ["10.0.0.1"] })).toMatchObject({
    0: "destination-IP-prohibited NET_DENIED",
  });
});

test("E3: a name that is not there, or has no address, is destination-not-found", async () => {
  expect(await ask(undefined)).toMatchObject({ 0: "destination-not-found" });
  expect(await ask([])).toMatchObject({ 0: "destination-not-found" });
});

test("E3: a server that gives more addresses than anyone needs is an error", async () => {
  const many = Array.from({ length: 100 }, (_, index) => `127.0.1.${index}`);
  expect(await ask(many)).toMatchObject({ 0: "DNS-error" });
});

test("E3: a server that does not answer is a timeout", async () => {
  expect(await ask("silence")).toMatchObject({ 0: expect.stringMatching(/^DNS-timeout/) });
});

test("E7: only names of grants reach the server", async () => {
  const dns = await serveDns({ [NAME]: ["127.0.0.1"] });
  const inspector = opened([{ host: NAME }], { dnsServers: [dns.address] });
  for (const authority of ["stolen-secret.evil.test", `x.${NAME}`, "evil.test"]) {
    expect(ending(await send(inspector, request({ authority })))).toBe("HTTP-request-denied NET_DENIED");
  }
  await inspector.close();
  expect(dns.asked).toEqual([]);
});
