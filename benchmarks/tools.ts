// What the standard tools cost: their size, the time to build one from source, and a call of each with a fresh instance.
// It must not know what the tools do beyond one cheap call of each.

import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openGlovebox } from "../host/index.ts";
import { standardTool } from "../tools-wasm/build.ts";
import { buildTool } from "../tools-wasm/sdk/build.ts";
import { newTool } from "../tools-wasm/sdk/template.ts";
import { buildToolAt } from "../tools-wasm/sdk/tool.ts";
import { atMost, type Benchmark, type Figure, figure, percentile, sample } from "./harness.ts";

const ROOT = join(import.meta.dirname, "..");
const TOOLS = join(ROOT, "dist", "tools");
const MOST_KIB = 40;

interface Call {
  readonly action: string;
  readonly params: object;
}

/** A call of each tool that does next to nothing, so that what is measured is the call. */
const CALLS: readonly Call[] = [
  { action: "archive.pack", params: { path: "/project/a.txt", to: "/project/a.zip" } },
  { action: "config.set", params: { path: "/project/a.env", key: ["A"], value: { integer: 2 } } },
  { action: "file.read", params: { path: "/project/a.txt" } },
  { action: "json.query", params: { text: '{"a":1}', query: "$.a" } },
  { action: "process.filter", params: { text: ["an ERROR", "nothing"], pattern: "ERROR" } },
  { action: "text.replace", params: { text: "one", pattern: "n", replacement: "m" } },
];

/** Sizes, build times and call times of the standard tools. */
export const benchmark: Benchmark = {
  name: "tools",
  about: "size of each standard tool, build time, one call of each with a fresh instance",
  run: async () => [...sizes(), ...(await buildTimes()), ...(await callTimes())],
};

function names(): readonly string[] {
  const files = readdirSync(TOOLS).filter((name) => name.endsWith(".wasm"));
  return files.map((name) => name.slice(0, -".wasm".length)).sort();
}

function sizes(): readonly Figure[] {
  return names().map((name) =>
    figure(`size, ${name}`, statSync(join(TOOLS, `${name}.wasm`)).size / 1024, "KiB", atMost(MOST_KIB)),
  );
}

async function buildTimes(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "glovebox-bench-"));
  const fresh = join(folder, "words");
  await newTool(fresh, "bench", "words");
  const work = new Map([["the tool of `tool new`", () => buildToolAt(fresh)]]);
  for (const name of names()) work.set(name, () => buildTool(standardTool(ROOT, name)));
  const figures: Figure[] = [];
  for (const [name, build] of work) {
    const times = await sample(build, { samples: 3, warmup: 1 });
    figures.push(figure(`build, ${name}`, percentile(times, 50), "ms"));
  }
  rmSync(folder, { recursive: true });
  return figures;
}

async function callTimes(): Promise<readonly Figure[]> {
  const workspace = mkdtempSync(join(tmpdir(), "glovebox-bench-"));
  writeFileSync(join(workspace, "a.txt"), "one\ntwo\n");
  writeFileSync(join(workspace, "a.env"), "A=1\n");
  mkdirSync(join(workspace, "tree", "package"), { recursive: true });
  writeFileSync(join(workspace, "tree", "package", "index.js"), "export const pad = 1;\n");
  const glovebox = await openGlovebox({ workspace, executor: "inline" });
  const call = async ({ action, params }: Call, port: number, dryRun: boolean): Promise<void> => {
    const value = {
      scope: "bench",
      actions: [action],
      filesystem: [{ path: "/project", access: "write" }],
      network: [{ host: "127.0.0.1", ports: [port] }],
      limits: { network_requests: 10 },
    };
    const plan = { value: { plan_id: "bench", steps: [{ action, params }] } };
    const { status, findings, error } = await glovebox.run(plan, { value, directory: workspace }, { dryRun });
    if (status !== "completed") throw new Error(`${action} ended ${status}: ${error?.message ?? findings[0]?.message}`);
  };
  await call({ action: "archive.pack", params: { path: "/project/tree", to: "/project/pad.tgz" } }, 1, false);
  const tarball = readFileSync(join(workspace, "pad.tgz"));
  const server = createServer((request, response) => void response.end(request.url === "/" ? "hello" : tarball));
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const figures: Figure[] = [];
  for (const one of [...CALLS, ...networkCalls(`http://127.0.0.1:${port}/`, tarball)]) {
    const times = await sample(() => call(one, port, true), { samples: 300, warmup: 50 });
    figures.push(figure(`one call, fresh instance, ${one.action}, p50`, percentile(times, 50), "ms"));
  }
  server.close();
  await glovebox.close();
  rmSync(workspace, { recursive: true });
  return figures;
}

/** Those that ask a server, which is in this process. */
function networkCalls(url: string, tarball: Uint8Array): readonly Call[] {
  const integrity = `sha512-${createHash("sha512").update(tarball).digest("base64")}`;
  const version = { ecosystem: "npm", registry: url, name: "pad", version: "1.0.0", integrity };
  return [
    { action: "http.get", params: { url } },
    { action: "package.install", params: { ...version, to: "/project/libs", lock: "/project/packages.lock" } },
  ];
}
