// Makes logs/app.log: a small order service on a real socket, and clients that call it until it has logged enough.
// It must not know Glovebox. Run it with `node examples/analyze-logs/make-log.ts [LINES] > FILE`.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

type Level = "DEBUG" | "INFO" | "WARN" | "ERROR";
type Random = () => number;

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

interface Order {
  readonly item: string;
  readonly quantity: number;
}

const CLIENTS = 4;
const ITEMS = ["bolt", "nut", "washer", "gasket", "spring"];

/** A seeded generator (mulberry32), so that one run is like another (timing apart). */
function seededRandom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Writes log lines to standard output, and counts them. */
class Log {
  lines = 0;

  write(level: Level, source: string, message: string): void {
    this.lines++;
    process.stdout.write(`${new Date().toISOString()} ${level.padEnd(5)} ${source.padEnd(6)} ${message}\n`);
  }
}

/** The service: it keeps orders in a map, and its database and its payment provider sometimes fail. */
class OrderService {
  readonly #orders = new Map<number, Order>();
  readonly #log: Log;
  readonly #random: Random;
  #nextOrder = 1000;

  constructor(log: Log, random: Random) {
    this.#log = log;
    this.#random = random;
  }

  async handle(request: IncomingMessage): Promise<Reply> {
    const id = Number(/^\/orders\/(\d+)$/.exec(request.url ?? "")?.[1]);
    if (request.url === "/health") return { status: 200, body: { orders: this.#orders.size } };
    if (request.method === "POST" && request.url === "/orders") return this.#create(await readJson(request));
    if (request.method === "GET" && !Number.isNaN(id)) return this.#read(id);
    return { status: 404, body: { error: "no such route" } };
  }

  #create(order: Order): Reply {
    if (order.quantity > 90) {
      this.#log.write("WARN", "orders", `refused ${order.quantity} x ${order.item}: more than in stock`);
      return { status: 422, body: { error: "out of stock" } };
    }
    if (this.#random() < 0.06) {
      this.#log.write(
        "ERROR",
        "pay",
        `charge for ${order.quantity} x ${order.item} failed: upstream timed out after 30 ms`,
      );
      return { status: 502, body: { error: "payment" } };
    }
    const id = this.#nextOrder++;
    this.#orders.set(id, order);
    this.#log.write("DEBUG", "orders", `stored order ${id}: ${order.quantity} x ${order.item}`);
    return { status: 201, body: { id } };
  }

  #read(id: number): Reply {
    if (this.#random() < 0.04) {
      this.#log.write("ERROR", "db", `SELECT order ${id} failed: connection reset by peer`);
      throw new Error("database");
    }
    const order = this.#orders.get(id);
    return order === undefined ? { status: 404, body: { error: "no such order" } } : { status: 200, body: order };
  }
}

async function readJson(request: IncomingMessage): Promise<Order> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString()) as Order;
}

function startServer(service: OrderService, log: Log): Promise<Server> {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const start = performance.now();
    const reply = await service.handle(request).catch(() => ({ status: 500, body: { error: "internal" } }));
    response.writeHead(reply.status, { "content-type": "application/json" }).end(JSON.stringify(reply.body));
    const took = (performance.now() - start).toFixed(2);
    log.write("INFO", "http", `${request.method} ${request.url} ${reply.status} ${took}ms`);
  };
  const server = createServer((request, response) => void answer(request, response));
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

/** One client: it places orders, reads one of its own or checks the health, one after the other, until there are enough lines. */
async function runClient(origin: string, random: Random, log: Log, lines: number): Promise<void> {
  const placed: number[] = [];
  while (log.lines < lines) {
    const choice = random();
    const pick = random();
    const id = placed[Math.floor(pick * placed.length)];
    if (choice < 0.3) {
      const order: Order = {
        item: ITEMS[Math.floor(pick * ITEMS.length)] ?? "bolt",
        quantity: Math.ceil(random() * 100),
      };
      const created = await fetch(`${origin}/orders`, { method: "POST", body: JSON.stringify(order) });
      const { id: newId } = (await created.json()) as { readonly id?: number };
      if (newId !== undefined) placed.push(newId);
    } else {
      const response = await fetch(choice < 0.4 || id === undefined ? `${origin}/health` : `${origin}/orders/${id}`);
      await response.arrayBuffer();
    }
  }
}

async function main(lines: number): Promise<void> {
  const log = new Log();
  const server = await startServer(new OrderService(log, seededRandom(3)), log);
  const { port } = server.address() as AddressInfo;
  log.write("INFO", "main", `listening with ${CLIENTS} clients`);
  const clients = Array.from({ length: CLIENTS }, (_, client) =>
    runClient(`http://127.0.0.1:${port}`, seededRandom(100 + client), log, lines),
  );
  await Promise.all(clients);
  server.closeAllConnections();
  server.close();
  log.write("INFO", "main", "stopped");
}

await main(Number(process.argv[2] ?? 12_000));
