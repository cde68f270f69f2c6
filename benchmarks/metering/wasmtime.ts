// The same kernels on Wasmtime with its own fuel, where GLOVEBOX_WASMTIME_PYTHON names a Python that has the wheel `wasmtime`.

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { leastCpu } from "./cpu-time.ts";
import { KERNELS, type Kernel, prepare } from "./kernels.ts";

const SCRIPT = `
import sys, json, time, wasmtime as w
config = w.Config()
config.consume_fuel = True
engine = w.Engine(config)
modules = {}
for file, name, work in json.load(sys.stdin):
    if file not in modules: modules[file] = w.Module.from_file(engine, file)
    best = 1e9
    for _ in range(5):
        store = w.Store(engine)
        store.set_fuel(10**15)
        run = w.Instance(store, modules[file], []).exports(store)[name]
        start = time.thread_time()
        run(store, work)
        best = min(best, time.thread_time() - start)
    print(best * 1000)
`;

/** For each kernel, how long ours takes, metered, for each millisecond of Wasmtime's; nothing when Wasmtime is not here. */
export function againstWasmtime(): readonly number[] {
  const python = process.env.GLOVEBOX_WASMTIME_PYTHON;
  if (python === undefined) return [];
  const file = (index: number): string =>
    fileURLToPath(new URL(`kernels/kernels-${index < 11 ? "c" : "as"}.wasm`, import.meta.url));
  const jobs = KERNELS.map(({ name, work }, index) => [file(index), name, work]);
  const { status, stdout, stderr } = spawnSync(python, ["-c", SCRIPT], {
    input: JSON.stringify(jobs),
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  const theirs = stdout.trim().split("\n").map(Number);
  return KERNELS.map((kernel, index) => ours(kernel) / (theirs[index] ?? Number.NaN));
}

function ours(kernel: Kernel): number {
  const start = prepare(kernel, {});
  const fresh = (): (() => unknown) => {
    const run = start();
    return () => run(kernel.work);
  };
  return leastCpu({ fresh: () => fresh() }, 20).fresh;
}
