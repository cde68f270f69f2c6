import { expect, test } from "vitest";
import { Order } from "../../host/plan/order.ts";

const any = { independent: false, named: [] };
const needs = (...named: readonly number[]) => ({ independent: true, named });

test("steps that say nothing wait for all before them", () => {
  const order = Order.of([any, any, any]);
  expect(order.waits).toEqual([[], [0], [1]]);
  expect(order.isTotal).toBe(true);
  expect([order.isBefore(0, 2), order.isBefore(2, 0), order.isBefore(1, 1)]).toEqual([true, false, false]);
});

test("a step that says what it needs waits for that alone, and the next that says nothing for all of them", () => {
  const order = Order.of([any, needs(), needs(0), needs(2, 1, 2), any, needs(0)]);
  expect(order.waits).toEqual([[], [], [0], [1, 2], [0, 1, 2, 3], [0]]);
  expect(order.isTotal).toBe(false);
  expect([...order.before(3)]).toEqual([0, 1, 2]);
  expect([...order.before(4)]).toEqual([0, 1, 2, 3]);
  expect([...order.before(5)]).toEqual([0]);
  expect([0, 1, 2, 3, 4, 5].map((step) => order.waitsForAll(step))).toEqual([true, false, false, false, true, false]);
});

test("needs that leave nothing to run beside anything are a plain order", () => {
  const order = Order.of([any, needs(0), needs(1)]);
  expect(order.isTotal).toBe(true);
  expect(order.isBefore(0, 2)).toBe(true);
});

test("P5: ten thousand steps that each need the one before the last are ordered in little memory, and not by recursion", () => {
  const steps = Array.from({ length: 10_000 }, (_, index) => needs(...(index < 2 ? [] : [index - 2])));
  const order = Order.of(steps);
  expect([order.isBefore(0, 9998), order.isBefore(1, 9998), order.isBefore(1, 9999)]).toEqual([true, false, true]);
});
