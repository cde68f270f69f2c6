import { type AddressInfo, createServer } from "node:net";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { expect, test } from "vitest";
import type { HttpOutcome, HttpRequest } from "../../host/contract/http.ts";
import { ending, opened, request, send } from "./inspect.ts";
import { loopback, serve, serveBytes } from "./web.ts";

const MB = 1024 * 1024;

async function get(port: number, changes: Partial<HttpRequest> = {}, limits: object = {}): Promise<HttpOutcome> {
  const inspector = opened([loopback(port)], {}, limits);
  try {
    return await send(inspector, request({ scheme: "http", authority: `127.0.0.1:${port}`, ...changes }));
  } finally {
    await inspector.close();
  }
}

function bodyOf(outcome: HttpOutcome): string {
  return outcome.kind === "response" ? Buffer.from(outcome.response.body).toString() : ending(outcome);
}

test("E6: a body without an end is cut off at the bytes of the run", async () => {
  const { port } = await serve((_, response) => {
    const more = (): void => {
      while (response.write(Buffer.alloc(64 * 1024)));
    };
    response.on("drain", more);
    more();
  });
  expect(ending(await get(port, {}, { network_mb: 1 }))).toBe("limit NET_LIMIT network_mb");
});

test.each([
  ["gzip", gzipSync],
  ["br", brotliCompressSync],
  ["zstd", zstdCompressSync],
] as const)("E6: a %s bomb meets the bytes of the run", async (coding, compress) => {
  const bomb = compress(Buffer.alloc(16 * MB));
  const { port } = await serve((_, response) => response.setHeader("content-encoding", coding).end(bomb));
  expect(bomb.length).toBeLessThan(MB / 4);
  expect(ending(await get(port, {}, { network_mb: 1 }))).toBe("limit NET_LIMIT network_mb");
});

test.each([
  ["gzip", gzipSync("hello")],
  ["deflate", deflateSync("hello")],
  ["deflate", deflateRawSync("hello")],
  ["br", brotliCompressSync("hello")],
  ["zstd", zstdCompressSync("hello")],
  ["gzip, br", brotliCompressSync(gzipSync("hello"))],
  ["identity", Buffer.from("hello")],
] as const)("a body with the content coding %s comes without it", async (coding, bytes) => {
  const { port } = await serve((_, response) => response.setHeader("content-encoding", coding).end(bytes));
  const outcome = await get(port);
  expect(bodyOf(outcome)).toBe("hello");
});

test("E6: a thousand chained content codings are refused", async () => {
  const codings = Array.from({ length: 1000 }, () => "gzip").join(", ");
  const { port } = await serve((_, response) => response.setHeader("content-encoding", codings).end("x"));
  expect(ending(await get(port))).toBe("HTTP-response-content-coding");
});

test.each([
  ["gzip", Buffer.from("no gzip")],
  ["gzip", gzipSync("hello world").subarray(0, 20)],
  ["unheard-of", Buffer.from("x")],
])("E6: a body that is not in its content coding %s is an error, not a part of it", async (coding, bytes) => {
  const { port } = await serve((_, response) => response.setHeader("content-encoding", coding).end(bytes));
  expect(ending(await get(port))).toBe("HTTP-response-content-coding");
});

test("E6: endless headers end at 128 KiB", async () => {
  const lines = Array.from({ length: 3000 }, (_, index) => `x-${index}: ${"y".repeat(64)}\r\n`).join("");
  const { port } = await serveBytes(`HTTP/1.1 200 OK\r\n${lines}\r\n`);
  expect(ending(await get(port))).toBe("HTTP-response-header-section-size");
});

