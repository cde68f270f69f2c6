// Runs lists of operations on kernel OverlayFS, in a mount namespace of its own, and prints what came of each as JSON.

import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { RealRunner } from "./on-real.ts";
import type { Operation } from "./operations.ts";
import { dumpReal, type Tree, writeTree } from "./trees.ts";

const [work, input] = process.argv.slice(2);
if (work === undefined || input === undefined) throw new Error("a directory and a file, please");
const { tree, lists } = JSON.parse(fs.readFileSync(input, "utf8")) as { tree: Tree; lists: Operation[][] };

const results = lists.map((operations, number) => {
  const at = `${work}/${number}`;
  for (const name of ["lower", "upper", "work", "merged"]) fs.mkdirSync(`${at}/${name}`, { recursive: true });
  writeTree(fs, `${at}/lower`, tree);
  const options = `lowerdir=${at}/lower,upperdir=${at}/upper,workdir=${at}/work,redirect_dir=on,index=off`;
  execFileSync("mount", ["-t", "overlay", "overlay", "-o", options, `${at}/merged`]);
  const runner = new RealRunner(`${at}/merged`);
  const outcomes = operations.map((each) => runner.run(each));
  runner.close();
  const dump = dumpReal(`${at}/merged`, { times: false, links: false });
  execFileSync("umount", [`${at}/merged`]);
  return { outcomes, dump };
});

process.stdout.write(JSON.stringify(results));
