// The tool `http`, through the inspector, against servers on this machine.

import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Glovebox, inspectTool, openGlovebox, type RunReport } from "../../host/index.ts";
import { buildStandardTools } from "../../tools-wasm/build.ts";
import { projectRoot } from "../layout/imports.ts";
import { loopback, serve, serveBytes } from "../network/web.ts";
import { testCache } from "../support/runs.ts";

let glovebox: Glovebox;
beforeAll(async () => {
  await buildStandardTools(projectRoot);
  glovebox = await openGlovebox({ workspace: process.cwd(), executor: "inline", cacheDirectory: testCache });
});
afterAll(() => glovebox.close());

type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void;

interface Site {
  readonly url: string;
  /** `METHOD /path`, and the body, of each request that came. */
  readonly seen: string[];
  run(...steps: readonly object[]): Promise<RunReport>;
}

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

/** A server, and a runtime that may ask it. */
async function site(answer: Answer, grant: object = {}, limits: object = {}): Promise<Site> {
  const seen: string[] = [];
  const { port } = await serve((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on("end", () => {
      seen.push(`${request.method} ${request.url} ${body}`.trim());
      answer(request, response, body);
    });
  });
  const network = [loopback(port, { methods: METHODS, ...grant })];
  const scope = { scope: "test", actions: ["http.*"], network, limits: { network_requests: 20, ...limits } };
  const run = (...steps: readonly object[]): Promise<RunReport> =>
    glovebox.run({ value: { plan_id: "test", steps } }, { value: scope });
  return { url: `http://127.0.0.1:${port}`, seen, run };
}

const get = (url: string, params: object = {}): object => ({ action: "http.get", params: { url, ...params } });

/** The case of the contract with which the first step failed, and its payload. */
function failure({ steps: [step], findings }: RunReport): readonly [unknown, unknown] {
  if (step?.error?.code !== "ACTION_FAILED") throw new Error(JSON.stringify([step, findings]));
  const { case: name, payload } = step.error.data ?? {};
  return [name, payload];
}

test("a GET gives status, headers and text, and sends the headers that it was given", async () => {
  const { url, run } = await site((request, response) => {
    response.setHeader("x-answer", "a b").end(`hé😀 ${request.headers["x-asked"]}`);
  });
  const report = await run(get(`${url}/a b/ü?q={1}#top`, { headers: [{ name: "X-Asked", value: "why" }] }));
  expect(report.steps[0]?.output).toMatchObject({
    status: 200,
    url: `${url}/a%20b/%C3%BC?q={1}`,
    headers: expect.arrayContaining([{ name: "x-answer", value: "a b" }]),
    body: "hé😀 why",
  });
});

test("a HEAD gives headers and no text", async () => {
  const { url, seen, run } = await site((_request, response) => void response.setHeader("etag", '"1"').end("text"));
  const report = await run({ action: "http.head", params: { url } });
  expect(report.steps[0]?.output).toMatchObject({ status: 200, body: "" });
  expect(seen).toEqual(["HEAD /"]);
});

test.each(["post", "put", "patch", "delete"])("a %s sends its text, and gives what was answered", async (method) => {
  const { url, seen, run } = await site((_request, response, body) => void response.writeHead(201).end(`got ${body}`));
  const body = method === "delete" ? {} : { body: "é".repeat(3000) };
  const report = await run({ action: "http.request", params: { method, url: `${url}/x`, ...body } });
  const sent = body.body ?? "";
  expect(report.steps[0]?.output).toMatchObject({ status: 201, body: `got ${sent}` });
  expect(seen).toEqual([`${method.toUpperCase()} /x ${sent}`.trim()]);
});

test("redirects are followed, relative ones too, and headers stay with the origin that they were meant for", async () => {
  const other = await site((request, response) => void response.end(`other ${request.headers["x-token"]}`));
  const here = await site((request, response) => {
    const to: Readonly<Record<string, string>> = {
      "/a/b": "../c?d",
      "/c?d": "?e",
      "/c?e": `//${other.url.slice(7)}/f`,
    };
    const location = to[request.url ?? ""];
    if (request.headers["x-token"] !== "secret") response.writeHead(500).end();
    else if (location === undefined) response.end("end");
    else response.writeHead(302, { location }).end();
  });
  const grant = loopback(Number(new URL(other.url).port));
  const network = [loopback(Number(new URL(here.url).port)), grant];
  const scope = { scope: "test", actions: ["http.*"], network, limits: { network_requests: 20 } };
  const headers = [{ name: "x-token", value: "secret" }];
  const plan = { plan_id: "test", steps: [get(`${here.url}/a/b`, { headers })] };
  const report = await glovebox.run({ value: plan }, { value: scope });
  expect(report.steps[0]?.output).toMatchObject({ url: `${other.url}/f`, body: "other undefined" });
  expect(here.seen).toEqual(["GET /a/b", "GET /c?d", "GET /c?e"]);
});

