// A tool in plain JavaScript over wasi:http and wasi:sockets themselves, without any library between.

import { Fields, OutgoingBody, OutgoingRequest } from "wasi:http/types@0.2.11";
import { handle } from "wasi:http/outgoing-handler@0.2.11";
import { now, subscribeDuration } from "wasi:clocks/monotonic-clock@0.2.11";
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

const LOCAL = [127, 0, 0, 1];

function addressOf(host) {
  const parts = host.split(".").map(Number);
  return parts.length === 4 && parts.every((part) => part >= 0 && part < 256) ? { tag: "ipv4", val: parts } : null;
}

function textOf({ tag, val }) {
  return tag === "ipv4" ? val.join(".") : val.map((group) => group.toString(16)).join(":");
}

function resolve(name) {
  const stream = resolveAddresses(instanceNetwork(), name);
  stream.subscribe().block();
  const found = [];
  for (;;) {
    const next = stream.resolveNextAddress();
    if (next === undefined || next === null) return found;
    found.push(next);
  }
}

/** A connection, as soon as it is there. */
function connect({ tag, val }, port) {
  const socket = createTcpSocket(tag);
  const remote = tag === "ipv4" ? { port, address: val } : { port, flowInfo: 0, address: val, scopeId: 0 };
  socket.startConnect(instanceNetwork(), { tag, val: remote });
  socket.subscribe().block();
  const [input, output] = socket.finishConnect();
  return { socket, input, output };
}

function readAll(input) {
  const pieces = [];
  for (;;) {
    try {
      pieces.push(...input.blockingRead(8192));
    } catch (thrown) {
      if (reason(thrown) !== "closed") throw reason(thrown);
      return decode(new Uint8Array(pieces));
    }
  }
}

/** What `body` throws, as a name. */
function refusal(body) {
  try {
    body();
    return "it is there";
  } catch (thrown) {
    return reason(thrown);
  }
}

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
    return refusal(() => {
      if (what === "tcp") connect({ tag: "ipv4", val: LOCAL }, 9);
      else if (what === "udp") createUdpSocket("ipv4");
      else resolve(what);
    });
  },

  talk(host, port, text) {
    try {
      const { socket, input, output } = connect(addressOf(host) ?? resolve(host)[0], port);
      const bytes = encode(text);
      for (let at = 0; at < bytes.length; at += 4096) output.blockingWriteAndFlush(bytes.subarray(at, at + 4096));
      socket.shutdown("send");
      return readAll(input);
    } catch (thrown) {
      throw reason(thrown);
    }
  },

  lookup(name) {
    try {
      return resolve(name).map(textOf);
    } catch (thrown) {
      throw reason(thrown);
    }
  },

  hear(ports) {
    const open = ports.map((port) => connect({ tag: "ipv4", val: LOCAL }, port));
    const waiting = new Map(open.map(({ input }, index) => [index, input.subscribe()]));
    const heard = [];
    while (waiting.size > 0) {
      const indices = [...waiting.keys()];
      for (const ready of poll([...waiting.values()])) {
        const index = indices[ready];
        heard.push(decode(open[index].input.read(100)));
        waiting.delete(index);
      }
    }
    return heard;
  },

  waitForWord(port, ms) {
    const { input } = connect({ tag: "ipv4", val: LOCAL }, port);
    const before = now();
    const [first] = poll([input.subscribe(), subscribeDuration(ms * 1_000_000)]);
    const passed = Math.floor(Number(now() - before) / 1_000_000);
    return [first === 0 ? decode(input.read(100)) : "nothing", passed];
  },

  drop(port, bytes) {
    const { output } = connect({ tag: "ipv4", val: LOCAL }, port);
    output.write(new Uint8Array(bytes).fill(120));
    return bytes;
  },

  listen() {
    const socket = createTcpSocket("ipv4");
    const local = { tag: "ipv4", val: { port: 0, address: LOCAL } };
    return [
      refusal(() => socket.startBind(instanceNetwork(), local)),
      refusal(() => socket.startListen()),
      refusal(() => socket.accept()),
    ];
  },

  spinAfter(url) {
    fetched("GET", url, [], null);
    let turns = 0;
    for (;;) turns = (turns + 1) % 1000;
  },
};
