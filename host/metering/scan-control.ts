// Reads the operators of control flow: where fuel that is not yet charged goes at branches and merges.
// It must not know calls or data.

import { NO_VALUES, ONE_RESULT, readBlockType } from "./block-type.ts";
import { skipDead } from "./dead-code.ts";
import * as E from "./events.ts";
import { BLOCK, ELSE, type FunctionScan, type Handler, IF, LOOP } from "./function-scan.ts";
import { RAW } from "./nan-tracker.ts";
import { OP } from "./operators.ts";

/** Reads a block type and opens a control frame. */
export function openBlock(scan: FunctionScan, kind: number): void {
  const at = scan.reader.pos;
  const index = readBlockType(scan.reader);
  if (index === NO_VALUES || index === ONE_RESULT) {
    scan.open(kind, 0, index === ONE_RESULT ? 1 : 0);
    return;
  }
  const type = scan.plan.info.types[index] ?? scan.reader.malformed(`type ${index} does not exist`, at);
  const parameters = type.parameters.count;
  scan.pop(parameters);
  scan.pushMany(parameters);
  scan.open(kind, parameters, type.results.count);
}

function loop(scan: FunctionScan, at: number): void {
  scan.settleTo(0, 0, at);
  openBlock(scan, LOOP);
  const merges = scan.catches[scan.depth - 1] === true;
  if (merges) scan.events.push(E.MERGE, scan.reader.pos, 0, 0, 0, 0);
  if (scan.plan.fuel) scan.events.push(E.CHECK, scan.reader.pos, 0, 0, 0, scan.depth);
}

function conditional(scan: FunctionScan): void {
  scan.pending += scan.unit;
  scan.forget(1);
  openBlock(scan, IF);
}

/** The end of one arm of a block, before another begins. */
export function turn(scan: FunctionScan, at: number): void {
  const frame = scan.depth - 1;
  if (scan.alive) closeArm(scan, frame, at);
  scan.height = scan.base[frame] as number;
  scan.alive = true;
}

// the end of one arm of a block: its results, and what is pending, go to the label
function closeArm(scan: FunctionScan, frame: number, at: number): void {
  const results = scan.blockResults[frame] as number;
  if (scan.height !== (scan.base[frame] as number) + results) {
    scan.reader.malformed("a block leaves another number of values than its type says", at);
  }
  scan.nans.settle(scan.height - results, scan.height);
  scan.edge(frame, at);
}

function otherwise(scan: FunctionScan, at: number): void {
  const frame = scan.depth - 1;
  if (scan.kind[frame] !== IF) scan.reader.malformed("an `else` without an `if`", at);
  turn(scan, at);
  scan.kind[frame] = ELSE;
  scan.pushMany(scan.blockParameters[frame] as number);
  scan.pending = scan.head[frame] as number;
  scan.frames = scan.headFrames[frame] as number;
}

/** The end of a block, or of the function. */
export function end(scan: FunctionScan, at: number): void {
  const frame = scan.depth - 1;
  if (frame === 0) {
    finish(scan, at);
    return;
  }
  const merge = scan.catches[frame] === true && scan.kind[frame] !== LOOP;
  if (scan.kind[frame] === LOOP) {
    if (scan.alive) closeLoop(scan, frame, at);
  } else {
    if (scan.kind[frame] === IF) impliedElse(scan, frame, at);
    else if (scan.alive) closeArm(scan, frame, at);
    scan.alive = scan.reached[frame] === true;
    scan.pending = scan.label[frame] as number;
    scan.frames = scan.labelFrames[frame] as number;
  }
  scan.height = scan.base[frame] as number;
  scan.depth--;
  scan.pushMany(scan.blockResults[frame] as number);
  if (merge) scan.events.push(E.MERGE, scan.reader.pos, 0, 0, 0, 0);
  if (!scan.alive) skipDead(scan, true);
}

function closeLoop(scan: FunctionScan, frame: number, at: number): void {
  const results = scan.blockResults[frame] as number;
  if (scan.height !== (scan.base[frame] as number) + results) {
    scan.reader.malformed("a loop leaves another number of values than its type says", at);
  }
  scan.nans.settle(scan.height - results, scan.height);
}

// an `if` without `else`: the other arm leads from its head to its end at no cost
function impliedElse(scan: FunctionScan, frame: number, at: number): void {
  const head = scan.head[frame] as number;
  const headFrames = scan.headFrames[frame] as number;
  if (!scan.labelSet[frame]) {
    scan.labelSet[frame] = true;
    scan.label[frame] = head;
    scan.labelFrames[frame] = headFrames;
  }
  if (scan.alive) closeArm(scan, frame, at);
  scan.reached[frame] = true;
  const amount = head - (scan.label[frame] as number);
  const frames = headFrames - (scan.labelFrames[frame] as number);
  if (amount !== 0 || frames !== 0) scan.events.push(E.ELSE_ADD, at, 0, amount, frames, 0);
}

