// The example of docs/files.md runs as it is written.

import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { temporaryDirectory } from "../support/trees.ts";

const docs = fileURLToPath(new URL("../../../docs/files.md", import.meta.url));
const entry = new URL("../../../sandbox-fs/index.ts", import.meta.url).href;

test("the example of docs/files.md runs, and commits what it says", () => {
  const { path, dispose } = temporaryDirectory({ workspace: {} });
  try {
    const code = /```ts\n(.*?)```/s.exec(fs.readFileSync(docs, "utf8"))?.[1] ?? "";
    fs.writeFileSync(`${path}/example.mts`, code.replace('"glovebox/fs"', JSON.stringify(entry)));
    execFileSync(process.execPath, ["example.mts"], { cwd: path });
    expect(fs.readdirSync(`${path}/workspace`)).toEqual(["notes.txt"]);
    expect(fs.readFileSync(`${path}/workspace/notes.txt`, "utf8")).toBe("hello");
  } finally {
    dispose();
  }
});