test.each([
  ["a body shorter than it says", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello", "connection-terminated"],
  ["a chunk that is cut off", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", "connection-terminated"],
  ["no last chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "connection-terminated"],
  ["no response", "", "connection-terminated"],
  ["no HTTP", "SSH-2.0-OpenSSH\r\n", "HTTP-protocol-error"],
  ["two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", "HTTP-response-incomplete"],
  [
    "a length and chunks",
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "HTTP-response-incomplete",
  ],
])("E6: %s is an error, and no part of it is passed on", async (_, bytes, expected) => {
  const { port } = await serveBytes(bytes);
  expect(ending(await get(port))).toBe(expected);
});

test("E6: a connection that is reset in the middle of a body is an error", async () => {
  const { port } = await serve((_, response) => {
    response.writeHead(200, { "content-length": "10" });
    response.write("hello", () => response.socket?.resetAndDestroy());
  });
  expect(ending(await get(port))).toBe("connection-terminated");
});

test("E6: informational responses are passed over", async () => {
  const { port } = await serve((_, response) => {
    for (let count = 0; count < 100; count++) response.writeProcessing();
    response.end("hello");
  });
  expect(bodyOf(await get(port))).toBe("hello");
});

test("E6: trailers come after the body, and are headers like others", async () => {
  const chunked = "Transfer-Encoding: chunked\r\nTrailer: x-sum\r\n\r\n5\r\nhello\r\n0\r\nx-sum: 5\r\n\r\n";
  const { port } = await serveBytes(`HTTP/1.1 200 OK\r\n${chunked}`);
  const outcome = await get(port);
  expect(outcome).toMatchObject({ kind: "response", response: { trailers: [["x-sum", "5"]] } });
});

test.each([
  ["that never answers", "", { firstByteTimeoutMs: 60 }, "HTTP-response-timeout"],
  [
    "that stops in the middle",
    "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx",
    { betweenBytesTimeoutMs: 60 },
    "connection-read-timeout",
  ],
])("E6: a server %s is left when the guest's own patience ends", async (_, bytes, timeouts, expected) => {
  const { port } = await serveBytes(bytes, false);
  expect(ending(await get(port, timeouts))).toBe(expected);
});

test("E6: a request ends with its call, and its connection is closed", async () => {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  const { promise: closed, resolve: close } = Promise.withResolvers<void>();
  const { port } = await serve((incoming) => {
    incoming.socket.on("close", () => close());
    arrive();
  });
  const inspector = opened([loopback(port)]);
  const call = new AbortController();
  const asked = send(inspector, request({ scheme: "http", authority: `127.0.0.1:${port}` }), call.signal);
  await arrived;
  call.abort();
  expect(ending(await asked)).toBe("limit CANCELLED");
  await closed;
  expect(inspector.take()).toMatchObject([{ outcome: "cancelled", error: "CANCELLED" }]);
  await inspector.close();
});

test("nobody there is connection-refused", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  expect(ending(await get(port))).toBe("connection-refused");
});

test("requests and bytes are counted over the whole run, refused requests apart", async () => {
  const { port } = await serve((_, response) => response.end("x".repeat(600 * 1024)));
  const inspector = opened([loopback(port)], {}, { network_requests: 3, network_mb: 1 });
  const asked = request({ scheme: "http", authority: `127.0.0.1:${port}` });
  const endings: string[] = [];
  for (const changes of [{}, { method: "PUT" }, { method: "HEAD" }, {}, { method: "HEAD" }]) {
    endings.push(ending(await send(inspector, { ...asked, ...changes })));
  }
  await inspector.close();
  expect(endings).toEqual([
    "200",
    "HTTP-request-denied NET_DENIED",
    "200",
    "limit NET_LIMIT network_mb",
    "limit NET_LIMIT network_requests",
  ]);
});

test("what is recorded has digests of what went out and came back, the same for the same, whenever it was", async () => {
  const { port } = await serve((_, response) => response.end("hello"));
  const inspector = opened([loopback(port)]);
  const asked = request({ scheme: "http", authority: `127.0.0.1:${port}`, method: "POST", body: Buffer.from("abc") });
  await send(inspector, asked);
  await send(inspector, asked);
  await send(inspector, { ...asked, body: Buffer.from("abd") });
  const [first, second, third] = inspector.take();
  await inspector.close();
  expect(first).toMatchObject({
    ...{ method: "POST", url: `http://127.0.0.1:${port}/`, address: "127.0.0.1" },
    ...{ outcome: "response", error: null, status: 200, request_bytes: 3, response_bytes: 5 },
  });
  expect(first?.request_digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(second).toEqual(first);
  expect(third?.request_digest).not.toBe(first?.request_digest);
  expect(third?.response_digest).toBe(first?.response_digest);
  expect(inspector.take()).toEqual([]);
});
