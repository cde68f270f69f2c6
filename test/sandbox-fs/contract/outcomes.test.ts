// The table of outcomes holds for Linux: what the contract asks of us is what the real filesystem does.

import { describe, expect, onTestFinished, test } from "vitest";
import { RealRunner } from "../support/on-real.ts";
import { fastDirectory } from "../support/trees.ts";
import { CASES, START } from "./outcomes.ts";

describe.skipIf(process.platform !== "linux")("on a real directory", () => {
  test.each(CASES)("$title", ({ operations, expected }) => {
    const { path, dispose } = fastDirectory(START);
    onTestFinished(dispose);
    const runner = new RealRunner(path);
    const outcomes = operations.map((operation) => runner.run(operation));
    expect(outcomes.at(-1)).toEqual(expected);
    expect(outcomes.slice(0, -1).filter((outcome) => "error" in outcome)).toEqual([]);
  });
});
