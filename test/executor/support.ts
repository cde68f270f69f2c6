// What tests of executors share: a budget with room for everything.

import type { CallBudget } from "../../host/contract/call.ts";

export const testBudget: CallBudget = {
  fuel: 100_000_000,
  memoryBytes: 64 * 1024 * 1024,
  stackBytes: 512 * 1024,
  tableElements: 100_000,
  ioOperations: 100_000,
  ioBytes: 256 * 1024 * 1024,
  outputBytes: 8 * 1024 * 1024,
  timeoutMs: 30_000,
};
