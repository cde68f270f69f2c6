// What an overlay holds for files that it never looked at, that it listed, and that it looked at.

import { readdirSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createOverlay, nodeBase, type Overlay } from "../../sandbox-fs/index.ts";
import { atMost, type Figure, figure } from "../harness.ts";
import { fill, MANY, type Place, place } from "./trees.ts";

const FEW = 1000;
const clock = (): bigint => 1_700_000_000_000_000_000n;

type Look = (overlay: Overlay, names: readonly string[]) => void;

const one: Look = (overlay) => {
  overlay.statAt(overlay.root, "d0/f0");
};

const list: Look = (overlay, names) => {
  for (const name of names) {
    const directory = overlay.open(overlay.root, name, { directory: true });
    overlay.list(directory);
    overlay.close(directory);
  }
};

const walk: Look = (overlay, names) => {
  for (const name of names) {
    const directory = overlay.open(overlay.root, name, { directory: true });
    for (const entry of overlay.list(directory)) overlay.statAt(directory, entry.name);
    overlay.close(directory);
  }
};

/** Heap after garbage collection, with the overlay still there; each first done once for what is only there the first time. */
export function heapFigures(many: Place): Figure[] {
  const few = place();
  try {
    fill(few.path, FEW);
    for (const look of [one, list, walk]) bytesHeld(few.path, look);
    const nothing = leastHeld(few.path, one);
    const perFile = (look: Look): number => Math.max(0, leastHeld(many.path, look) - nothing) / MANY;
    return [
      figure("heap per file that was never looked at, of 100,000", perFile(one), "bytes", atMost(0.5)),
      figure("heap per file whose directory was listed", perFile(list), "bytes"),
      figure("heap per file that was looked at", perFile(walk), "bytes"),
    ];
  } finally {
    few.dispose();
  }
}

/** Of five: code that is compiled meanwhile is on the heap, too. */
function leastHeld(path: string, look: Look): number {
  return Math.min(...Array.from({ length: 5 }, () => bytesHeld(path, look)));
}

function bytesHeld(path: string, look: Look): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const names = readdirSync(path);
  collect();
  const before = process.memoryUsage().heapUsed;
  const overlay = createOverlay(nodeBase(path), { clock });
  look(overlay, names);
  collect();
  const grown = process.memoryUsage().heapUsed - before;
  overlay.discard();
  return grown;
}