test("E2: a redirect to what is not granted is denied, and the report says which grant would allow it", async () => {
  const { url, run } = await site((_request, response) => {
    response.writeHead(302, { location: "http://169.254.169.254/latest/meta-data" }).end();
  });
  const report = await run(get(url));
  expect(failure(report)).toEqual(["denied", "HTTP-request-denied"]);
  expect(report.steps[0]?.scope_violations).toMatchObject([
    { code: "NET_DENIED", hint: expect.stringContaining('host: "169.254.169.254"') },
  ]);
});

test("redirects without end are given up, and so is one that leads nowhere", async () => {
  const { url, seen, run } = await site((request, response) => {
    response.writeHead(301, { location: request.url === "/file" ? "file:///etc/passwd" : `${request.url}x` }).end();
  });
  expect(failure(await run(get(`${url}/r`)))).toEqual(["too_many_redirects", 5]);
  expect(seen).toHaveLength(6);
  expect(failure(await run(get(`${url}/file`)))).toEqual(["invalid", expect.stringContaining("file:///etc/passwd")]);
  const taken = await run(get(`${url}/r`, { accept: [301] }));
  expect(taken.steps[0]?.output).toMatchObject({ status: 301 });
});

test("a status that is no success fails the step with what was answered, unless it is accepted", async () => {
  const { url, run } = await site((request, response) => {
    response.writeHead(Number(request.url?.slice(1))).end("no");
  });
  expect(failure(await run(get(`${url}/404`)))).toEqual([
    "rejected",
    expect.objectContaining({ status: 404, body: "no" }),
  ]);
  expect(failure(await run(get(`${url}/503`)))).toEqual(["failed", expect.objectContaining({ status: 503 })]);
  const accepted = await run(get(`${url}/404`, { accept: [404] }));
  expect(accepted.steps[0]?.output).toMatchObject({ status: 404, body: "no" });
});

test.each([
  ["", "is no URL"],
  ["ftp://127.0.0.1/", "is no URL"],
  ["http://user@127.0.0.1/", "is no URL"],
  ["http://127.0.0.1\\@evil/", "is no URL"],
  ["http:/127.0.0.1/", "is no URL"],
  ["http://127.0.0.1/a\tb", "is no URL"],
  ["http://127.0.0.1/a\\b", "is no URL"],
  ["https:127.0.0.1", "is no URL"],
])("E1: the URL %j is refused before anything leaves", async (url, why) => {
  // Not one that a plan could name: it comes from a result, and is held to the scope when it is known.
  const plan = { plan_id: "test", steps: [get(url)] };
  const scope = { actions: ["http.*"], network: [{ host: "127.0.0.1", ports: [80], methods: METHODS }] };
  const report = await glovebox.run({ value: plan }, { value: { ...scope, limits: { network_requests: 5 } } });
  if (report.status === "rejected") expect(report.findings[0]?.code).toMatch(/NET_DENIED|URL|ARGUMENT/);
  else expect(failure(report)).toEqual(["invalid", expect.stringContaining(why)]);
  expect(report.steps[0]?.network ?? []).toEqual([]);
});

test("E1: what is asked for is what WHATWG reads in the same text", async () => {
  const { url, seen, run } = await site((_request, response) => void response.end());
  const pieces = [..."ab/.?&=;'\"<>{}|^`~ é😀#:@!()*,+[]%", "%2e", "%2F", "..", "//", "%C3%A9", "\u200b"];
  const paths = fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((all) => all.join(""));
  await fc.assert(
    fc.asyncProperty(paths, async (path) => {
      seen.length = 0;
      const { pathname, search } = new URL(`${url}/${path}`);
      expect((await run(get(`${url}/${path}`))).status).toBe("completed");
      expect(seen).toEqual([`GET ${pathname}${search}`.trim()]);
    }),
    { numRuns: 150 },
  );
});

