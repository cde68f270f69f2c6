// The public wasi-testsuite's preview1 programs as 0.2 components on our host. Needs a checkout of its prebuilt branch (prod/testsuite-all):
// WASI_TESTSUITE=DIRECTORY vitest run test/wasi/testsuite

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Preopen } from "../../../host/wasi/index.ts";
import { createOverlay, memoryBase } from "../../../sandbox-fs/index.ts";
import { commandComponent, instantiate, transpile } from "../support/components.ts";
import type { Entries } from "../support/files.ts";
import { manualClock, testWasi } from "../support/setup.ts";

/** What the 0.2 interfaces, or the preview1 adapter over them, cannot express. */
const NOT_EXPRESSIBLE: Readonly<Record<string, string>> = {
  "args_get-multiple-arguments": "the adapter fails an assertion of its own, on preview2-shim too",
  "environ_get-multiple-variables": "the adapter fails an assertion of its own, on preview2-shim too",
  "fd_write-to-invalid-fd": "the adapter does not look at the descriptor of an empty write",
  "proc_exit-failure": "the adapter knows one failure, status 1",
};

interface Specification {
  readonly args?: readonly string[];
  readonly dirs?: readonly string[];
  readonly root?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly exit_code?: number;
  readonly stdout?: string;
}

const root = process.env.WASI_TESTSUITE ?? "";
const present = root !== "" && existsSync(root);
const programs = present ? programsBelow(root) : [];
const suite = present
  ? "wasi-testsuite, preview1"
  : "wasi-testsuite, preview1 (skipped: set WASI_TESTSUITE to a checkout)";

describe.skipIf(!present)(suite, () => {
  test.each(programs.filter((path) => !(basename(path, ".wasm") in NOT_EXPRESSIBLE)))("%s", async (path) => {
    const specification = specificationOf(path);
    const ended = await run(path, specification);
    expect(ended.log).toBe("");
    expect(ended.status).toBe(specification.exit_code ?? 0);
    if (specification.stdout !== undefined) expect(ended.stdout).toBe(specification.stdout);
  });

  test("there are programs", () => {
    expect(programs.length).toBeGreaterThan(60);
  });
});

async function run(path: string, specification: Specification) {
  const clock = manualClock();
  const wasi = testWasi({
    clock,
    args: [basename(path), ...(specification.args ?? [])],
    environment: specification.env ?? {},
    preopens: preopensOf(path, specification, () => clock.now()),
  });
  const program = await instantiate(await transpile(await commandComponent(readFileSync(path))), wasi.imports);
  let status = 0;
  let log = "";
  try {
    program.run?.run?.();
  } catch (thrown) {
    status = Number(wasi.failure?.data.status ?? 1);
    if (wasi.failure?.code !== "GUEST_EXIT" && thrown instanceof Error) log = `${thrown}\n${wasi.stderr()}`;
  }
  return { status, log, stdout: wasi.stdout() };
}

function preopensOf(path: string, { dirs = [], root: rootDirectory }: Specification, now: () => bigint): Preopen[] {
  const named = [...dirs.map((name) => [name, name] as const)];
  if (rootDirectory !== undefined) named.push([rootDirectory, "/"]);
  return named.map(([name, guestPath]) => {
    const fs = createOverlay(memoryBase(entriesOf(join(dirname(path), name))), { clock: now });
    return { path: guestPath, fs, directory: fs.root };
  });
}

function entriesOf(directory: string): Entries {
  const names = readdirSync(directory).filter((name) => !name.endsWith(".cleanup"));
  return Object.fromEntries(
    names.map((name) => {
      const path = join(directory, name);
      return [name, statSync(path).isDirectory() ? { entries: entriesOf(path) } : readFileSync(path)];
    }),
  );
}

function programsBelow(directory: string): string[] {
  const paths = readdirSync(directory, { recursive: true }) as string[];
  return paths
    .filter((path) => path.includes("wasip1") && path.endsWith(".wasm"))
    .map((path) => join(directory, path))
    .sort();
}

function specificationOf(path: string): Specification {
  const specification = path.replace(/\.wasm$/, ".json");
  return existsSync(specification) ? (JSON.parse(readFileSync(specification, "utf8")) as Specification) : {};
}
