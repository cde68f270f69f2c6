import fc from "fast-check";
import { expect, test } from "vitest";
import { SortedMap } from "../../sandbox-fs/sorted-map.ts";
import { scaled } from "./support/scale.ts";

const byNumber = (a: number, b: number): number => a - b;
const edit = fc.tuple(fc.integer({ min: 0, max: 300 }), fc.boolean());
const edits = fc.array(edit, { maxLength: 400 });

function apply(map: SortedMap<number, object>, model: Map<number, object>, list: readonly [number, boolean][]): void {
  for (const [key, isSet] of list) {
    const value = {};
    if (isSet) {
      map.set(key, value);
      model.set(key, value);
    } else {
      expect(map.delete(key)).toBe(model.delete(key));
    }
  }
}

function expectSame(map: SortedMap<number, object>, model: Map<number, object>): void {
  const sorted = [...model].sort(([a], [b]) => a - b);
  expect([...map.entries()]).toEqual(sorted);
  expect(map.size).toBe(model.size);
  for (const key of [0, 1, 150, 299, 300]) {
    expect(map.get(key)).toBe(model.get(key));
    expect(map.firstFrom(key)).toEqual(sorted.find(([other]) => other >= key));
    expect([...map.from(key)]).toEqual(sorted.filter(([other]) => other >= key));
  }
}

test("a map and its fork hold what a model holds, each its own, and differ by what differs", () => {
  fc.assert(
    fc.property(edits, edits, edits, (first, second, third) => {
      const frozen = new SortedMap<number, object>(byNumber, {});
      const model = new Map<number, object>();
      apply(frozen, model, first);
      const [left, right] = [frozen.fork({}), frozen.fork({})];
      const [leftModel, rightModel] = [new Map(model), new Map(model)];
      apply(left, leftModel, second);
      apply(right, rightModel, third);
      expectSame(frozen, model);
      expectSame(left, leftModel);
      expectSame(right, rightModel);
      const keys = [...new Set([...leftModel.keys(), ...rightModel.keys()])].sort(byNumber);
      const expected = keys
        .map((key) => ({ key, before: leftModel.get(key), after: rightModel.get(key) }))
        .filter(({ before, after }) => before !== after);
      expect([...right.changedSince(left)]).toEqual(expected);
    }),
    { numRuns: scaled(300) },
  );
});

test("what two maps share is not looked at when they are compared", () => {
  const map = new SortedMap<number, number>(byNumber, {});
  for (let i = 0; i < 100_000; i += 1) map.set(i, i);
  let compared = 0;
  const counting = new SortedMap<number, number>(
    (a, b) => {
      compared += 1;
      return a - b;
    },
    {},
    map,
  );
  counting.set(50_000, -1);
  compared = 0;
  expect([...counting.changedSince(map)]).toEqual([{ key: 50_000, before: 50_000, after: -1 }]);
  expect(compared).toBeLessThan(100);
});
