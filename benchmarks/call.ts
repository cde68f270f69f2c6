// What one call costs: a cold machine, a warm process, and metering itself. It must not know how any of it works.

import { spawnSync } from "node:child_process";
import { mkdtempDisposableSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openGlovebox } from "../host/index.ts";
import { Meter, meter } from "../host/metering/index.ts";
import { type Benchmark, type Figure, figure, interleave, percentile, ratio, sample } from "./harness.ts";

const ROOT = join(import.meta.dirname, "..");
const KERNELS = ["fib", "sieve", "matrix"] as const;
const UNBOUNDED = { fuel: 2n ** 47n, stackBytes: 512 * 1024, memoryBytes: 2 ** 31, tableElements: 100_000 };
const SCOPE = { scope: "bench", actions: ["process.filter"] };
const PLAN = {
  plan_id: "bench",
  steps: [{ action: "process.filter", params: { text: ["an ERROR", "nothing"], pattern: "ERROR" } }],
};

/** The first figures: cold start, one call, fuel overhead, rewrite speed. */
export const benchmark: Benchmark = {
  name: "call",
  about: "cold start, one call with a fresh instance, fuel overhead on three kernels, rewrite speed",
  run: async () => [...(await coldStart()), ...(await oneCall()), ...(await fuelOverhead()), await rewriteSpeed()],
};

/** The example plan of two steps as a command, from `spawn` to exit, beside a Node process that does nothing. */
async function coldStart(): Promise<readonly Figure[]> {
  using temporary = mkdtempDisposableSync(join(tmpdir(), "glovebox-bench-"));
  const cache = join(temporary.path, "cache");
  const example = join(ROOT, "examples/analyze-logs");
  const command = ["run", join(example, "plan.json"), "--scope", join(example, "scope.yaml"), "--json"];
  const glovebox = [join(ROOT, "bin/glovebox.js"), ...command];
  const uncached = await sample(
    () => {
      rmSync(cache, { recursive: true, force: true });
      runNode(glovebox, cache);
    },
    { samples: 5, warmup: 1 },
  );
  const warm = await interleave(
    { cached: () => runNode(glovebox, cache), node: () => runNode(["--eval", ""], cache) },
    { samples: 10, warmup: 1 },
  );
  return [
    figure("cold start, uncached", percentile(uncached, 50), "ms"),
    figure("cold start, cached", percentile(warm.cached, 50), "ms"),
    figure("node alone", percentile(warm.node, 50), "ms"),
  ];
}

function runNode(args: readonly string[], cache: string): void {
  const env = { ...process.env, XDG_CACHE_HOME: cache };
  const { status, stderr } = spawnSync(process.execPath, args, { env, encoding: "utf8" });
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}: ${stderr}`);
}

/** A plan of one step, checked and run in this process: each run takes a fresh instance. */
async function oneCall(): Promise<readonly Figure[]> {
  using workspace = mkdtempDisposableSync(join(tmpdir(), "glovebox-bench-"));
  const glovebox = await openGlovebox({ workspace: workspace.path, executor: "inline" });
  const run = async (): Promise<void> => {
    const { status } = await glovebox.run({ value: PLAN }, { value: SCOPE });
    if (status !== "completed") throw new Error(`the plan ended ${status}`);
  };
  const times = await sample(run, { samples: 1000, warmup: 200 });
  await glovebox.close();
  return [50, 99].map((percent) => figure(`one call, fresh instance, p${percent}`, percentile(times, percent), "ms"));
}

async function fuelOverhead(): Promise<readonly Figure[]> {
  const { parse } = await import("@bytecodealliance/jco-transpile/wasm-tools");
  const figures: Figure[] = [];
  for (const kernel of KERNELS) {
    const source = readFileSync(join(import.meta.dirname, "kernels", `${kernel}.wat`), "utf8");
    const bytes = (await parse(source)) as Uint8Array<ArrayBuffer>;
    const plain = instance(bytes, {});
    const metered = instance(meter(bytes).bytes as Uint8Array<ArrayBuffer>, new Meter(UNBOUNDED).imports());
    if (plain() !== metered()) throw new Error(`${kernel} gives another result when it is metered`);
    figures.push(figure(`fuel overhead, ${kernel}`, await ratio(plain, metered, { samples: 60, warmup: 20 }), "x"));
  }
  return figures;
}

function instance(bytes: Uint8Array<ArrayBuffer>, imports: WebAssembly.Imports): () => unknown {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports);
  return exports.run as () => unknown;
}

/** Rewrites a real module of some megabytes: jco's own bindings generator. */
async function rewriteSpeed(): Promise<Figure> {
  const entry = fileURLToPath(import.meta.resolve("@bytecodealliance/jco-transpile"));
  const file = join(entry, "../../vendor/js-component-bindgen-component.core.wasm");
  const bytes = new Uint8Array(readFileSync(file));
  const times = await sample(() => meter(bytes), { samples: 7, warmup: 2 });
  return figure("rewrite speed", bytes.length / 1e6 / (percentile(times, 50) / 1000), "MB/s");
}
