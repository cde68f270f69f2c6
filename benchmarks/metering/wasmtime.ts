// The same kernels on Wasmtime with its own fuel, where GLOVEBOX_WASMTIME_PYTHON names a Python that has the wheel `wasmtime`.

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { KERNELS, start } from "./kernels.ts";

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
        start = time.perf_counter()
        run(store, work)
        best = min(best, time.perf_counter() - start)
    print(best * 1000)
`;

/** For each kernel, how long ours takes, metered, for each millisecond of Wasmtime's; nothing when Wasmtime is not here. */
export function againstWasmtime(): readonly number[] {
  const python = process.env["GLOVEBOX_WASMTIME_PYTHON"];
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
  return KERNELS.map((kernel, index) => best(() => start(kernel, {}), kernel.work) / (theirs[index] ?? Number.NaN));
}

function best(fresh: () => (work: number) => unknown, work: number): number {
  let least = Infinity;
  for (let round = 0; round < 5; round++) {
    const run = fresh();
    run(work >> 2);
    const from = process.hrtime.bigint();
    run(work);
    least = Math.min(least, Number(process.hrtime.bigint() - from) / 1e6);
  }
  return least;
}
