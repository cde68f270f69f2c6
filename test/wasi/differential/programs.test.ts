// The same C programs on our host and, over a real directory, on preview2-shim, on Linux itself, and on Wasmtime where it is: same output, status
// and files.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { buildC, buildNative, clangMissing, transpile } from "../support/components.ts";
import { onLinux, onOurs, onShim, onWasmtime, wasmtimeMissing } from "./hosts.ts";

const here = import.meta.dirname;
const programs = readdirSync(join(here, "programs")).filter((name) => name.endsWith(".c"));

/** Where preview2-shim 0.26 is known not to do what Linux does. Linux decides alone there. */
const SHIM_DEVIATES: Readonly<Record<string, string>> = {
  "append.c": "a second appending descriptor overwrites what the first one appended",
  "dotdot.c": "`..` is resolved lexically",
  "exclusive.c": "creating exclusively follows a dangling link",
  "odd-names.c": "a backslash separates directories",
  "open-modes.c": "pwrite through a read-only descriptor is a trap",
  "poll.c": "a file is not ready for reading",
  "times.c": "times set through a descriptor are milliseconds taken for seconds",
  "trailing-slash.c": "creating through a trailing slash makes a file",
};

/** Where Wasmtime 49 is known not to do what Linux does. */
const WASMTIME_DEVIATES: Readonly<Record<string, string>> = {
  "poll.c": "a file is not ready for reading",
  "stat.c": "a slash at the end of a path that is not followed is dropped",
};

/** Where Linux cannot be the judge. */
const LINUX_DEVIATES: Readonly<Record<string, string>> = {
  "abort.c": "abort is a signal, not a trap",
  "openat.c": "a directory descriptor is not a root there",
  "symlink-escape.c": "nothing keeps links inside",
  "symlink-write.c": "nothing keeps links inside",
  "symlink.c": "links to absolute paths can be made",
};

const suite = clangMissing === null ? "C programs" : `C programs (skipped: ${clangMissing})`;

describe.skipIf(clangMissing !== null).concurrent(suite, () => {
  test.each(programs)("%s gives what it gives on preview2-shim and on Linux", async (name) => {
    const source = join(here, "programs", name);
    const glue = await transpile(await buildC(source));
    const ours = await onOurs(glue);
    if (!(name in SHIM_DEVIATES)) expect(ours).toEqual(await onShim(glue));
    if (!(name in LINUX_DEVIATES)) expect(ours).toEqual(await onLinux(await buildNative(source)));
  });
});

const missing = clangMissing ?? wasmtimeMissing;
const wasmtimeSuite = missing === null ? "C programs on Wasmtime" : `C programs on Wasmtime (skipped: ${missing})`;

describe.skipIf(missing !== null).concurrent(wasmtimeSuite, () => {
  test.each(programs)("%s gives what it gives on Wasmtime", async (name) => {
    const component = await buildC(join(here, "programs", name));
    const ours = await onOurs(await transpile(component));
    const theirs = await onWasmtime(component);
    if (name in WASMTIME_DEVIATES) expect(ours).not.toEqual(theirs);
    else expect(ours).toEqual(theirs);
  });
});

test("every program has a judge", () => {
  expect(programs.length).toBeGreaterThanOrEqual(40);
  const elsewhere = (name: string): boolean => name in SHIM_DEVIATES || name in WASMTIME_DEVIATES;
  expect(programs.filter((name) => elsewhere(name) && name in LINUX_DEVIATES)).toEqual([]);
});
