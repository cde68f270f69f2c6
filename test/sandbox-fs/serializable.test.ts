// Serialisable commits: what was only looked at must still hold, whoever looked; and content is compared where times lie.

import * as nodeFs from "node:fs";
import { Volume } from "memfs";
import { expect, onTestFinished, test } from "vitest";
import {
  type CommitError,
  createOverlay,
  memfsBase,
  nodeBase,
  type Overlay,
  type Volume as VolumeCalls,
} from "../../sandbox-fs/index.ts";
import { codeOf, namesIn, text, write } from "./support/calls.ts";
import { node, withHeader } from "./support/exports.ts";
import { dump, overlayOver, type Tree, temporaryDirectory, testClock, writeTree } from "./support/trees.ts";

const TREE: Tree = { a: "alpha", b: "beta", d: { x: "ex", link: { link: "x" } } };

function directory(): string {
  const { path, dispose } = temporaryDirectory(TREE);
  onTestFinished(dispose);
  return path;
}

function refusal(overlay: Overlay): CommitError {
  try {
    overlay.commit({ isolation: "serializable" });
  } catch (error) {
    return error as CommitError;
  }
  throw new Error("it was committed");
}

const LOOKS: readonly [what: string, look: (o: Overlay) => unknown, change: (path: string) => void, path: string][] = [
  ["content", (o) => text(o, "a"), (path) => nodeFs.writeFileSync(`${path}/a`, "ALPHA"), "a"],
  ["metadata", (o) => o.statAt(o.root, "a"), (path) => nodeFs.chmodSync(`${path}/a`, 0o600), "a"],
  ["names", (o) => namesIn(o, o.open(o.root, "d")), (path) => nodeFs.writeFileSync(`${path}/d/new`, "x"), "d"],
  ["an absent name", (o) => codeOf(() => text(o, "c")), (path) => nodeFs.writeFileSync(`${path}/c`, "x"), "c"],
  ["a symlink", (o) => text(o, "d/link"), relink, "d/link"],
  ["a file that has gone", (o) => text(o, "d/x"), (path) => nodeFs.rmSync(`${path}/d`, { recursive: true }), "d/x"],
];

function relink(path: string): void {
  nodeFs.unlinkSync(`${path}/d/link`);
  nodeFs.symlinkSync("../a", `${path}/d/link`);
}

test.each(LOOKS)(
  "a change of %s that was looked at is a conflict; both sides keep what they have",
  (_, look, change, at) => {
    const path = directory();
    const [strict, lax] = [overlayOver(nodeBase(path)), overlayOver(nodeBase(path))];
    for (const o of [strict, lax]) {
      look(o);
      write(o, "b", "changed");
    }
    change(path);
    const { code, conflicts } = refusal(strict);
    expect([code, conflicts]).toEqual(["CONFLICT_READ_CHANGED", [{ code: "CONFLICT_READ_CHANGED", path: at }]]);
    expect([nodeFs.readFileSync(`${path}/b`, "utf8"), text(strict, "b")]).toEqual(["beta", "changed"]);
    lax.commit();
    expect(nodeFs.readFileSync(`${path}/b`, "utf8")).toBe("changed");
  },
);

test.each(LOOKS)(
  "%s that the maker of an export looked at is among what its importer depends on",
  (_, look, change, at) => {
    const path = directory();
    const [maker, strict, without] = [1, 2, 3].map(() => overlayOver(nodeBase(path))) as [Overlay, Overlay, Overlay];
    look(maker);
    write(maker, "b", "changed");
    strict.apply(maker.export({ reads: true }));
    without.apply(maker.export());
    change(path);
    expect(refusal(strict).conflicts).toEqual([{ code: "CONFLICT_READ_CHANGED", path: at }]);
    without.commit({ isolation: "serializable" });
  },
);

test("over an unchanged base, a serialisable commit of what others looked at goes through", () => {
  const path = directory();
  const [maker, o] = [overlayOver(nodeBase(path)), overlayOver(nodeBase(path))];
  dump(maker);
  codeOf(() => text(maker, "nothing/at/all"));
  write(maker, "b", "changed");
  o.apply(maker.export({ reads: true }));
  expect(o.export({ reads: true })).toEqual(maker.export({ reads: true }));
  o.commit({ isolation: "serializable" });
  expect(nodeFs.readFileSync(`${path}/b`, "utf8")).toBe("changed");
});

