// Runs the corpus and the deep modules and prints a digest of everything that must be the same on every engine and tier.
// It is run by engines.test.ts under the tiers of V8, and can be run under other engines: bun test/metering/engines.ts

import { createHash } from "node:crypto";
import { argumentsOf, corpus } from "./corpus.ts";
import { DEEP_MODULES } from "./deep-modules.ts";
import { randomModule } from "./random-module.ts";
import { parameterTypes } from "./signatures.ts";
import { call, type Instance, instantiate, type Outcome, SCHEMES, type Value, wat } from "./support.ts";

const digest = createHash("sha256");
let calls = 0;

function note(outcome: Outcome): boolean {
  calls++;
  const how =
    outcome.kind === "returned"
      ? String(outcome.value)
      : `${outcome.report.code} ${outcome.report.kind} ${outcome.report.deterministic}`;
  digest.update(`${outcome.fuel} ${how}\n`);
  return outcome.kind === "returned";
}

function run(instance: Instance, list: readonly (readonly [name: string, values: readonly Value[]])[]): void {
  for (const [name, values] of list) if (!note(call(instance, name, ...values))) break;
  if (instance.raw.memory instanceof WebAssembly.Memory) digest.update(instance.memory());
}

for (const { bytes, calls: list } of await corpus()) {
  const typed = list.map(([name, values]) => [name, argumentsOf(values, parameterTypes(bytes, name))] as const);
  for (const scheme of SCHEMES)
    for (const fuel of [777n, 5000n, 1_000_000n]) run(instantiate(bytes, { scheme }, { fuel }), typed);
}
for (let seed = 1; seed <= 300; seed++) {
  const module = randomModule(seed, 50, { exceptions: seed % 2 === 0 ? "legacy" : "tables" });
  run(
    instantiate(module.bytes, {}, { fuel: 200_000n }),
    module.calls.map(({ name, values }) => [name, values] as const),
  );
}
for (const text of Object.values(DEEP_MODULES)) {
  const instance = instantiate(await wat(text));
  // often enough that optimising tiers take over
  for (let round = 0; round < 8; round++) {
    note(call(instance, "f", 1n));
    instance.meter.unwind();
  }
}
process.stdout.write(`${digest.digest("hex")} ${calls}\n`);
