// The same C programs on our host and, over a real directory, on preview2-shim and on Linux itself: same output, status and files.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { buildC, buildNative, clangMissing, transpile } from "../support/components.ts";
import { onLinux, onOurs, onShim } from "./hosts.ts";

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

test("every program has a judge", () => {
  expect(programs.length).toBeGreaterThanOrEqual(40);
  expect(programs.filter((name) => name in SHIM_DEVIATES && name in LINUX_DEVIATES)).toEqual([]);
});
