// The same programs in JavaScript, which use the interfaces as they are, on our host and on preview2-shim over a real directory.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { buildJavaScript, transpile } from "../support/components.ts";
import { onOurs, onShim, onWasmtime, wasmtimeMissing } from "./hosts.ts";

const folder = join(import.meta.dirname, "javascript");
const source = readFileSync(join(folder, "program.js"), "utf8");
const names = source.matchAll(/^ {2}(?:"([^"]+)"|([a-z]+))\(\{?[ a-z,]*\}?\) \{$/gm);
const programs = [...names].map(([, quoted, plain]) => quoted ?? plain ?? "").filter((name) => name !== "run");
const component = buildJavaScript(folder);
const glue = component.then(transpile);

/** Where preview2-shim 0.26 is known to be wrong: what it says, and what is so. */
const SHIM_DEVIATES: Readonly<Record<string, readonly [says: string, is: string]>> = {
  // A directory that was granted cannot be listed itself.
  directories: ["root failed: bad-descriptor", 'root ["a:directory","input.txt:regular-file"]'],
  // Descriptors are compared, not what they refer to.
  "hard links and identity": ["same false", "same true"],
};

test.concurrent.each(programs)("JavaScript: %s gives what it gives on preview2-shim", async (name) => {
  const args = ["program", name, "two words"];
  const shim = await onShim(await glue, args);
  const [says, is] = SHIM_DEVIATES[name] ?? ["", ""];
  expect(shim.stdout).toContain(says);
  expect(await onOurs(await glue, args)).toEqual({ ...shim, stdout: shim.stdout.replace(says, is) });
});

test("every program in JavaScript is one of those that are compared", async () => {
  const { stdout } = await onOurs(await glue, ["program", "programs"]);
  expect(stdout.split("\n")).toEqual(programs);
  expect(programs.length).toBeGreaterThan(10);
});

const suite = wasmtimeMissing === null ? "on Wasmtime" : `on Wasmtime (skipped: ${wasmtimeMissing})`;

describe.skipIf(wasmtimeMissing !== null).concurrent(suite, () => {
  test.each(programs)("JavaScript: %s gives what it gives there", async (name) => {
    const args = ["program", name, "two words"];
    expect(await onOurs(await glue, args)).toEqual(await onWasmtime(await component, args));
  });
});
