// D18: every saboteur of the commit is noticed.

import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MUTANTS } from "./mutants.ts";

const project = fileURLToPath(new URL("../../../", import.meta.url));
const copy = fs.mkdtempSync(`${tmpdir()}/glovebox-mutants-`);

beforeAll(() => {
  fs.cpSync(`${project}sandbox-fs`, `${copy}/sandbox-fs`, { recursive: true });
  fs.cpSync(`${project}test/sandbox-fs`, `${copy}/test/sandbox-fs`, { recursive: true });
  fs.symlinkSync(`${project}node_modules`, `${copy}/node_modules`);
  fs.writeFileSync(`${copy}/package.json`, `{"type":"module"}`);
});

afterAll(() => fs.rmSync(copy, { recursive: true, force: true }));

test("without a saboteur there is nothing to notice", () => {
  run("quick");
});

for (const { name, file, from, to } of MUTANTS) {
  test(`D18: it is noticed when ${name}`, () => {
    const path = `${copy}/sandbox-fs/${file}`;
    const source = fs.readFileSync(path, "utf8");
    expect(source.split(from)).toHaveLength(2);
    fs.writeFileSync(path, source.replace(from, to));
    try {
      expect(() => run()).toThrow();
    } finally {
      fs.writeFileSync(path, source);
    }
  });
}

function run(effort = "full"): void {
  const options = { stdio: "pipe", timeout: 100_000 } as const;
  execFileSync(process.execPath, [`${copy}/test/sandbox-fs/sim/mutant-run.ts`, effort], options);
}
