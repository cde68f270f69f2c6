// Fuel is Wasmtime's, to the unit: the counts of the corpus in fuel-expected.json are Wasmtime 49.0.0's (see oracle.ts).

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { argumentsOf, corpus } from "./corpus.ts";
import { parameterTypes } from "./signatures.ts";
import { call, instantiate, SCHEMES } from "./support.ts";

const expected = JSON.parse(readFileSync(new URL("fuel-expected.json", import.meta.url), "utf8")) as Record<
  string,
  (number | "trap")[]
>;
const modules = await corpus();

describe.each(SCHEMES)("scheme %s", (scheme) => {
  test("every module of the corpus costs what Wasmtime counts, and traps where it traps", () => {
    const counted: Record<string, (number | "trap")[]> = {};
    for (const { title, bytes, calls } of modules) {
      const instance = instantiate(bytes, { scheme });
      counted[title] = calls.slice(0, expected[title]?.length).map(([name, values]) => {
        const outcome = call(instance, name, ...argumentsOf(values, parameterTypes(bytes, name)));
        return outcome.kind === "returned" ? Number(outcome.fuel) : "trap";
      });
    }
    expect(counted).toEqual(expected);
  });
});
