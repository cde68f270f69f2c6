import { expect, test } from "vitest";
import type { RunEvent } from "../../host/hooks.ts";
import { loopback, openWeb, serve } from "./web.ts";

const executors = ["inline", "process"] as const;

test.each(executors)("a tool gets what a granted server answers, %s", async (executor) => {
  const { port } = await serve((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      response.setHeader("x-saw", `${request.method} ${request.url} ${request.headers["x-mine"]}`);
      response.statusCode = 201;
      response.end(`${Buffer.concat(pieces).length} bytes`);
    });
  });
  const web = await openWeb(executor);
  const step = await web.send(`http://127.0.0.1:${port}/a?b=c`, {
    network: [loopback(port)],
    request: { method: "POST", headers: [["X-Mine", "1"]], body: "x".repeat(10_000) },
  });
  expect(step).toMatchObject({ status: "ran", output: { status: 201, body: "10000 bytes" }, scope_violations: [] });
  expect(step.output).toMatchObject({ headers: expect.arrayContaining([["x-saw", "POST /a?b=c 1"]]) });
  expect(step.network).toMatchObject([{ outcome: "response", status: 201, request_bytes: 10_000, response_bytes: 11 }]);
});

test.each(executors)(
  "what is not granted is denied to the tool, and told with what would allow it, %s",
  async (executor) => {
    const { port, connections } = await serve((_, response) => response.end());
    const web = await openWeb(executor);
    const step = await web.send(`http://127.0.0.1:${port}/`, { network: [{ host: "good.com" }] });
    expect(step.error).toMatchObject({ code: "ACTION_FAILED", data: { payload: "HTTP-request-denied" } });
    expect(step.scope_violations).toMatchObject([
      { code: "NET_DENIED", hint: expect.stringContaining(`ports: [${port}]`) },
    ]);
    expect(step.network).toMatchObject([
      { outcome: "denied", url: `http://127.0.0.1:${port}/`, address: null, error: "HTTP-request-denied" },
    ]);
    expect(connections()).toBe(0);
  },
);

test("network_access: false in a plan takes every grant away", async () => {
  const { port, connections } = await serve((_, response) => response.end());
  const web = await openWeb("process");
  const network = [loopback(port)];
  const step = await web.send(`http://127.0.0.1:${port}/`, { network, constraints: { network_access: false } });
  expect(step.error).toMatchObject({ data: { payload: "HTTP-request-denied" } });
  expect(connections()).toBe(0);
});

test.each(executors)("many requests wait together, and give the same whatever comes first, %s", async (executor) => {
  const waiting: (() => void)[] = [];
  const { port } = await serve((request, response) => {
    waiting.push(() => response.end(`answer ${request.url}`));
    // The last to arrive is answered first.
    if (waiting.length === 5) for (const answer of waiting.reverse()) answer();
  });
  const web = await openWeb(executor);
  const urls = Array.from({ length: 5 }, (_, index) => `http://127.0.0.1:${port}/${index}`);
  const steps = [{ action: "example/web.together", params: { urls: [...urls, "http://10.0.0.1/"] } }];
  const report = await web.run(steps, { network: [loopback(port)] });
  const answers = urls.map((_, index) => `answer /${index}`);
  expect(report.steps[0]?.output).toEqual([...answers, "HTTP-request-denied"]);
});

test("a redirect is an answer; whoever follows it is looked at again", async () => {
  const inside = await serve((_, response) => response.end("internal"));
  const { port } = await serve((request, response) => {
    if (request.url === "/here") response.end("found");
    else {
      const to = request.url === "/near" ? "http://127.0.0.1:PORT/here".replace("PORT", String(port)) : null;
      response.writeHead(302, { location: to ?? `http://127.0.0.1:${inside.port}/` }).end();
    }
  });
  const web = await openWeb("process");
  const follow = (path: string): object => ({
    action: "example/web.follow",
    params: { url: `http://127.0.0.1:${port}${path}` },
    on_error: "continue",
  });
  const report = await web.run([follow("/near"), follow("/far")], { network: [loopback(port)] });
  expect(report.steps[0]?.output).toBe("found");
  expect(report.steps[1]?.error).toMatchObject({ data: { payload: "HTTP-request-denied" } });
  expect(inside.connections()).toBe(0);
});

