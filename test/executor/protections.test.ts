import { expect, test } from "vitest";
import { inspectProtections } from "../../host/index.ts";

test("B16: a child process, which tries, cannot read, write, start programs, load add-ons or reach the network", async () => {
  const protections = await inspectProtections();
  expect(protections.filter(({ required, holds }) => required && !holds)).toEqual([]);
  expect(protections.filter(({ required }) => required).map(({ name }) => name)).toEqual([
    "no reads",
    "no writes",
    "no processes",
    "no add-ons",
    "no environment",
    "no network",
  ]);
});
