import { expect, test } from "vitest";
import { GloveboxError } from "../../host/errors.ts";
import { CALL_LIMITS } from "../../host/limits.ts";
import { Ledger } from "../../host/wasi/ledger.ts";
import { testSetup, thrownBy } from "./support/setup.ts";

function ledgerWith(changes: Parameters<typeof testSetup>[0] = {}): { ledger: Ledger; stops: () => number } {
  let stops = 0;
  const stop = (): void => {
    stops += 1;
  };
  return { ledger: new Ledger(testSetup({ ...changes, stop })), stops: () => stops };
}

const handle = (): Disposable => ({ [Symbol.dispose]: () => {} });

test("every host function counts, and one more than the limit ends the call", () => {
  const { ledger, stops } = ledgerWith({ limits: { ...CALL_LIMITS, hostCalls: 3 } });
  for (let call = 0; call < 3; call += 1) ledger.enter(() => {});
  expect(stops()).toBe(0);
  expect(thrownBy(() => ledger.enter(() => {}))).toMatchObject({
    code: "HOSTCALL_LIMIT",
    data: { limit: "hostCalls", allowed: "3" },
  });
  expect(stops()).toBe(1);
});

test("a payload belongs to the guest: the call goes on", () => {
  const { ledger, stops } = ledgerWith();
  const refuse = (): never => {
    throw "no-entry";
  };
  expect(thrownBy(() => ledger.enter(refuse))).toBe("no-entry");
  expect([ledger.failure, stops()]).toEqual([null, 0]);
});

test("once the call has failed, no host function runs, and the first failure stands", () => {
  const { ledger, stops } = ledgerWith({ ioOperations: 0 });
  const first = thrownBy(() => ledger.enter(() => ledger.countOperation()));
  let ran = false;
  const again = thrownBy(() =>
    ledger.enter(() => {
      ran = true;
    }),
  );
  expect(again).toBe(first);
  expect(ledger.failure).toBe(first);
  expect([ran, stops()]).toEqual([false, 1]);
});

test("an unexpected error of a host function ends the call without telling the guest why", () => {
  const { ledger } = ledgerWith();
  const broken = (): never => {
    throw new TypeError("cannot read /home/someone/secret");
  };
  thrownBy(() => ledger.enter(broken));
  expect(ledger.failure?.toJSON()).toEqual({ code: "TRAP", message: "a host function failed", data: {} });
});

test("a stack that ends inside a host function is STACK_EXHAUSTED", () => {
  const { ledger } = ledgerWith();
  const deep = (): number => 1 + deep();
  thrownBy(() => ledger.enter(deep));
  expect(ledger.failure?.code).toBe("STACK_EXHAUSTED");
});

test("bytes are refused before they are moved, and the counter says what was really moved", () => {
  const { ledger } = ledgerWith({ ioBytes: 10 });
  ledger.countBytes(10);
  expect(thrownBy(() => ledger.countBytes(1))).toMatchObject({ code: "IO_LIMIT", data: { limit: "io_mb" } });
  expect(ledger.usage.ioBytes).toBe(10);
});

test("B8: handles are bounded, and dropping one makes room", () => {
  const { ledger } = ledgerWith({ limits: { ...CALL_LIMITS, handles: 2 } });
  const first = handle();
  ledger.track(first);
  ledger.track(handle());
  ledger.untrack(first);
  ledger.track(handle());
  expect(thrownBy(() => ledger.track(handle()))).toMatchObject({ code: "RESOURCE_LIMIT", data: { limit: "handles" } });
});

test("dispose drops what is left, once, and closes all host functions", () => {
  const { ledger } = ledgerWith();
  let dropped = 0;
  const resource: Disposable = {
    [Symbol.dispose]: () => {
      dropped += 1;
      ledger.untrack(resource);
    },
  };
  ledger.track(resource);
  ledger.dispose();
  ledger.dispose();
  expect(dropped).toBe(1);
  expect(thrownBy(() => ledger.enter(() => {}))).toMatchObject({ code: "STATE_INVALID" });
});

test("the first hundred violations are kept, named as the guest sees them", () => {
  const { ledger } = ledgerWith();
  for (let index = 0; index < 500; index += 1) ledger.recordViolation("write", `/data/${index}`);
  expect(ledger.violations).toHaveLength(100);
  expect(ledger.violations[0]).toMatchObject({
    code: "PATH_DENIED",
    data: { operation: "write", path: "/data/0" },
  });
});

test("an error of ours keeps its code", () => {
  const { ledger } = ledgerWith();
  const error = new GloveboxError("GUEST_EXIT", "bye");
  expect(thrownBy(() => ledger.enter(() => ledger.fail(error)))).toBe(error);
});
