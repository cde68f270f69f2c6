import { expect, test } from "vitest";
import type { Datetime } from "../../../host/wasi/clocks/wall-clock.ts";
import { fromDatetime, toDatetime } from "../../../host/wasi/clocks/wall-clock.ts";
import type { Pollable } from "../../../host/wasi/io/poll.ts";
import { imported, manualClock, START_NS, testWasi, thrownBy } from "../support/setup.ts";

interface Monotonic {
  now(): bigint;
  resolution(): bigint;
  subscribeInstant(when: bigint): Pollable;
  subscribeDuration(duration: bigint): Pollable;
}
interface Wall {
  now(): Datetime;
  resolution(): Datetime;
}
interface Poll {
  poll(pollables: readonly Pollable[]): Uint32Array;
}

function clocks() {
  const clock = manualClock();
  const wasi = testWasi({ clock });
  return {
    clock,
    wasi,
    monotonic: imported<Monotonic>(wasi, "wasi:clocks/monotonic-clock"),
    wall: imported<Wall>(wasi, "wasi:clocks/wall-clock"),
    poll: imported<Poll>(wasi, "wasi:io/poll"),
  };
}

test("the monotonic clock starts at 0 and both move with the run's clock only", () => {
  const { clock, monotonic, wall } = clocks();
  expect(monotonic.now()).toBe(0n);
  clock.advance(1_500_000_000n);
  expect(monotonic.now()).toBe(1_500_000_000n);
  expect(wall.now()).toEqual({ seconds: START_NS / 1_000_000_000n + 1n, nanoseconds: 500_000_000 });
  expect([monotonic.resolution(), wall.resolution()]).toEqual([1n, { seconds: 0n, nanoseconds: 1 }]);
});

test("a sleep of a year ends at once, and a year has passed", () => {
  const { monotonic, wall } = clocks();
  const year = 365n * 86_400n * 1_000_000_000n;
  monotonic.subscribeDuration(year).block();
  expect(monotonic.now()).toBe(year);
  expect(wall.now().seconds).toBe(START_NS / 1_000_000_000n + 365n * 86_400n);
});

test("poll lets time pass to the earliest deadline and gives all that are due then", () => {
  const { monotonic, poll } = clocks();
  const timers = [30n, 10n, 20n, 10n].map((when) => monotonic.subscribeInstant(when));
  expect([...poll.poll(timers)]).toEqual([1, 3]);
  expect(monotonic.now()).toBe(10n);
  expect(timers.map((timer) => timer.ready())).toEqual([false, true, false, true]);
});

test("poll does not wait for a timer when something is ready", () => {
  const { monotonic, poll, wasi } = clocks();
  const stdout = imported<{ getStdout(): { subscribe(): Pollable } }>(wasi, "wasi:cli/stdout").getStdout();
  expect([...poll.poll([monotonic.subscribeDuration(5n), stdout.subscribe()])]).toEqual([1]);
  expect(monotonic.now()).toBe(0n);
});

test("the same pollable twice is reported twice", () => {
  const { monotonic, poll } = clocks();
  const timer = monotonic.subscribeInstant(7n);
  expect([...poll.poll([timer, timer])]).toEqual([0, 1]);
});

test("waiting for an instant that has passed moves nothing", () => {
  const { monotonic, clock } = clocks();
  clock.advance(100n);
  monotonic.subscribeInstant(7n).block();
  expect(monotonic.now()).toBe(100n);
});

test("the last instant can be waited for: time stops there", () => {
  const { monotonic } = clocks();
  const last = 2n ** 64n - 1n;
  monotonic.subscribeDuration(last).block();
  monotonic.subscribeDuration(last).block();
  expect(monotonic.now()).toBe(last);
});

test("B8: polling one pollable more often than a guest may hold handles ends the call", () => {
  const { monotonic, poll } = clocks();
  const many = new Array<Pollable>(10_001).fill(monotonic.subscribeInstant(0n));
  expect(poll.poll(many.slice(1))).toHaveLength(10_000);
  expect(thrownBy(() => poll.poll(many))).toMatchObject({ code: "RESOURCE_LIMIT" });
});

test("polling nothing is a trap", () => {
  const { poll, wasi } = clocks();
  expect(thrownBy(() => poll.poll([]))).toMatchObject({ code: "TRAP" });
  expect(wasi.failure?.code).toBe("TRAP");
});

test("C23: timestamps keep nanoseconds; what the record cannot hold is not told", () => {
  expect(toDatetime(1n)).toEqual({ seconds: 0n, nanoseconds: 1 });
  expect(toDatetime(15_000_000_000_999_999_999n)).toEqual({ seconds: 15_000_000_000n, nanoseconds: 999_999_999 });
  expect(toDatetime(-1n)).toBeUndefined();
  expect(fromDatetime({ seconds: 15_000_000_000n, nanoseconds: 1 })).toBeUndefined();
  expect(fromDatetime({ seconds: 5_000_000_000n, nanoseconds: 1 })).toBe(5_000_000_000_000_000_001n);
  expect(fromDatetime({ seconds: 1n, nanoseconds: 1_000_000_000 })).toBeUndefined();
});
