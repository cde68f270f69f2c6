// What the contract is held against: an overlay over every kind of base, and overlays that got their tree in other ways.

import { onTestFinished } from "vitest";
import type { Base, Overlay } from "../../../sandbox-fs/index.ts";
import { BASES, type BaseKind, isLink, MTIME_SECONDS, overlayOver, type Tree } from "../support/trees.ts";

export interface Subject {
  readonly name: string;
  /** An overlay in which there is this tree. What it needs is gone when the test ends. */
  open(tree: Tree): Overlay;
}

export const SUBJECTS: readonly Subject[] = [
  ...BASES.map((kind): Subject => ({ name: `a ${kind.name} base`, open: (tree) => overlayOver(baseOf(kind, tree)) })),
  { name: "a fork", open: (tree) => built(kindOf("memory"), tree).fork() },
  { name: "a savepoint that was rolled back", open: rolledBack },
  { name: "an import", open: imported },
  { name: "a memfs base after commit and reopen", open: (tree) => reopened(kindOf("memfs"), tree) },
  { name: "a host base after commit and reopen", open: (tree) => reopened(kindOf("host"), tree) },
];

function kindOf(name: string): BaseKind {
  const kind = BASES.find((each) => each.name === name);
  if (kind === undefined) throw new Error(`no ${name} base`);
  return kind;
}

function baseOf(kind: BaseKind, tree: Tree): Base {
  const made = kind.make(tree);
  onTestFinished(made.dispose);
  return made.base;
}

/** An overlay over an empty base, in which the tree was made by calls. */
function built(kind: BaseKind, tree: Tree): Overlay {
  const overlay = overlayOver(baseOf(kind, {}));
  build(overlay, tree, "");
  overlay.setTimes(overlay.root, TIMES);
  return overlay;
}

function rolledBack(tree: Tree): Overlay {
  const overlay = overlayOver(baseOf(kindOf("memory"), tree));
  const savepoint = overlay.savepoint();
  for (const { name } of overlay.list(overlay.root)) overlay.rename(overlay.root, name, overlay.root, `${name}.moved`);
  build(overlay, tree, "");
  savepoint.rollback();
  return overlay;
}

function imported(tree: Tree): Overlay {
  const overlay = overlayOver(baseOf(kindOf("memory"), {}));
  overlay.apply(built(kindOf("memory"), tree).export());
  return overlay;
}

function reopened(kind: BaseKind, tree: Tree): Overlay {
  const made = kind.make({});
  onTestFinished(made.dispose);
  const overlay = overlayOver(made.base);
  build(overlay, tree, "");
  overlay.commit();
  return overlayOver(made.reopen());
}

const TIME = BigInt(MTIME_SECONDS) * 1_000_000_000n;
const TIMES = { atimeNs: TIME, mtimeNs: TIME };

function build(overlay: Overlay, tree: Tree, prefix: string): void {
  const { root } = overlay;
  for (const [name, entry] of Object.entries(tree)) {
    const path = prefix + name;
    if (typeof entry === "string") {
      const handle = overlay.open(root, path, { write: true, create: true });
      overlay.write(handle, new TextEncoder().encode(entry), 0n);
      overlay.close(handle);
    } else if (isLink(entry)) {
      overlay.symlink(entry.link, root, path);
    } else {
      overlay.makeDirectory(root, path);
      build(overlay, entry, `${path}/`);
    }
    overlay.setTimesAt(root, path, TIMES, { follow: false });
  }
}
