import { expect, test } from "vitest";
import type { HttpOutcome, HttpRequest } from "../../../host/contract/http.ts";
import type { Wasi } from "../../../host/wasi/index.ts";
import { imported, testWasi, thrownBy } from "../support/setup.ts";

type Call = (...args: unknown[]) => unknown;
type Thing = Record<string, Call>;
type Class = (new (...args: unknown[]) => Thing) & Record<string, Call>;

const ANSWER: HttpOutcome = {
  kind: "response",
  response: { status: 200, headers: [["x-a", "1"]], body: Buffer.from("hello"), trailers: [] },
};

interface Host {
  readonly wasi: Wasi;
  readonly types: Record<string, Class>;
  readonly sent: HttpRequest[];
  handle(request: Thing): Thing;
}

function openHost(answer: HttpOutcome = ANSWER): Host {
  const sent: HttpRequest[] = [];
  const wasi = testWasi({
    http: async (request) => {
      sent.push(request);
      return answer;
    },
  });
  const { handle } = imported<{ handle: (request: Thing, options: undefined) => Thing }>(
    wasi,
    "wasi:http/outgoing-handler",
  );
  return {
    wasi,
    sent,
    types: imported(wasi, "wasi:http/types"),
    handle: (request) => handle(request, undefined),
  };
}

function make({ types }: Host, name: string, ...args: unknown[]): Thing {
  const found = types[name];
  if (found === undefined) throw new Error(`there is no ${name}`);
  return new found(...args);
}

function call(thing: object, name: string, ...args: unknown[]): unknown {
  const method = (thing as Thing)[name];
  if (method === undefined) throw new Error(`there is no ${name}`);
  return method.apply(thing, args);
}

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

function requestWith(host: Host, headers: readonly (readonly [string, string])[] = []): Thing {
  const entries = headers.map(([name, value]) => [name, bytes(value)]);
  return make(host, "OutgoingRequest", call(host.types.Fields ?? {}, "fromList", entries));
}

test("fields have names in lower case, keep their order, and are found whatever their case", () => {
  const host = openHost();
  const fields = make(host, "Fields");
  call(fields, "append", "X-B", bytes("1"));
  call(fields, "append", "x-a", bytes("2"));
  call(fields, "append", "x-b", bytes("3"));
  expect(call(fields, "entries")).toEqual([
    ["x-b", bytes("1")],
    ["x-a", bytes("2")],
    ["x-b", bytes("3")],
  ]);
  expect(call(fields, "get", "X-b")).toEqual([bytes("1"), bytes("3")]);
  const copy = call(fields, "clone") as Thing;
  call(fields, "set", "x-b", [bytes("4")]);
  call(fields, "delete", "x-a");
  expect(call(fields, "entries")).toEqual([["x-b", bytes("4")]]);
  expect([call(copy, "has", "x-a"), call(fields, "has", "x-a")]).toEqual([true, false]);
});

test("the headers of a request cannot be changed any more, and a copy of them can", () => {
  const host = openHost();
  const request = requestWith(host, [["x-a", "1"]]);
  const headers = call(request, "headers") as Thing;
  expect(thrownBy(() => call(headers, "append", "x-b", bytes("2")))).toEqual({ tag: "immutable" });
  call(call(headers, "clone") as Thing, "append", "x-b", bytes("2"));
  expect(call(headers, "has", "x-b")).toBe(false);
});

test("a request goes out whole, when its answer is first asked for", async () => {
  const host = openHost();
  const request = requestWith(host, [["x-a", "1"]]);
  call(request, "setMethod", { tag: "put" });
  call(request, "setScheme", { tag: "HTTP" });
  call(request, "setAuthority", "good.com:81");
  call(request, "setPathWithQuery", "/a?b");
  const body = call(request, "body") as Thing;
  const stream = call(body, "write") as Thing;
  for (const piece of ["one ", "two"]) call(stream, "write", bytes(piece));
  const future = host.handle(request);
  call(host.types.OutgoingBody ?? {}, "finish", body, undefined);
  expect(host.sent).toEqual([]);
  const pollable = call(future, "subscribe") as Thing;
  expect(await call(pollable, "ready")).toBe(true);
  expect(host.sent).toMatchObject([
    { method: "PUT", scheme: "http", authority: "good.com:81", pathWithQuery: "/a?b", headers: [["x-a", "1"]] },
  ]);
  expect(Buffer.from(host.sent[0]?.body ?? []).toString()).toBe("one two");
  expect(call(pollable, "block")).toBeUndefined();
  expect(host.sent).toHaveLength(1);
});

