// Random operation lists on an overlay and on a real directory: same outcomes, same tree.

import fc from "fast-check";
import { expect, test } from "vitest";
import { type Base, createOverlay, type Overlay } from "../../sandbox-fs/index.ts";
import { OverlayRunner } from "./support/on-overlay.ts";
import { RealRunner } from "./support/on-real.ts";
import { type Operation, type Outcome, operation } from "./support/operations.ts";
import { scaled } from "./support/scale.ts";
import { BASES, dump, dumpReal, fastDirectory, overlayOver, type Tree, testClock } from "./support/trees.ts";

const START: Tree = {
  a: { a: "aa", b: { a: "aba", c: { link: "a" } }, d: {} },
  b: "bee",
  c: { link: "a/b" },
  d: { a: { b: "dab" }, link: { link: "nowhere" } },
};

/** One file by five names, another one by two. */
const LINKED: Tree = {
  a: { a: "one", b: { hard: "a/a" }, d: { a: { hard: "a/a" } } },
  b: { hard: "a/a" },
  c: "two",
  d: { a: { hard: "a/a" }, c: { hard: "c" } },
};

const lists = fc.array(operation, { minLength: 1, maxLength: 40 });
const UNTIMED = { times: false, links: true };

for (const kind of BASES) {
  test(`an overlay over a ${kind.name} base does what a real directory does`, () => {
    fc.assert(
      fc.property(lists, (operations) => {
        const made = kind.make(START);
        const real = fastDirectory(START);
        try {
          const overlay = overlayOver(made.base);
          compare(operations, new OverlayRunner(overlay), new RealRunner(real.path));
          expect(dump(overlay, UNTIMED)).toEqual(dumpReal(real.path, UNTIMED));
        } finally {
          made.dispose();
          real.dispose();
        }
      }),
      { numRuns: scaled(400) },
    );
  });
}

for (const kind of BASES.filter(({ takesCommits }) => takesCommits)) {
  test(`what is committed to a ${kind.name} base is what the overlay showed`, () => {
    fc.assert(
      fc.property(lists, lists, (first, second) => {
        const made = kind.make(START);
        try {
          for (const operations of [first, second]) {
            const overlay = overlayOver(made.reopen());
            const runner = new OverlayRunner(overlay);
            for (const each of operations) runner.run(each);
            runner.close();
            const shown = dump(overlay, { times: true, links: false });
            overlay.commit();
            expect(dump(overlayOver(made.reopen()), { times: true, links: false })).toEqual(shown);
          }
        } finally {
          made.dispose();
        }
      }),
      { numRuns: scaled(150) },
    );
  });
}

for (const kind of BASES) {
  test(`over a ${kind.name} base, a rollback leaves nothing, and what was exported before it brings everything back`, () => {
    fc.assert(
      fc.property(lists, lists, (first, second) => {
        const made = kind.make(START);
        try {
          rollBackAndApply(made.base, first, second);
        } finally {
          made.dispose();
        }
      }),
      { numRuns: scaled(150) },
    );
  });

  test(`over a ${kind.name} base, a fork and what it was made of go on as two overlays would that never met`, () => {
    fc.assert(
      fc.property(lists, lists, lists, (common, left, right) => {
        const made = kind.make(START);
        try {
          const o = overlayOver(made.base);
          run(o, common);
          const fork = o.fork();
          const outcomes = [run(o, left), run(fork, right)];
          for (const [i, [own, overlay]] of [[left, o] as const, [right, fork] as const].entries()) {
            const alone = overlayOver(made.reopen());
            run(alone, common);
            expect(run(alone, own)).toEqual(outcomes[i]);
            expect(dump(alone, UNTIMED)).toEqual(dump(overlay, UNTIMED));
          }
        } finally {
          made.dispose();
        }
      }),
      { numRuns: scaled(100) },
    );
  });
}

for (const kind of BASES.filter(({ takesCommits }) => takesCommits)) {
  test(`C15: over a ${kind.name} base with hard links that were met, an overlay does what a real directory does, and commits it`, () => {
    fc.assert(
      fc.property(lists, (operations) => {
        const made = kind.make(LINKED);
        const real = fastDirectory(LINKED);
        try {
          const overlay = overlayOver(made.base);
          dump(overlay);
          compare(operations, new OverlayRunner(overlay), new RealRunner(real.path));
          const expected = dumpReal(real.path, UNTIMED);
          expect(dump(overlay, UNTIMED)).toEqual(expected);
          const moved = overlayOver(made.reopen());
          moved.apply(overlay.export());
          expect(dump(moved)).toEqual(dump(overlay));
          overlay.commit();
          expect(dump(overlayOver(made.reopen()), UNTIMED)).toEqual(expected);
        } finally {
          made.dispose();
          real.dispose();
        }
      }),
      { numRuns: scaled(200) },
    );
  });
}

function rollBackAndApply(base: Base, first: readonly Operation[], second: readonly Operation[]): void {
  const clock = testClock();
  const overlay = createOverlay(base, { clock });
  run(overlay, first);
  const before = dump(overlay);
  const inodes = inodesOf(overlay);
  const savepoint = overlay.savepoint();
  run(overlay, second);
  const after = dump(overlay);
  const exported = savepoint.export();
  const changes = savepoint.diff();
  const whole = overlay.export();
  savepoint.rollback();
  expect(dump(overlay)).toEqual(before);
  expect(inodesOf(overlay)).toEqual(inodes);
  const fork = overlay.fork();
  overlay.apply(exported);
  expect(dump(overlay)).toEqual(after);
  expect(dump(fork)).toEqual(before);
  const again = fork.savepoint();
  fork.apply(exported);
  expect(again.diff()).toEqual(changes);
  expect(again.export()).toEqual(exported);
  const elsewhere = createOverlay(base, { clock });
  elsewhere.apply(whole);
  expect(dump(elsewhere)).toEqual(after);
  expect(elsewhere.writtenBytes).toBe(overlay.writtenBytes);
}

/** The outcomes of a list. */
function run(overlay: Overlay, operations: readonly Operation[]): Outcome[] {
  const runner = new OverlayRunner(overlay);
  const outcomes = operations.map((each) => runner.run(each));
  runner.close();
  return outcomes;
}

function compare(operations: readonly Operation[], ours: OverlayRunner, real: RealRunner): void {
  for (const each of operations) {
    const expected = real.run(each);
    expect({ each, ...ours.run(each) }).toEqual({ each, ...expected });
  }
  ours.close();
  real.close();
}

function inodesOf(overlay: Parameters<typeof dump>[0]): string[] {
  return overlay.list(overlay.root).map(({ name, inode }) => `${name} ${inode}`);
}
