// Makes the changes of one workload in a directory and commits them: what tests kill in the middle.

import { nodeBase } from "../../../sandbox-fs/index.ts";
import { WORKLOADS } from "../sim/workloads.ts";
import { overlayOver } from "./trees.ts";

const [directory, number] = process.argv.slice(2);
const workload = WORKLOADS[Number(number)];
if (directory === undefined || workload === undefined) throw new Error("a directory and a workload, please");
const overlay = overlayOver(nodeBase(directory));
workload.change(overlay);
overlay.commit();
