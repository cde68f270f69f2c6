import { expect, test } from "vitest";
import { atLeast, atMost, figure, geometricMean, interleave, percentile, sample } from "../../benchmarks/harness.ts";

test("a goal is judged before the value is rounded", () => {
  expect(figure("overhead", 1.20004, "x", atMost(1.2))).toEqual({
    name: "overhead",
    value: 1.2,
    unit: "x",
    goal: "<= 1.2",
    met: false,
  });
  expect(figure("speed", 50, "MB/s", atLeast(50)).met).toBe(true);
  expect(figure("size", 3, "KB")).toMatchObject({ goal: null, met: null });
});

test("a percentile is a sample, by nearest rank", () => {
  const sorted = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  expect([percentile(sorted, 0), percentile(sorted, 50), percentile(sorted, 99), percentile(sorted, 100)]).toEqual([
    1, 5, 10, 10,
  ]);
  expect(() => percentile([], 50)).toThrow(RangeError);
});

test("the geometric mean of a ratio and its inverse is one", () => {
  expect(geometricMean([4, 0.25])).toBeCloseTo(1);
});

test("interleaved works take turns, and each round begins with another one", async () => {
  const order: string[] = [];
  const works = { a: () => order.push("a"), b: () => order.push("b") };
  const times = await interleave(works, { samples: 2, warmup: 1 });
  expect(order.join("")).toBe("abbaab");
  expect([times.a.length, times.b.length]).toEqual([2, 2]);
});

test("samples come sorted, and work that returns a promise is awaited", async () => {
  let finished = 0;
  const times = await sample(async () => Promise.resolve().then(() => finished++), { samples: 5, warmup: 0 });
  expect(finished).toBe(5);
  expect(times).toEqual([...times].sort((a, b) => a - b));
});