test("E8: requests that nobody waits for are not sent; ten thousand end in a limit", async () => {
  const { port, connections } = await serve((_, response) => response.end());
  const web = await openWeb("inline");
  const url = `http://127.0.0.1:${port}/`;
  const forget = (times: number): Promise<Awaited<ReturnType<typeof web.run>>> =>
    web.run([{ action: "example/web.forget", params: { url, times } }], { network: [loopback(port)] });
  expect((await forget(100)).steps[0]).toMatchObject({ status: "ran", output: 100 });
  expect((await forget(11_000)).steps[0]?.error).toMatchObject({ code: "RESOURCE_LIMIT" });
  expect(connections()).toBe(0);
});

test("E8: answers that nobody reads close with the call; the run's requests are counted", async () => {
  const { port } = await serve((_, response) => response.end("x".repeat(1000)));
  const web = await openWeb("process");
  const step = { action: "example/web.ignore", params: { url: `http://127.0.0.1:${port}/`, times: 10 } };
  const report = await web.run([step, step], { network: [loopback(port)], limits: { network_requests: 15 } });
  expect(report.steps.map(({ status }) => status)).not.toContain("not_run");
  expect(report.steps[0]).toMatchObject({ output: 10 });
  expect(report.steps[1]?.error).toMatchObject({ code: "NET_LIMIT", data: { limit: "network_requests" } });
  expect(report.steps[1]?.network).toHaveLength(6);
});

test("E5: a call that makes too many headers ends", async () => {
  const web = await openWeb("inline");
  const report = await web.run([{ action: "example/web.headers", params: { times: 100_000 } }]);
  expect(report.steps[0]?.error).toMatchObject({ code: "NET_LIMIT", data: { limit: "headerBytes" } });
});

test("E5: headers, methods, paths and hosts that could mean two things are refused to the tool", async () => {
  const web = await openWeb("inline");
  const bytes = (text: string): number[] => [...Buffer.from(text, "latin1")];
  const header = (name: string, value: string): object => ({
    action: "example/web.header",
    params: { name, value: bytes(value) },
    on_error: "continue",
  });
  const part = (which: string, value: string): object => ({ action: "example/web.part", params: { which, value } });
  const report = await web.run([
    ...[
      header("x\r\ny", "1"),
      header("x", "1\r\ny: 2"),
      header("x", "\0"),
      header("", "1"),
      header("Host", "evil.com"),
    ],
    ...[header("transfer-encoding", "chunked"), header("Upgrade", "h2c"), header("x", "fine"), header("x", "\xff")],
    ...[part("method", "GET /"), part("method", "CONNECT"), part("path", "/ x"), part("path", "/\r\n")],
    ...[part("path", "x"), part("authority", "a@b"), part("authority", "a/b"), part("scheme", "file")],
    ...[part("authority", "good.com:443"), part("path", "/?a=b"), part("method", "PURGE")],
  ]);
  const endings = report.steps.map(({ error, output }) => error?.data?.payload ?? output);
  expect(endings).toEqual([
    ...["invalid-syntax", "invalid-syntax", "invalid-syntax", "invalid-syntax", "forbidden"],
    ...["forbidden", "forbidden", null, null],
    ...[false, false, false, false, false, false, false, false],
    ...[true, true, true],
  ]);
});

test("E5: a tool that waits for an answer before it has finished asking ends, and says why", async () => {
  const { port, connections } = await serve((_, response) => response.end());
  const web = await openWeb("process");
  const steps = [{ action: "example/web.unfinished", params: { url: `http://127.0.0.1:${port}/` } }];
  const report = await web.run(steps, { network: [loopback(port)] });
  expect(report.steps[0]?.error).toMatchObject({ code: "HTTP_INVALID" });
  expect(connections()).toBe(0);
});

