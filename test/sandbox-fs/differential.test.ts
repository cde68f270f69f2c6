// Random operation lists on an overlay and on a real directory: same outcomes, same tree.

import fc from "fast-check";
import { expect, test } from "vitest";
import { createOverlay } from "../../sandbox-fs/index.ts";
import { OverlayRunner } from "./support/on-overlay.ts";
import { RealRunner } from "./support/on-real.ts";
import { type Operation, operation } from "./support/operations.ts";
import { scaled } from "./support/scale.ts";
import { BASES, dump, dumpReal, fastDirectory, overlayOver, type Tree, testClock } from "./support/trees.ts";

const START: Tree = {
  a: { a: "aa", b: { a: "aba", c: { link: "a" } }, d: {} },
  b: "bee",
  c: { link: "a/b" },
  d: { a: { b: "dab" }, link: { link: "nowhere" } },
};

const lists = fc.array(operation, { minLength: 1, maxLength: 40 });

for (const kind of BASES) {
  test(`an overlay over a ${kind.name} base does what a real directory does`, () => {
    fc.assert(
      fc.property(lists, (operations) => {
        const made = kind.make(START);
        const real = fastDirectory(START);
        try {
          const overlay = overlayOver(made.base);
          compare(operations, new OverlayRunner(overlay), new RealRunner(real.path));
          expect(dump(overlay, { times: false, links: true })).toEqual(
            dumpReal(real.path, { times: false, links: true }),
          );
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

test("a savepoint that is rolled back leaves nothing, and one that is exported and applied leaves everything", () => {
  fc.assert(
    fc.property(lists, lists, (first, second) => {
      const { base } = BASES[0]?.make(START) ?? {};
      if (base === undefined) throw new Error("no base");
      const clock = testClock();
      const overlay = createOverlay(base, { clock });
      const runner = new OverlayRunner(overlay);
      for (const each of first) runner.run(each);
      runner.close();
      const before = dump(overlay);
      const inodes = inodesOf(overlay);
      const savepoint = overlay.savepoint();
      for (const each of second) runner.run(each);
      runner.close();
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
    }),
    { numRuns: scaled(400) },
  );
});

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
