// The rules of the code base that a compiler does not check: who may import whom, and what the core never calls.

import { expect, test } from "vitest";
import { findCycle, type SourceFile, sourcesBelow } from "./imports.ts";

const LEAVES = ["host/errors.ts", "host/limits.ts", "host/hooks.ts", "host/report.ts", "host/contract/"];

/** What each part may import of ours, besides itself. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  "sandbox-fs/": [],
  "host/contract/": ["host/errors.ts", "host/hooks.ts", "host/limits.ts"],
  "host/metering/": ["host/errors.ts", "host/limits.ts"],
  "host/wasi/": [...LEAVES, "sandbox-fs/"],
  "host/component/": [...LEAVES, "host/metering/"],
  "host/scope/": LEAVES,
  "host/network/": [...LEAVES, "host/scope/"],
  "host/journal/": [...LEAVES, "host/plan/"],
  "host/runs/": [...LEAVES, "host/directories-node.ts", "host/journal/", "host/plan/", "sandbox-fs/"],
  "host/trust/": [...LEAVES, "host/scope/"],
  "host/plan/": [...LEAVES, "host/scope/"],
  "host/executor/": [...LEAVES, "host/component/", "host/metering/", "host/wasi/", "sandbox-fs/"],
  "host/telemetry/": LEAVES,
  "host/cli/": ["host/index.ts", "host/telemetry/", "host/metering/index.ts", "tools-wasm/sdk/index.ts"],
  "tools-wasm/": [],
};

const files = [...sourcesBelow("host"), ...sourcesBelow("sandbox-fs"), ...sourcesBelow("tools-wasm")];

function partOf(file: SourceFile): string | undefined {
  return Object.keys(ALLOWED).find((part) => file.path.startsWith(part));
}

test("each part imports only what ARCHITECTURE.md lets it import", () => {
  const offences = files.flatMap((file) => {
    const part = partOf(file);
    if (part === undefined) return [];
    const allowed = [part, ...(ALLOWED[part] ?? [])];
    const ours = file.imports.filter((path) => /^(host|sandbox-fs|tools-wasm|test)\//.test(path));
    return ours
      .filter((path) => !allowed.some((prefix) => path.startsWith(prefix)))
      .map((path) => `${file.path} -> ${path}`);
  });
  expect(offences).toEqual([]);
});

test("no file is part of an import cycle, types included", () => {
  expect(findCycle(files)).toBeNull();
});

test("the cycle finder sees a cycle", () => {
  const file = (path: string, ...imports: string[]): SourceFile => ({ path, imports, text: "" });
  expect(findCycle([file("a.ts", "b.ts"), file("b.ts", "c.ts"), file("c.ts", "b.ts")])).toEqual([
    "b.ts",
    "c.ts",
    "b.ts",
  ]);
});

test("node built-ins are imported only by files and folders named for Node, the CLI, and the build", () => {
  const forNode = /(-node\.ts$|\/node(-[a-z]+)?\/|^host\/cli\/|^tools-wasm\/|^host\/(index|runtime)\.ts$)/;
  const offences = files
    .filter((file) => !forNode.test(file.path))
    .flatMap((file) =>
      file.imports.filter((path) => path.startsWith("node:")).map((path) => `${file.path} -> ${path}`),
    );
  expect(offences).toEqual([]);
});

test("only telemetry imports OpenTelemetry, only host/component imports jco", () => {
  const importers = (pattern: RegExp): string[] =>
    files.filter((file) => file.imports.some((path) => pattern.test(path))).map((file) => file.path);
  expect(importers(/^@opentelemetry\//).filter((path) => !/^host\/(telemetry|cli)\//.test(path))).toEqual([]);
  expect(importers(/^@bytecodealliance\//).filter((path) => !/^(host\/component|tools-wasm)\//.test(path))).toEqual([]);
});

test("the core never evaluates text, reads the wall clock, draws unseeded random numbers, or prints", () => {
  const banned = /\beval\(|new Function\(|\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bconsole\./;
  const mayTalk = /^(host\/cli\/|tools-wasm\/|host\/runtime\.ts$)/;
  const offences = files.filter((file) => !mayTalk.test(file.path) && banned.test(file.text)).map((file) => file.path);
  expect(offences).toEqual([]);
});

test("no file is longer than 500 lines, tables apart", () => {
  const offences = files
    .filter((file) => file.text.split("\n").length > 500 && !/table/.test(file.path))
    .map((file) => file.path);
  expect(offences).toEqual([]);
});
