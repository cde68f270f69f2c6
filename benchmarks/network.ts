// One HTTP GET over the loopback address: through the inspector, as tools' requests go, against plain undici.
// It must not measure guests: `call` does.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Pool } from "undici";
import { defaultLimits } from "../host/limits.ts";
import { openNetwork } from "../host/network/open-node.ts";
import { parseScope } from "../host/scope/parse.ts";
import { atMost, type Benchmark, type Figure, figure, interleave, percentile } from "./harness.ts";

const SAMPLES = 300;
const SIZES = { "1 KiB": 1024, "1 MiB": 1024 * 1024 } as const;

export const benchmark: Benchmark = {
  name: "network",
  about: "one GET through the inspector, against plain undici",
  run: async () => {
    const figures: Figure[] = [];
    for (const [label, bytes] of Object.entries(SIZES)) figures.push(...(await measure(label, bytes)));
    return figures;
  },
};

async function measure(label: string, bytes: number): Promise<readonly Figure[]> {
  const body = Buffer.alloc(bytes, "x");
  const server = createServer((_, response) => response.end(body));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const pool = new Pool(`http://127.0.0.1:${port}`);
  const inspector = openInspector(port);
  const request = {
    ...{ method: "GET", scheme: "http", authority: `127.0.0.1:${port}`, pathWithQuery: "/", headers: [] },
    ...{ body: new Uint8Array(), connectTimeoutMs: null, firstByteTimeoutMs: null, betweenBytesTimeoutMs: null },
  };
  const { signal } = new AbortController();
  const plain = async (): Promise<void> => {
    const answer = await pool.request({ path: "/", method: "GET" });
    await answer.body.arrayBuffer();
  };
  const inspected = async (): Promise<void> => {
    const outcome = await inspector.send(request, signal, 0);
    if (outcome.kind !== "response") throw new Error(JSON.stringify(outcome));
  };
  try {
    const times = await interleave({ plain, inspected }, { samples: SAMPLES, warmup: 30 });
    const [p50, base] = [percentile(times.inspected, 50), percentile(times.plain, 50)];
    return [
      figure(`GET ${label}, plain undici, p50`, base, "ms"),
      figure(`GET ${label}, inspected, p50`, p50, "ms"),
      // For a long answer, the time goes into its digest.
      figure(`GET ${label}, inspected / plain`, p50 / base, "x", bytes > 64 * 1024 ? null : atMost(2)),
    ];
  } finally {
    await inspector.close();
    await pool.close();
    server.closeAllConnections();
    server.close();
  }
}

function openInspector(port: number): ReturnType<typeof openNetwork> {
  const network = [{ host: "127.0.0.1", ports: [port] }];
  const limits = { ...defaultLimits(), network_requests: 1_000_000, network_mb: 1_048_576 };
  return openNetwork({ ...parseScope({ value: { scope: "bench", network } }), limits });
}