test("E5: headers that are none, or belong to the connection, are refused before anything leaves", async () => {
  const { url, seen, run } = await site((_request, response) => void response.end());
  for (const header of [
    { name: "a b", value: "x" },
    { name: "x", value: "a\r\nb: c" },
    { name: "Host", value: "evil.example" },
    { name: "x", value: "€" },
  ]) {
    expect(failure(await run(get(url, { headers: [header] })))).toEqual([
      "invalid",
      expect.stringContaining(`"${header.name}"`),
    ]);
  }
  expect(seen).toEqual([]);
});

test("E6: a body that is too large, or no text, is an error and not a part", async () => {
  const { url, run } = await site((request, response) => {
    response.end(request.url === "/large" ? Buffer.alloc(4 * 1024 * 1024 + 1, 0x61) : Buffer.from([0x61, 0xff]));
  });
  expect(failure(await run(get(`${url}/large`)))).toEqual(["too_large", 4 * 1024 * 1024]);
  expect(failure(await run(get(`${url}/bytes`)))).toEqual(["not_text", null]);
});

test("nobody there is `unreachable`, and an answer that breaks off is `no_answer`", async () => {
  const { port } = await serveBytes("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf");
  const scope = { actions: ["http.*"], network: [loopback(port), loopback(1)], limits: { network_requests: 5 } };
  const ask = (at: number): Promise<RunReport> =>
    glovebox.run(
      { value: { plan_id: "test", steps: [get(`http://127.0.0.1:${at}/`)] } },
      { value: { scope: "test", ...scope } },
    );
  expect(failure(await ask(port))).toEqual([
    "no_answer",
    expect.stringMatching(/^HTTP-response-incomplete|^connection/),
  ]);
  expect(failure(await ask(1))).toEqual(["unreachable", "connection-refused"]);
});

test("G5: a request that changes something needs to be taken back, or runs last, or needs consent", async () => {
  const { url, run, seen } = await site((_request, response) => void response.end("done"));
  const post = { id: "post", action: "http.request", params: { method: "post", url: `${url}/items` } };
  const after = { action: "http.get", params: { url: `${url}/` } };
  const rejected = await run(post, { ...after, needs: ["post"] });
  expect(rejected.findings).toMatchObject([{ code: "IRREVERSIBLE_ORDER", pointer: "/steps/0" }]);
  expect(seen).toEqual([]);
  const compensate = { action: "http.request", params: { method: "delete", url: `${url}/items/1` } };
  expect((await run({ ...post, compensate }, after)).status).toBe("completed");
  seen.length = 0;
  expect((await run(post, after)).status).toBe("completed");
  expect(seen).toEqual(["GET /", "POST /items"]);
});

test.each([
  ["a status of 500 may have happened, and is taken back", "/500", ["POST /500", "DELETE /items"]],
  ["an answer that breaks off may have happened, and is taken back", "/gone", ["POST /gone", "DELETE /items"]],
  ["a status of 409 has not happened, and nothing is taken back", "/409", ["POST /409"]],
])("G3: %s", async (_what, path, expected) => {
  const { url, run, seen } = await site((request, response) => {
    if (request.url === "/gone") response.socket?.destroy();
    else if (request.url === "/items") response.end();
    else response.writeHead(Number(request.url?.slice(1))).end();
  });
  const compensate = { action: "http.request", params: { method: "delete", url: `${url}/items` } };
  const post = { action: "http.request", params: { method: "post", url: `${url}${path}` }, retries: 2, compensate };
  const report = await run(path === "/409" ? { ...post, retries: 0 } : post);
  expect(report.status).toBe("failed");
  expect(seen).toEqual(expected);
});

test("the tool can reach the network and nothing else, and tells what its failures mean", async () => {
  const tool = await inspectTool(join(projectRoot, "dist/tools/http.wasm"));
  expect(tool.capabilities).toEqual(["network"]);
  expect(tool.actions.map(({ name, effect }) => `${name} ${effect}`)).toEqual([
    "http.get read",
    "http.head read",
    "http.request compensable",
  ]);
  expect(glovebox.actions.find(({ name }) => name === "http.request")?.uncertain).toContain("no_answer");
});

test("the same answers give the same output and the same fuel", async () => {
  const { url, run } = await site((_request, response) => void response.end("x".repeat(100_000)));
  const [first, second] = [await run(get(url)), await run(get(url))];
  expect(first.steps[0]?.resource_usage.fuel).toBe(second.steps[0]?.resource_usage.fuel);
});
