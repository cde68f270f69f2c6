import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createWasi, SUPPORTED_IMPORTS } from "../../host/wasi/index.ts";
import { testSetup } from "./support/setup.ts";

const WIT = fileURLToPath(new URL("../../node_modules/@bytecodealliance/jco/lib/wit/builtin/", import.meta.url));

/** The functions that the interfaces of one WIT package declare, by interface; unstable ones too. */
function declared(version: string, name: string): Map<string, Set<string>> {
  const text = readFileSync(`${WIT}${version}/wasi-${name}/package.wit`, "utf8").replace(/\/\/[^\n]*/g, "");
  const interfaces = new Map<string, Set<string>>();
  for (const [, ns, body] of text.matchAll(/interface ([\w-]+) \{\n([\s\S]*?)\n\}/g)) {
    if (ns === undefined || ns === "run" || ns === "incoming-handler") continue;
    const functions = new Set<string>();
    let resource: string | null = null;
    for (const line of (body ?? "").split("\n")) {
      const opened = /^\s*resource ([\w-]+) \{/.exec(line)?.[1];
      if (opened !== undefined) resource = opened;
      else if (/^ {2,4}\}$/.test(line)) resource = null;
      if (resource !== null && /^\s*constructor\(/.test(line)) functions.add(`[constructor]${resource}`);
      const [, declaredName, kind] = /^\s*%?([\w-]+): (static )?func\(/.exec(line) ?? [];
      if (declaredName === undefined) continue;
      const method = `[${kind === undefined ? "method" : "static"}]${resource}.${declaredName}`;
      functions.add(resource === null ? declaredName : method);
    }
    interfaces.set(`wasi:${name}/${ns}`, functions);
  }
  return interfaces;
}

const supported = new Map(SUPPORTED_IMPORTS.map(({ name, functions }) => [name, functions]));

test.each(["cli", "clocks", "random", "io", "filesystem", "http", "sockets"])(
  "every function of wasi:%s@0.2.12 is there, and no other",
  (name) => {
    const ours = [...supported].filter(([interfaceName]) => interfaceName.startsWith(`wasi:${name}/`));
    const theirs = declared("0.2.12", name);
    expect(theirs.size).toBeGreaterThan(1);
    expect(Object.fromEntries(ours.map(([key, functions]) => [key, [...functions].sort()]))).toEqual(
      Object.fromEntries([...theirs].map(([key, functions]) => [key, [...functions].sort()])),
    );
  },
);

test.each(["clocks", "io"])("every function of wasi:%s@0.2.10 is there", (name) => {
  for (const [key, functions] of declared("0.2.10", name)) {
    for (const each of functions) expect(supported.get(key), `${key}#${each}`).toContain(each);
  }
});

test("import objects are frozen and inherit nothing", () => {
  const { imports } = createWasi(testSetup());
  expect(Object.getPrototypeOf(imports)).toBeNull();
  expect(Object.isFrozen(imports)).toBe(true);
  for (const [name, members] of Object.entries(imports)) {
    expect([name, Object.getPrototypeOf(members), Object.isFrozen(members)]).toEqual([name, null, true]);
  }
  expect("constructor" in imports).toBe(false);
});
