// A process that commits to a directory, for tests in which several do: node committer.ts DIRECTORY COMMAND [ARGUMENT].
// It must not decide what is right: it says what happened, and the test judges.

import { createHash } from "node:crypto";
import * as fs from "node:fs";
import type { Changeset } from "../../../sandbox-fs/changeset.ts";
import { commitChangeset } from "../../../sandbox-fs/commit/commit.ts";
import { nodeBase, type Overlay, recover } from "../../../sandbox-fs/index.ts";
import { hostNode } from "../../../sandbox-fs/node/host-node.ts";
import { withLock } from "../../../sandbox-fs/node/lock.ts";
import { put } from "../sim/workloads.ts";
import { overlayOver } from "./trees.ts";

const [directory = ".", command, argument = ""] = process.argv.slice(2);

/** Each prepares itself, says that it is ready, and works when it is told to. */
const COMMANDS: Readonly<Record<string, () => () => unknown>> = {
  many: () => () => many(Number(argument)),
  rewrite,
  stuck: () => stuck,
  versions: () => versions,
  large: () => () => large(Number(argument)),
  recover: () => () => recover(directory, { patienceMs: 50 }),
  edit: () => () => edit(Number(argument)),
};

const work = COMMANDS[command ?? ""]?.();
process.once("message", () => {
  say(attempt(work));
  process.disconnect?.();
});
say({ value: "ready" });

function say(what: object): void {
  process.send?.({ pid: process.pid, ...what });
}

function attempt(act: (() => unknown) | undefined): object {
  try {
    return { value: act?.() };
  } catch (thrown) {
    const { code, message } = thrown as { code?: string; message: string };
    return { code, message };
  }
}

/** One commit for each number below `count`. */
function many(count: number): number {
  for (let i = 0; i < count; i += 1) {
    const overlay = overlayOver(nodeBase(directory));
    put(overlay, `by-${process.pid}-${i}`, String(i));
    overlay.commit();
  }
  return count;
}

/** Has seen "a" before it is ready. */
function rewrite(): () => string {
  const overlay = overlayOver(nodeBase(directory));
  put(overlay, "a", argument);
  return () => {
    overlay.commit();
    return argument;
  };
}

/**
 * Commits one version after the other until it is killed, and tells each one that is committed. All files of a version have
 * its number in them; of odd ones, "b" is gone and "d" is called "e".
 */
function versions(): void {
  for (let version = 1; ; version += 1) {
    const overlay = overlayOver(nodeBase(directory));
    const [from, to] = version % 2 === 0 ? ["e", "d"] : ["d", "e"];
    overlay.rename(overlay.root, from, overlay.root, to);
    if (version % 2 === 1) overlay.unlink(overlay.root, "b");
    for (const name of ["a", `${to}/x`, `${to}/y`, ...(version % 2 === 0 ? ["b"] : [])]) {
      put(overlay, name, `version ${version}`);
    }
    overlay.commit();
    say({ value: version });
  }
}

/** Changes `count` files of a directory that has so many, a third by removing, and as many new ones; says what it took. */
function large(count: number): { bytesPerFile: number } {
  const overlay = overlayOver(nodeBase(directory));
  const before = process.memoryUsage.rss();
  for (let i = 0; i < count; i += 1) {
    const parent = `d${Math.floor(i / 100)}`;
    if (i % 3 === 0) overlay.unlink(overlay.root, `${parent}/f${i}`);
    else put(overlay, `${parent}/f${i}`, `changed ${i}`);
    if (i % 3 === 1) put(overlay, `${parent}/n${i}`, `new ${i}`);
  }
  overlay.commit();
  const peak = process.resourceUsage().maxRSS * 1024;
  return { bytesPerFile: (peak - before) / count };
}

/** Stops for good in the middle of a commit, with the lock held. */
function stuck(): void {
  const host = hostNode(directory);
  const rename = host.rename.bind(host);
  let renames = 0;
  host.rename = (...args) => {
    renames += 1;
    if (renames === 3) {
      say({ value: "stuck" });
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    }
    rename(...args);
  };
  const commit = (changeset: Changeset): readonly string[] =>
    withLock(directory, 0, () => commitChangeset(host, changeset, () => createHash("sha256")));
  const overlay: Overlay = overlayOver(Object.assign(nodeBase(directory), { commit }));
  for (const name of ["a", "b", "d/x", "d/y"]) put(overlay, name, "never");
  overlay.commit();
}

/** Saves a file of its own again and again, in place and by renaming, and looks at "a" each time, as a dev server does. */
function edit(rounds: number): object {
  const seen = new Set<string>();
  let last = "";
  for (let i = 0; i < rounds; i += 1) {
    last = `edit ${i}`;
    const target = i % 2 === 0 ? "b" : "b.tmp";
    fs.writeFileSync(`${directory}/${target}`, last);
    if (target === "b.tmp") fs.renameSync(`${directory}/b.tmp`, `${directory}/b`);
    seen.add(fs.readFileSync(`${directory}/a`, "utf8"));
  }
  return { last, seen: [...seen] };
}
