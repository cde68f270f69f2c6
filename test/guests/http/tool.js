// A tool in plain JavaScript over wasi:http itself, without any library between.

import { Fields, OutgoingBody, OutgoingRequest } from "wasi:http/types@0.2.11";
import { handle } from "wasi:http/outgoing-handler@0.2.11";
import { poll } from "wasi:io/poll@0.2.11";
import { instanceNetwork } from "wasi:sockets/instance-network@0.2.11";
import { createTcpSocket } from "wasi:sockets/tcp-create-socket@0.2.11";
import { createUdpSocket } from "wasi:sockets/udp-create-socket@0.2.11";
import { resolveAddresses } from "wasi:sockets/ip-name-lookup@0.2.11";

const METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];

// The engine has no TextEncoder; one character for each byte will do.
const encode = (text) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const decode = (bytes) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");

/** The payload of what an import threw: a variant, an enum, or nothing. */
function reason(thrown) {
  if (thrown instanceof Error && thrown.payload === undefined) throw thrown;
  const value = thrown?.payload ?? thrown;
  return value?.tag ?? String(value);
}

function methodOf(name) {
  return METHODS.includes(name) ? { tag: name.toLowerCase() } : { tag: "other", val: name };
}

/** Splits where a URL says, and judges nothing. */
function requestFor(method, url, headers, body) {
  const [, scheme, authority, path] = /^(\w+):\/\/([^/?]*)(.*)$/.exec(url);
  const fields = Fields.fromList(headers.map(([name, value]) => [name, encode(value)]));
  const request = new OutgoingRequest(fields);
  request.setMethod(methodOf(method));
  request.setScheme({ tag: scheme === "http" ? "HTTP" : "HTTPS" });
  request.setAuthority(authority);
  request.setPathWithQuery(path === "" ? undefined : path);
  if (body === null) return request;
  const outgoing = request.body();
  const stream = outgoing.write();
  const bytes = encode(body);
  for (let at = 0; at < bytes.length; at += 4096) stream.blockingWriteAndFlush(bytes.subarray(at, at + 4096));
  stream[Symbol.dispose]();
  OutgoingBody.finish(outgoing, undefined);
  return request;
}

function open(method, url, headers = [], body = null) {
  return handle(requestFor(method, url, headers, body), undefined);
}

/** The response, or throws the name of the error. */
function answer(future) {
  const got = future.get();
  const inner = got.tag === "ok" ? got.val : got;
  if (inner.tag === "err") throw inner.val.tag;
  return inner.val;
}

function readBody(response) {
  const body = response.consume();
  const stream = body.stream();
  const pieces = [];
  for (;;) {
    try {
      pieces.push(...stream.blockingRead(65536));
    } catch (thrown) {
      if (reason(thrown) !== "closed") throw thrown;
      break;
    }
  }
  stream[Symbol.dispose]();
  return decode(new Uint8Array(pieces));
}

function fetched(method, url, headers, body) {
  const future = open(method, url, headers, body);
  future.subscribe().block();
  return answer(future);
}

const entries = (fields) => fields.entries().map(([name, value]) => [name, decode(value)]);

export const web = {
  send({ method, url, headers, body }) {
    const response = fetched(method, url, headers, body === "" ? null : body);
    return { status: response.status(), headers: entries(response.headers()), body: readBody(response) };
  },

  together(urls) {
    const futures = urls.map((url) => open("GET", url));
    const waiting = new Map(futures.map((future, index) => [index, future.subscribe()]));
    while (waiting.size > 0) {
      const indices = [...waiting.keys()];
      for (const ready of [...poll([...waiting.values()])].reverse()) waiting.delete(indices[ready]);
    }
    return futures.map((future) => {
      try {
        return readBody(answer(future));
      } catch (thrown) {
        return String(thrown);
      }
    });
  },

  follow(url) {
    for (let hop = 0; hop < 5; hop++) {
      const response = fetched("GET", url, [], null);
      if (response.status() < 300 || response.status() > 399) return readBody(response);
      url = decode(response.headers().get("location")[0]);
    }
    throw "loop";
  },

  forget(url, times) {
    const kept = [];
    for (let index = 0; index < times; index++) kept.push(open("GET", url));
    return kept.length;
  },

  ignore(url, times) {
    for (let index = 0; index < times; index++) fetched("GET", url, [], null);
    return times;
  },

  header(name, value) {
    try {
      new Fields().append(name, value);
    } catch (thrown) {
      throw reason(thrown);
    }
  },

  part(which, value) {
    const request = new OutgoingRequest(new Fields());
    try {
      if (which === "method") request.setMethod(methodOf(value));
      if (which === "path") request.setPathWithQuery(value);
      if (which === "authority") request.setAuthority(value);
      if (which === "scheme") request.setScheme({ tag: "other", val: value });
      return true;
    } catch {
      return false;
    }
  },

  headers(times) {
    const fields = new Fields();
    const value = encode("x".repeat(64));
    for (let index = 0; index < times; index++) fields.append(`x-${index}`, value);
    return times;
  },

  unfinished(url) {
    const request = requestFor("POST", url, [], null);
    const kept = request.body();
    const future = handle(request, undefined);
    future.subscribe().block();
    answer(future);
    return kept;
  },

  socket(what) {
    try {
      if (what === "tcp") createTcpSocket("ipv4");
      else if (what === "udp") createUdpSocket("ipv4");
      else resolveAddresses(instanceNetwork(), what);
      return "it is there";
    } catch (thrown) {
      return reason(thrown);
    }
  },

  spinAfter(url) {
    fetched("GET", url, [], null);
    let turns = 0;
    for (;;) turns = (turns + 1) % 1000;
  },
};