test.each(executors)("E7: sockets and lookups are denied, and said to be, %s", async (executor) => {
  const web = await openWeb(executor);
  const step = (what: string): object => ({ action: "example/web.socket", params: { what } });
  const report = await web.run([step("tcp"), step("udp"), step("localhost")], { network: [{ host: "localhost" }] });
  expect(report.steps.map(({ output }) => output)).toEqual(["access-denied", "access-denied", "access-denied"]);
  expect(report.steps.map(({ scope_violations: [violation] }) => violation?.code)).toEqual([
    ...["NET_DENIED", "NET_DENIED", "NET_DENIED"],
  ]);
});

test.each(executors)("fuel bounds a tool after it has waited, too, %s", async (executor) => {
  const { port } = await serve((_, response) => response.end());
  const web = await openWeb(executor);
  const steps = [{ action: "example/web.spin_after", params: { url: `http://127.0.0.1:${port}/` } }];
  const report = await web.run(steps, { network: [loopback(port)], limits: { fuel: 5_000_000 } });
  expect(report.steps[0]?.error).toMatchObject({ code: "FUEL_EXHAUSTED" });
});

test.each(executors)(
  "a call that waits longer than its deadline ends there, and so does its connection, %s",
  async (executor) => {
    const { promise: closed, resolve: close } = Promise.withResolvers<void>();
    const { port } = await serve((request) => request.socket.on("close", () => close()));
    const web = await openWeb(executor);
    const url = `http://127.0.0.1:${port}/`;
    const steps = [{ action: "example/web.ignore", params: { url, times: 1 }, timeout_seconds: 2 }];
    const report = await web.run(steps, { network: [loopback(port)] });
    expect(report.steps[0]?.error).toMatchObject({ code: "DEADLINE_EXCEEDED" });
    await closed;
  },
);

test.each(executors)("a run that is cancelled while a tool waits ends at once, %s", async (executor) => {
  const cancel = new AbortController();
  const { port } = await serve(() => cancel.abort());
  const web = await openWeb(executor);
  const url = `http://127.0.0.1:${port}/`;
  const steps = [{ action: "example/web.ignore", params: { url, times: 1 } }];
  const report = await web.run(steps, { network: [loopback(port)], signal: cancel.signal });
  expect(report.status).toBe("cancelled");
});

test("the same requests with the same answers give the same fuel, however long a server takes", async () => {
  let pause = 0;
  const { port } = await serve((_, response) => {
    const answer = (): void => void response.end("hello");
    if (pause === 0) answer();
    else setTimeout(answer, pause);
  });
  const web = await openWeb("process");
  const fuel: number[] = [];
  for (pause of [0, 100, 20]) {
    // The date of an answer is a part of it; so it is left out.
    const report = await web.run(
      [
        {
          action: "example/web.together",
          params: { urls: [`http://127.0.0.1:${port}/a`, `http://127.0.0.1:${port}/b`] },
        },
      ],
      { network: [loopback(port)] },
    );
    expect(report.steps[0]?.output).toEqual(["hello", "hello"]);
    fuel.push(report.fuel);
  }
  expect(new Set(fuel).size).toBe(1);
});

test("each exchange is an event of its step, before the step ends", async () => {
  const { port } = await serve((_, response) => response.end("hello"));
  const web = await openWeb("process");
  const events: RunEvent[] = [];
  const listeners = [{ onEvent: (event: RunEvent) => void events.push(event) }];
  await web.send(`http://127.0.0.1:${port}/`, { network: [loopback(port)], listeners });
  const types = events.map(({ type }) => type);
  expect(types.indexOf("network.exchanged")).toBeGreaterThan(types.indexOf("step.started"));
  expect(types.indexOf("network.exchanged")).toBeLessThan(types.indexOf("step.ended"));
});
