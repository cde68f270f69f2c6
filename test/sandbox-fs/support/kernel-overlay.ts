// Runs lists of operations on kernel OverlayFS, in a mount namespace of its own: a list a line, and a line for what came of it.

import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { createInterface } from "node:readline";
import { RealRunner } from "./on-real.ts";
import type { Operation } from "./operations.ts";
import { dumpReal, type Tree, writeTree } from "./trees.ts";

const work = process.argv[2];
if (work === undefined) throw new Error("a directory, please");
let count = 0;

createInterface({ input: process.stdin }).on("line", (line) => {
  const { tree, operations } = JSON.parse(line) as { tree: Tree; operations: Operation[] };
  count += 1;
  const at = `${work}/${count}`;
  for (const name of ["lower", "upper", "work", "merged"]) fs.mkdirSync(`${at}/${name}`, { recursive: true });
  writeTree(fs, `${at}/lower`, tree);
  const options = `lowerdir=${at}/lower,upperdir=${at}/upper,workdir=${at}/work,redirect_dir=on,index=off`;
  execFileSync("mount", ["-t", "overlay", "overlay", "-o", options, `${at}/merged`]);
  const runner = new RealRunner(`${at}/merged`);
  const outcomes = operations.map((each) => runner.run(each));
  runner.close();
  const dump = dumpReal(`${at}/merged`, { times: false, links: false });
  execFileSync("umount", [`${at}/merged`]);
  fs.rmSync(at, { recursive: true });
  process.stdout.write(`${JSON.stringify({ outcomes, dump })}\n`);
});