function finish(scan: FunctionScan, at: number): void {
  const branches = scan.reached[0] === true;
  scan.leavesByBranch = branches;
  scan.catchesAtEnd = scan.catches[0] === true;
  if (scan.alive) closeArm(scan, 0, at);
  if (branches) {
    scan.pending = scan.label[0] as number;
    scan.frames = scan.labelFrames[0] as number;
  }
  if (branches || scan.alive) scan.events.push(E.FINISH, at, 1, scan.pending, scan.frames, 0);
  else scan.events.push(E.FINISH_DEAD, at, 1, 0, 0, 0);
  scan.nans.finish();
  scan.depth = 0;
  scan.done = true;
}

function carry(scan: FunctionScan, frame: number): void {
  const arity = scan.arity(frame);
  scan.require(arity);
  scan.nans.settle(scan.height - arity, scan.height);
}

function branch(scan: FunctionScan, at: number): void {
  scan.pending += scan.unit;
  const frame = scan.frameOf(scan.reader.u32(), at);
  carry(scan, frame);
  scan.edge(frame, at);
  skipDead(scan);
}

function branchIf(scan: FunctionScan, at: number): void {
  scan.pending += scan.unit;
  const frame = scan.frameOf(scan.reader.u32(), at);
  scan.forget(1);
  carry(scan, frame);
  scan.edge(frame, at);
}

function branchTable(scan: FunctionScan, at: number): void {
  const { reader } = scan;
  scan.pending += scan.unit;
  scan.forget(1);
  const count = reader.count("labels");
  const limit = scan.plan.limits.branchTableTargets;
  if (count > limit) reader.fail("COMPONENT_TOO_COMPLEX", `a br_table of ${count} targets is larger than ${limit}`, at);
  const start = reader.pos;
  const first = firstSettled(scan, count, at);
  carry(scan, first);
  scan.edge(first, at);
  reader.pos = start;
  for (let i = 0; i <= count; i++) {
    const frame = scan.frameOf(reader.u32(), at);
    if (scan.labelSet[frame] && !agrees(scan, frame)) {
      needAllSettled(scan, start, count);
      break;
    }
    scan.edge(frame, at);
  }
  skipDead(scan);
}

// the label whose pending charge the others must share: one that has its own already, or the first
function firstSettled(scan: FunctionScan, count: number, at: number): number {
  let chosen = -1;
  for (let i = 0; i <= count; i++) {
    const frame = scan.frameOf(scan.reader.u32(), at);
    if (chosen < 0 || (scan.labelSet[frame] && !scan.labelSet[chosen])) chosen = frame;
  }
  return chosen;
}

function agrees(scan: FunctionScan, frame: number): boolean {
  return scan.label[frame] === scan.pending && scan.labelFrames[frame] === scan.frames;
}

// labels of one br_table that cannot agree: scan again, with nothing pending at any of them
function needAllSettled(scan: FunctionScan, start: number, count: number): void {
  const { reader } = scan;
  reader.pos = start;
  for (let i = 0; i <= count; i++) {
    const frame = scan.frameOf(reader.u32(), start);
    if (scan.kind[frame] !== LOOP) scan.needSettled(frame, false);
    scan.reached[frame] = true;
  }
  scan.rescan = true;
}

function returns(scan: FunctionScan, at: number): void {
  const results = scan.blockResults[0] as number;
  scan.require(results);
  scan.nans.settle(scan.height - results, scan.height);
  scan.events.push(E.RETURN, at, 1, scan.pending, scan.frames, 0);
  skipDead(scan);
}

/** Never falls through: the word is saved, and what follows is dead. */
export function traps(scan: FunctionScan, at: number): void {
  scan.events.push(E.SAVE, at, 0, scan.pending, scan.frames, 0);
  skipDead(scan);
}

function branchOnNull(scan: FunctionScan, at: number): void {
  scan.pending += scan.unit;
  const frame = scan.frameOf(scan.reader.u32(), at);
  scan.forget(1);
  carry(scan, frame);
  scan.edge(frame, at);
  scan.push(RAW);
}

function branchOnNonNull(scan: FunctionScan, at: number): void {
  scan.pending += scan.unit;
  const frame = scan.frameOf(scan.reader.u32(), at);
  carry(scan, frame);
  scan.edge(frame, at);
  scan.forget(1);
}

/** The readers of control operators, by code. */
export const SCAN_CONTROL: Readonly<Record<number, Handler>> = {
  [OP.unreachable]: traps,
  [OP.nop]: () => {},
  [OP.block]: (scan) => openBlock(scan, BLOCK),
  [OP.loop]: loop,
  [OP.if]: conditional,
  [OP.else]: otherwise,
  [OP.end]: end,
  [OP.br]: branch,
  [OP.brIf]: branchIf,
  [OP.brTable]: branchTable,
  [OP.return]: returns,
  [OP.brOnNull]: branchOnNull,
  [OP.brOnNonNull]: branchOnNonNull,
};
