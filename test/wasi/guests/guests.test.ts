// Hostile components behind generated glue: what a guest really gets when it meets a limit.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { CALL_LIMITS } from "../../../host/limits.ts";
import type { Wasi, WasiSetup } from "../../../host/wasi/index.ts";
import { createOverlay, memoryBase } from "../../../sandbox-fs/index.ts";
import { buildC, buildText, clangMissing, instantiate, transpile } from "../support/components.ts";
import { testWasi, thrownBy } from "../support/setup.ts";

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

interface Guest {
  readonly wasi: Wasi;
  readonly exports: Record<string, (...args: readonly unknown[]) => unknown>;
  readonly stopped: () => boolean;
}

async function hostile(changes: Partial<WasiSetup> = {}): Promise<Guest> {
  const component = await buildText(
    readFileSync(file("hostile.wat"), "utf8"),
    readFileSync(file("hostile.wit"), "utf8"),
  );
  let stopped = false;
  const stop = (): void => {
    stopped = true;
  };
  const wasi = testWasi({ ...changes, stop });
  const exports = (await instantiate(await transpile(component), wasi.imports)) as unknown as Guest["exports"];
  return { wasi, exports, stopped: () => stopped };
}

test.each([2n ** 31n, 2n ** 64n - 1n])(
  "B7: get-random-bytes(%s) ends the call, and the host stays small",
  async (length) => {
    const { wasi, exports, stopped } = await hostile();
    const before = process.memoryUsage().rss;
    expect(thrownBy(() => exports.random?.(length))).toMatchObject({ code: "HOSTCALL_LIMIT" });
    expect([wasi.failure?.code, stopped()]).toEqual(["HOSTCALL_LIMIT", true]);
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
  },
);

test("B8: a guest that hoards streams meets RESOURCE_LIMIT", async () => {
  const { wasi, exports } = await hostile();
  thrownBy(() => exports.hoard?.());
  expect(wasi.failure).toMatchObject({
    code: "RESOURCE_LIMIT",
    data: { limit: "handles", allowed: String(CALL_LIMITS.handles) },
  });
});

test.each(["forged", "useAfterDrop", "doubleDrop"])(
  "B9: a handle that is %s is a trap and reaches nothing",
  async (name) => {
    const { wasi, exports } = await hostile({ stdin: new TextEncoder().encode("secret") });
    expect(thrownBy(() => exports[name]?.())).toBeInstanceOf(Error);
    expect(wasi.usage.ioBytes).toBe(0);
  },
);

test("B14: a guest that catches its own exit can call nothing more, and the exit stands", async () => {
  const { wasi, exports, stopped } = await hostile();
  expect(thrownBy(() => exports.swallow?.())).toMatchObject({ code: "GUEST_EXIT" });
  expect([wasi.failure?.data.status, stopped()]).toEqual([0, true]);
});

const suite = clangMissing === null ? "in C" : `in C (skipped: ${clangMissing})`;

describe.skipIf(clangMissing !== null)(suite, () => {
  async function run(name: string, changes: Partial<WasiSetup> = {}) {
    const fs = createOverlay(memoryBase({}), { clock: () => 0n });
    const wasi = testWasi({ preopens: [{ path: "/", fs, directory: fs.root }], ...changes });
    const program = await instantiate(await transpile(await buildC(file(name))), wasi.imports);
    let thrown: unknown = null;
    try {
      program.run?.run?.();
    } catch (error) {
      thrown = error;
    }
    return { wasi, fs, thrown };
  }

  test("B13: a flood of escapes ends normally; both streams are cut, marked and harmless", async () => {
    const { wasi, thrown } = await run("flood.c");
    expect([thrown, wasi.failure]).toEqual([null, null]);
    expect(wasi.stdoutBytes().length).toBe(CALL_LIMITS.standardOutputBytes);
    expect(wasi.stdout().startsWith('\\x1b]0;0\\x07 {"level":"fake"}\n')).toBe(true);
    expect(wasi.stdout()).toMatch(/\n\[truncated: \d+ more bytes\]\n$/);
    expect(wasi.stderr()).toMatch(/\n\[truncated: 551424 more bytes\]\n$/);
  });

  test("B14: output before an exit is kept, and the status recorded", async () => {
    const { wasi, fs, thrown } = await run("exit-late.c");
    expect(thrown).toBe(wasi.failure);
    expect(wasi.failure).toMatchObject({ code: "GUEST_EXIT", data: { status: 1 } });
    expect([wasi.stdout(), fs.list(fs.root).map(({ name }) => name)]).toEqual(["working\n", ["half-done"]]);
  });

  test("the same program gives the same output, usage and files every time", async () => {
    const runs = await Promise.all([run("exit-late.c"), run("exit-late.c"), run("exit-late.c")]);
    const facts = runs.map(({ wasi, fs }) => [wasi.stdout(), wasi.usage, fs.diff()]);
    expect(facts[1]).toEqual(facts[0]);
    expect(facts[2]).toEqual(facts[0]);
  });
});
