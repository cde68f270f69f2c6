// What a failure says about an effect outside of the workspace.

import { expect, test } from "vitest";
import type { Action } from "../../host/contract/types.ts";
import { isCertain } from "../../host/plan/effects.ts";
import { mayRetry } from "../../host/plan/retry.ts";
import { ACTIONS } from "./support/actions.ts";
import { critical, failed, ok } from "./support/fake-caller.ts";

const send = ACTIONS.find(({ name }) => name === "mail.send") as Action;
const post: Action = { ...send, uncertain: ["no_answer"] };

test("G3: a failure of the contract had no effect, unless the tool says of its case that it is uncertain", () => {
  expect([failed("busy"), failed("no_answer"), critical(), ok()].map((outcome) => isCertain(post, outcome))).toEqual([
    true,
    false,
    false,
    false,
  ]);
  expect(isCertain(send, failed("no_answer"))).toBe(true);
});

test("G3: what may have happened is not done again, unless twice is the same as once", () => {
  expect([failed("busy"), failed("no_answer"), critical()].map((outcome) => mayRetry(post, outcome))).toEqual([
    true,
    false,
    false,
  ]);
  const idempotent = { ...post, idempotent: true };
  expect([failed("no_answer"), critical()].map((outcome) => mayRetry(idempotent, outcome))).toEqual([true, true]);
});
