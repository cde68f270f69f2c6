// A host to be killed: runs a plan whose steps reach a server, and dies right before it writes to its journal for the nth time.

import fs, { readFileSync, readlinkSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const [setup = "", killAt = ""] = process.argv.slice(2);
const { workspace, state, tool, cacheDirectory, plan, scope } = JSON.parse(readFileSync(setup, "utf8"));

let left = Number(killAt);
const { writeSync } = fs;
fs.writeSync = ((descriptor: number, ...rest: [Uint8Array, number, number, number]) => {
  if (readlinkSync(`/proc/self/fd/${descriptor}`).endsWith("journal.jsonl") && --left === 0) {
    process.kill(process.pid, "SIGKILL");
  }
  return writeSync(descriptor, ...rest);
}) as typeof fs.writeSync;
syncBuiltinESMExports();

const { openGlovebox } = await import("../../host/index.ts");
const options = { workspace, stateDirectory: state, tools: [tool], executor: "inline", cacheDirectory } as const;
const glovebox = await openGlovebox(options);
await glovebox.run({ value: plan }, { value: scope, directory: workspace });
await glovebox.close();