test("a savepoint exports what was looked at since it began; a rollback does not forget it", () => {
  const path = directory();
  const o = overlayOver(nodeBase(path));
  text(o, "a");
  const outer = o.savepoint();
  text(o, "d/x");
  const reads = (bytes: Uint8Array): unknown[] => {
    const found: unknown[] = [];
    withHeader(bytes, ({ reads: all }) => found.push(...all.map((read) => read.path)));
    return found;
  };
  expect([reads(outer.export({ reads: true })), reads(outer.export())]).toEqual([["d/x"], []]);
  outer.rollback();
  expect(reads(o.export({ reads: true }))).toEqual(["a", "d/x"]);
  write(o, "b", "changed");
  nodeFs.writeFileSync(`${path}/d/x`, "changed");
  expect(refusal(o).path).toBe("d/x");
});

test("what is remembered of others is bounded, and refused when it makes no sense", () => {
  const path = directory();
  const maker = overlayOver(nodeBase(path));
  dump(maker);
  const exported = maker.export({ reads: true });
  const o = createOverlay(nodeBase(path), { clock: testClock(), quota: { reads: 2 } });
  expect(codeOf(() => o.apply(exported))).toBe("EDQUOT");
  const hostile: ((read: Record<string, unknown>) => void)[] = [
    (read) => (read.path = "../a"),
    (read) => (read.kind = "other"),
    (read) => delete read.facts,
    (read) => (read.names = [".."]),
    (read) => (read.extra = 1),
  ];
  for (const change of hostile) {
    const bytes = withHeader(exported, ({ reads }) => change(reads.find(({ kind }) => kind === "names") ?? {}));
    expect(codeOf(() => overlayOver(nodeBase(path)).apply(bytes))).toBe("EINVAL");
  }
});

/** A volume whose clock stands still: times and versions tell nothing. */
function stoppedVolume(): { readonly volume: Volume; readonly calls: VolumeCalls } {
  const volume = new Volume();
  volume.mkdirSync("/root");
  writeTree(volume as never, "/root", TREE);
  const calls = Object.create(volume) as VolumeCalls;
  calls.lstatSync = (path, options) => {
    const stats = (volume as unknown as VolumeCalls).lstatSync(path, options);
    return Object.assign(stats, { atimeNs: 1n, mtimeNs: 1n, ctimeNs: 1n });
  };
  return { volume, calls };
}

test("D6: an edit of the same length, with its times restored, is a conflict where times lie: content is compared", () => {
  const uses: readonly [use: (o: Overlay) => void, path: string, code: string][] = [
    [(o) => write(o, "a", "OURS!"), "a", "CONFLICT_BASE_CHANGED"],
    [(o) => o.unlink(o.root, "a"), "a", "CONFLICT_BASE_CHANGED"],
    [(o) => o.rename(o.root, "a", o.root, "c"), "a", "CONFLICT_BASE_CHANGED"],
    [(o) => o.rename(o.root, "b", o.root, "a"), "a", "CONFLICT_BASE_CHANGED"],
    [(o) => write(o, "c", text(o, "a")), "a", "CONFLICT_READ_CHANGED"],
  ];
  for (const [use, at, code] of uses) {
    const { volume, calls } = stoppedVolume();
    const [o, other] = [overlayOver(memfsBase(calls, "/root")), overlayOver(memfsBase(calls, "/root"))];
    use(o);
    other.apply(o.export({ reads: true }));
    volume.writeFileSync("/root/a", "THEIR");
    for (const each of [o, other]) {
      const error = refusal(each);
      expect([error.code, error.path]).toEqual([code, at]);
    }
    expect(volume.readFileSync("/root/a", "utf8")).toBe("THEIR");
    expect(codeOf(() => overlayOver(memfsBase(calls, "/root")).apply(o.export()))).toBe(
      code === "CONFLICT_READ_CHANGED" ? "ok" : "ESTALE",
    );
  }
});

test("a directory of the host can be held to its content too", () => {
  const path = directory();
  const [trusting, strict] = [nodeBase(path), nodeBase(path, { verify: "content" })].map(overlayOver) as [
    Overlay,
    Overlay,
  ];
  for (const o of [trusting, strict]) write(o, "a", "changed");
  const digests = [trusting, strict].map((o) => {
    let facts: unknown;
    withHeader(o.export(), (header) => {
      facts = node(header, "b:a").facts;
    });
    return (facts as { digest?: string }).digest;
  });
  expect(digests[0]).toBeUndefined();
  expect(digests[1]).toMatch(/^[0-9a-f]{64}$/);
  strict.commit();
  expect(nodeFs.readFileSync(`${path}/a`, "utf8")).toBe("changed");
});
