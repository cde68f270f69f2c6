// Asks Wasmtime for the fuel of the corpus and writes fuel-expected.json. By hand: node test/metering/oracle.ts PYTHON
// where PYTHON has the wheel `wasmtime` 49.

import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { corpus } from "./corpus.ts";

const SCRIPT = `
import sys, json, wasmtime as w
BUDGET = 20_000_000 # calls that need more, and those after them or after a trap, are left out
config = w.Config()
config.consume_fuel = True
for name in ("wasm_exceptions", "wasm_tail_call", "wasm_multi_memory"):
    setattr(config, name, True)
engine = w.Engine(config)
for line in sys.stdin:
    job = json.loads(line)
    store = w.Store(engine)
    store.set_fuel(10**15)
    exports = w.Instance(store, w.Module.from_file(engine, job["file"]), []).exports(store)
    out = []
    for name, arguments in job["calls"]:
        store.set_fuel(BUDGET)
        function = exports[name]
        kinds = [str(kind) for kind in function.type(store).params]
        arguments = [int(a) if kind in ("i32", "i64") else float(a) for a, kind in zip(arguments, kinds)]
        try:
            function(store, *arguments)
            out.append(BUDGET - store.get_fuel())
        except (w.Trap, w.WasmtimeError):
            if store.get_fuel() > 0:
                out.append("trap")
            break
    print(json.dumps(out), flush=True)
`;

const directory = mkdtempSync(join(tmpdir(), "fuel-"));
const modules = await corpus();
const jobs = modules.map(({ bytes, calls }, index) => {
  const file = join(directory, `${index}.wasm`);
  writeFileSync(file, bytes);
  return JSON.stringify({ file, calls });
});
const run = spawnSync(process.argv[2] ?? "python3", ["-c", SCRIPT], { input: jobs.join("\n"), encoding: "utf8" });
if (run.status !== 0) throw new Error(run.stderr);
const counts = run.stdout
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as unknown);
const entries = modules.map(({ title }, index) => `  ${JSON.stringify(title)}: ${JSON.stringify(counts[index])}`);
writeFileSync(fileURLToPath(new URL("fuel-expected.json", import.meta.url)), `{\n${entries.join(",\n")}\n}\n`);
