import { expect, test } from "vitest";
import { imported, testWasi, thrownBy } from "../support/setup.ts";

interface Exit {
  exit(status: { tag: "ok" | "err" }): never;
  exitWithCode(status: number): never;
}

test.each([
  ["exit(ok)", (exit: Exit) => exit.exit({ tag: "ok" }), 0],
  ["exit(err)", (exit: Exit) => exit.exit({ tag: "err" }), 1],
  ["exit-with-code(42)", (exit: Exit) => exit.exitWithCode(42), 42],
])("B14: %s records the status and poisons the call", (_, run, status) => {
  let stopped = false;
  const wasi = testWasi({
    stop: () => {
      stopped = true;
    },
  });
  const exit = imported<Exit>(wasi, "wasi:cli/exit");
  const thrown = thrownBy(() => run(exit));
  expect(thrown).toMatchObject({ code: "GUEST_EXIT", data: { status } });
  expect(wasi.failure).toBe(thrown);
  expect(stopped).toBe(true);
});

test("B14: a guest that catches its own exit gets no further", () => {
  const wasi = testWasi();
  thrownBy(() => imported<Exit>(wasi, "wasi:cli/exit").exit({ tag: "ok" }));
  const random = imported<{ getRandomU64(): bigint }>(wasi, "wasi:random/random");
  expect(thrownBy(() => random.getRandomU64())).toMatchObject({ code: "GUEST_EXIT" });
});
