// The examples in the manifests of the standard tools hold, as `glovebox tool test` runs them.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { readExamples, runExamples } from "../../host/cli/tool-examples.ts";
import { buildStandardTools } from "../../tools-wasm/build.ts";
import { projectRoot } from "../layout/imports.ts";

const folder = join(projectRoot, "tools-wasm");

interface Manifest {
  readonly name: string;
  readonly examples?: unknown;
}

const manifests = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((path) => /^[^/]+\/tool\.yaml$/.test(path))
  .map((path) => parse(readFileSync(join(folder, path), "utf8")) as Manifest)
  .filter(({ examples }) => examples !== undefined);

beforeAll(async () => {
  await buildStandardTools(projectRoot);
});

test.each(manifests)("those of $name", async ({ name, examples }) => {
  const component = new Uint8Array(readFileSync(join(projectRoot, "dist", "tools", `${name}.wasm`)));
  const results = await runExamples(component, name, readExamples(examples), null);
  expect(results.flatMap(({ title, problems }) => problems.map((problem) => `${title}: ${problem}`))).toEqual([]);
  expect(results.length).toBeGreaterThan(0);
});

test("some tools have examples", () => {
  expect(manifests.map(({ name }) => name)).toEqual(expect.arrayContaining(["http", "package"]));
});