test("an answer is had once, and so are its body and the stream of that", async () => {
  const host = openHost();
  const future = host.handle(requestWith(host));
  const got = (await call(future, "get")) as { tag: string; val: { tag: string; val: Thing } };
  expect(got).toMatchObject({ tag: "ok", val: { tag: "ok" } });
  expect(call(future, "get")).toEqual({ tag: "err", val: undefined });
  const response = got.val.val;
  const body = call(response, "consume") as Thing;
  expect(thrownBy(() => call(response, "consume"))).toBeUndefined();
  const stream = call(body, "stream") as Thing;
  expect(thrownBy(() => call(body, "stream"))).toBeUndefined();
  expect(Buffer.from(call(stream, "read", 3n) as Uint8Array).toString()).toBe("hel");
  expect(Buffer.from(call(stream, "blockingRead", 30n) as Uint8Array).toString()).toBe("lo");
  expect(thrownBy(() => call(stream, "read", 3n))).toEqual({ tag: "closed" });
});

test("without a way out, every request is denied", async () => {
  const wasi = testWasi();
  const types = imported<Record<string, Class>>(wasi, "wasi:http/types");
  const { handle } = imported<{ handle: Call }>(wasi, "wasi:http/outgoing-handler");
  const host = { types } as Host;
  const future = handle(make(host, "OutgoingRequest", make(host, "Fields")), undefined) as Thing;
  expect(await call(future, "get")).toEqual({
    tag: "ok",
    val: { tag: "err", val: { tag: "HTTP-request-denied", val: undefined } },
  });
});

test("a body that is not as long as its header says is an error, and the request is not sent", async () => {
  const host = openHost();
  const request = requestWith(host, [["content-length", "5"]]);
  const body = call(request, "body") as Thing;
  call(call(body, "write") as Thing, "write", bytes("four"));
  const finish = (): unknown => call(host.types.OutgoingBody ?? {}, "finish", body, undefined);
  expect(thrownBy(finish)).toMatchObject({ tag: "HTTP-request-body-size" });
  expect(await call(host.handle(request), "get")).toMatchObject({ val: { val: { tag: "HTTP-protocol-error" } } });
  expect(host.sent).toEqual([]);
});

test("a limit that a request meets ends the call, and nothing more is done for the guest", async () => {
  const error = { code: "NET_LIMIT", message: "used up" } as const;
  const host = openHost({ kind: "limit", error });
  await expect(call(host.handle(requestWith(host)), "get")).rejects.toMatchObject(error);
  expect(host.wasi.failure).toMatchObject(error);
  expect(thrownBy(() => make(host, "Fields"))).toMatchObject(error);
});

test("E8: what a guest makes of requests is bounded in all", () => {
  const host = openHost();
  const request = requestWith(host);
  const stream = call(call(request, "body") as Thing, "write") as Thing;
  const piece = new Uint8Array(1024 * 1024);
  const flood = (): void => {
    for (let count = 0; count < 17; count++) call(stream, "write", piece);
  };
  expect(thrownBy(flood)).toMatchObject({ code: "NET_LIMIT", data: { limit: "bodyBytes" } });
});

test("handles that are given away, and those that are dropped, count no more", () => {
  const host = openHost();
  for (let count = 0; count < 20_000; count++) (requestWith(host) as unknown as Disposable)[Symbol.dispose]();
  expect(host.wasi.failure).toBeNull();
});
