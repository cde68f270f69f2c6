// A DNS server on this machine, over UDP, that answers from a table and keeps what it was asked.

import { createSocket } from "node:dgram";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

const A = 1;
const CNAME = 5;
const AAAA = 28;

export type Answer = readonly string[] | { readonly alias: string; readonly of: readonly string[] } | "silence";

export interface DnsServer {
  /** For `dnsServers`. */
  readonly address: string;
  /** `A good.test`, in order. */
  readonly asked: readonly string[];
}

/** Starts one. A function is asked each time, and so may change its mind. Names that are not in the table do not exist. */
export async function serveDns(table: Readonly<Record<string, Answer | (() => Answer)>>): Promise<DnsServer> {
  const asked: string[] = [];
  const socket = createSocket("udp4");
  socket.on("message", (query, from) => {
    const { name, type, end } = readQuestion(query);
    asked.push(`${type === A ? "A" : type === AAAA ? "AAAA" : type} ${name}`);
    const entry = table[name];
    const answer = typeof entry === "function" ? entry() : entry;
    if (answer !== "silence") socket.send(reply(query, end, type, answer), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  onTestFinished(() => void socket.close());
  return { address: `127.0.0.1:${(socket.address() as AddressInfo).port}`, asked };
}

function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join(".").toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function reply(query: Buffer, end: number, type: number, answer: Exclude<Answer, "silence"> | undefined): Buffer {
  const records = answer === undefined ? [] : recordsOf(type, answer);
  const header = Buffer.from(query.subarray(0, 12));
  header.writeUInt16BE(answer === undefined ? 0x8183 : 0x8180, 2);
  header.writeUInt16BE(records.length, 6);
  header.fill(0, 8, 12);
  return Buffer.concat([header, query.subarray(12, end), ...records]);
}

function recordsOf(type: number, answer: Exclude<Answer, "silence">): readonly Buffer[] {
  if (!("alias" in answer)) return addresses(type, answer, Buffer.from([0xc0, 12]));
  const alias = nameBytes(answer.alias);
  return [record(Buffer.from([0xc0, 12]), CNAME, alias), ...addresses(type, answer.of, alias)];
}

function addresses(type: number, all: readonly string[], owner: Buffer): readonly Buffer[] {
  const fit = all.filter((address) => address.includes(":") === (type === AAAA));
  return fit.map((address) => record(owner, type, addressBytes(address)));
}

function record(owner: Buffer, type: number, data: Buffer): Buffer {
  const head = Buffer.alloc(10);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(1, 2);
  head.writeUInt16BE(data.length, 8);
  return Buffer.concat([owner, head, data]);
}

function nameBytes(name: string): Buffer {
  return Buffer.concat([
    ...name.split(".").map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])),
    Buffer.from([0]),
  ]);
}

/** IPv6 addresses are written out in full. */
function addressBytes(address: string): Buffer {
  if (!address.includes(":")) return Buffer.from(address.split(".").map(Number));
  return Buffer.from(
    address
      .split(":")
      .map((group) => group.padStart(4, "0"))
      .join(""),
    "hex",
  );
}
