// D10, D11: a journal that is damaged, or of something else, is refused and nothing is touched.

import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { commitChangeset } from "../../sandbox-fs/commit/commit.ts";
import { decodeJournal, encodeJournal, type Journal } from "../../sandbox-fs/commit/journal.ts";
import { recoverTree } from "../../sandbox-fs/commit/recover.ts";
import { TRANSACTION } from "../../sandbox-fs/commit/workspace.ts";
import { isReserved } from "../../sandbox-fs/names.ts";
import { changesetOf } from "./sim/explorer.ts";
import { diskOf, picture } from "./sim/sim-base.ts";
import type { Disk } from "./sim/sim-disk.ts";
import { SimHost } from "./sim/sim-host.ts";
import { WORKLOADS } from "./sim/workloads.ts";

const hash = (): ReturnType<typeof createHash> => createHash("sha256");
const workload = WORKLOADS[2];

/** A disk on which a commit stopped in the middle, and the journal's bytes. */
function interrupted(): { disk: Disk; journal: { bytes: Uint8Array } } {
  if (workload === undefined) throw new Error("no workload");
  const disk = diskOf(workload.tree);
  const changeset = changesetOf(workload);
  let renames = 0;
  const host = new SimHost(disk, ({ call }) => {
    if (call === "rename") renames += 1;
    if (renames > 3) throw new Error("stopped");
  });
  expect(() => commitChangeset(host, changeset, hash)).toThrow();
  for (const inode of disk.live.values()) {
    const number = inode.entries.get("journal");
    const journal = number === undefined ? undefined : disk.live.get(number);
    if (journal !== undefined) return { disk, journal };
  }
  throw new Error("no journal");
}

function expectRefused(change: (bytes: Uint8Array) => Uint8Array): void {
  const { disk, journal } = interrupted();
  journal.bytes = change(journal.bytes);
  const before = picture(disk.live).tree;
  expect(() => recoverTree(new SimHost(disk), hash)).toThrow(expect.objectContaining({ code: "RECOVERY_REQUIRED" }));
  expect(picture(disk.live).tree).toBe(before);
}

test("the journal of the test is a good one", () => {
  const { disk } = interrupted();
  expect(recoverTree(new SimHost(disk), hash)).toBe("undone");
});

test("D10: a journal with any byte flipped is refused", () => {
  const { journal } = interrupted();
  const { bytes } = journal;
  for (let i = 0; i < bytes.length; i += 1) {
    const flipped = bytes.slice();
    flipped[i] = (flipped[i] ?? 0) ^ 1;
    expect(() => decodeJournal(flipped, hash())).toThrow(expect.objectContaining({ code: "RECOVERY_REQUIRED" }));
  }
  expectRefused((all) => all.with(50, 0));
});

test("D10: a journal cut at any length, empty, or with a line twice is refused", () => {
  const { bytes } = interrupted().journal;
  for (let length = 0; length < bytes.length; length += 1) {
    expect(() => decodeJournal(bytes.subarray(0, length), hash())).toThrow(
      expect.objectContaining({ code: "RECOVERY_REQUIRED" }),
    );
  }
  expectRefused((all) => all.subarray(0, 0));
  const text = new TextDecoder().decode(bytes);
  const lines = text.split("\n");
  expectRefused(() => new TextEncoder().encode([...lines.slice(0, 2), ...lines.slice(1)].join("\n")));
});

test("D10: a journal that is whole but not ours to follow is refused", () => {
  const { bytes } = interrupted().journal;
  const good = decodeJournal(bytes, hash());
  const changed = (change: (line: string) => string): Uint8Array =>
    sealed(change(new TextDecoder().decode(bytes.subarray(0, -65))));
  expectRefused(() => changed((text) => text.replace('"version":1', '"version":2')));
  expectRefused(() => changed((text) => text.replace('"name":"d"', '"name":"../d"')));
  expectRefused(() => changed((text) => text.replace('"name":"d"', '"name":"/etc"')));
  expectRefused(() => changed((text) => text.replace('"name":"d"', '"name":".."')));
  expectRefused(() => changed((text) => text.replace('"directory":0', '"directory":9999')));
  expectRefused(() => changed((text) => text.replace('"op":"detach"', '"op":"delete"')));
  expectRefused(() => encodeJournal({ ...good, rootInode: "999" }, hash()));
  expectRefused(() => encodeJournal({ ...good, steps: good.steps.toReversed() }, hash()));
});

test("D11: what was cut off beside the journal, or before it had its name, is garbage and goes", () => {
  const { disk } = interrupted();
  const host = new SimHost(disk);
  const before = picture(diskOf(workload?.tree ?? {}).live).tree;
  const state = host.names(host.root).names.find(isReserved) ?? "";
  const transaction = host.openDirectory(host.openDirectory(host.root, state) ?? host.root, TRANSACTION) ?? host.root;
  for (const name of ["journal.tmp.2", "progress"]) {
    host.createFile(transaction, name).write(new TextEncoder().encode("torn or garbage"), 0);
  }
  expect(recoverTree(new SimHost(disk), hash)).toBe("undone");
  expect(picture(disk.live).tree).toBe(before);
});

test("a journal comes back as it was", () => {
  const good = decodeJournal(interrupted().journal.bytes, hash());
  const again: Journal = decodeJournal(encodeJournal(good, hash()), hash());
  expect(again).toEqual(good);
});

function sealed(body: string): Uint8Array {
  return new TextEncoder().encode(`${body}${hash().update(body).digest("hex")}\n`);
}
