// What every filesystem of ours promises, in whatever way it came to its tree.
// It must not know which one it asks.

import { describe, expect, test } from "vitest";
import { OverlayRunner } from "../support/on-overlay.ts";
import { fileContract } from "./files.ts";
import { CASES, START } from "./outcomes.ts";
import { pathContract } from "./paths.ts";
import { rightsContract } from "./rights.ts";
import type { Subject } from "./subjects.ts";
import { transactionContract } from "./transactions.ts";

export function contractSuite(name: string, open: Subject["open"]): void {
  describe(name, () => {
    test.each(CASES)("$title", ({ operations, expected }) => {
      const runner = new OverlayRunner(open(START));
      expect(operations.map((operation) => runner.run(operation)).at(-1)).toEqual(expected);
    });
    pathContract(open);
    fileContract(open);
    rightsContract(open);
    transactionContract(open);
  });
}
