// Changes and commits every file of a directory, in a process of its own, and prints what that took: node large-commit.ts DIRECTORY COUNT.

import { createOverlay, nodeBase } from "../../sandbox-fs/index.ts";

const [directory = ".", count = "0"] = process.argv.slice(2);
const files = Number(count);
const overlay = createOverlay(nodeBase(directory), { clock: () => 1_700_000_000_000_000_000n });
const rss = process.memoryUsage.rss();
for (let i = 0; i < files; i += 1) {
  const path = `d${Math.floor(i / 100)}/f${i}`;
  const handle = overlay.open(overlay.root, path, { write: true, truncate: true });
  overlay.write(handle, new TextEncoder().encode(`changed ${i}`), 0n);
  overlay.close(handle);
}
const start = process.hrtime.bigint();
overlay.commit({ durability: "fast" });
const seconds = Number(process.hrtime.bigint() - start) / 1e9;
const bytes = process.resourceUsage().maxRSS * 1024 - rss;
process.stdout.write(JSON.stringify({ seconds, bytesPerFile: bytes / files }));
