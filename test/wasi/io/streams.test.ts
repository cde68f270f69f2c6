import { expect, test } from "vitest";
import { IoError } from "../../../host/wasi/io/error.ts";
import { CHUNK_BYTES, InputStream, OutputStream, type Sink, type Source } from "../../../host/wasi/io/streams.ts";
import type { Ledger } from "../../../host/wasi/ledger.ts";
import { testLedger, thrownBy } from "../support/setup.ts";

interface Recorded {
  readonly requests: number[];
  readonly written: number[];
  closed: number;
}

function recorder(): Recorded {
  return { requests: [], written: [], closed: 0 };
}

/** A source of `length` bytes that counts up, and may fail instead. */
function source(length: number, log: Recorded = recorder(), failure?: string): Source {
  let position = 0;
  return {
    read(max) {
      log.requests.push(max);
      if (failure !== undefined) throw failure;
      const count = Math.min(max, length - position);
      const bytes = Uint8Array.from({ length: count }, (_, index) => (position + index) & 0xff);
      position += count;
      return bytes;
    },
    close() {
      log.closed += 1;
    },
  };
}

function sink(log: Recorded = recorder(), failure?: unknown): Sink {
  return {
    write(bytes) {
      if (failure !== undefined) throw failure;
      log.written.push(...bytes);
    },
    close() {
      log.closed += 1;
    },
  };
}

const CLOSED = { tag: "closed" };

function failedCode(thrown: unknown): string {
  const { tag, val } = thrown as { tag: string; val: IoError };
  expect(tag).toBe("last-operation-failed");
  return val.toDebugString();
}

test("reading gives what is there, then closed for good", () => {
  const stream = new InputStream(testLedger(), source(5));
  expect([...stream.read(3n)]).toEqual([0, 1, 2]);
  expect(Array.from(stream.blockingRead(3n) as Uint8Array)).toEqual([3, 4]);
  expect(thrownBy(() => stream.read(3n))).toEqual(CLOSED);
  expect(thrownBy(() => stream.skip(3n))).toEqual(CLOSED);
});

test("reading nothing gives nothing, also at the end", () => {
  const stream = new InputStream(testLedger(), source(0));
  expect(stream.read(0n)).toHaveLength(0);
  expect(stream.blockingSkip(0n)).toBe(0n);
});

test("a read of 2^64 - 1 bytes asks for one chunk", () => {
  const log = recorder();
  new InputStream(testLedger(), source(1, log)).read(2n ** 64n - 1n);
  expect(log.requests).toEqual([CHUNK_BYTES]);
});

test("skipping moves on as reading does", () => {
  const stream = new InputStream(testLedger(), source(10));
  expect(stream.skip(4n)).toBe(4n);
  expect([...stream.read(2n)]).toEqual([4, 5]);
  expect(stream.blockingSkip(100n)).toBe(4n);
});

test("C22: a source that fails gives its reason once, then the stream is closed", () => {
  const stream = new InputStream(testLedger(), source(5, recorder(), "io"));
  expect(failedCode(thrownBy(() => stream.read(1n)))).toBe("io");
  expect(thrownBy(() => stream.read(1n))).toEqual(CLOSED);
});

test("every way of writing reaches the sink in order", () => {
  const log = recorder();
  const stream = new OutputStream(testLedger(), sink(log));
  stream.write(Uint8Array.of(1, 2));
  stream.blockingWriteAndFlush(Uint8Array.of(3));
  stream.writeZeroes(2n);
  stream.blockingWriteZeroesAndFlush(1n);
  stream.flush();
  stream.blockingFlush();
  expect(log.written).toEqual([1, 2, 3, 0, 0, 0]);
  expect(stream.checkWrite()).toBe(BigInt(CHUNK_BYTES));
});

test("C22: a sink that fails gives its reason once, then the stream is closed to all functions", () => {
  const stream = new OutputStream(testLedger(), sink(recorder(), "insufficient-space"));
  expect(failedCode(thrownBy(() => stream.write(Uint8Array.of(1))))).toBe("insufficient-space");
  for (const use of [
    () => stream.write(Uint8Array.of(1)),
    () => stream.checkWrite(),
    () => stream.flush(),
    () => stream.blockingFlush(),
    () => stream.writeZeroes(1n),
    () => stream.splice(new InputStream(testLedger(), source(1)), 1n),
  ]) {
    expect(thrownBy(use)).toEqual(CLOSED);
  }
});

test.each([
  ["write", (stream: OutputStream) => stream.write(new Uint8Array(CHUNK_BYTES + 1))],
  ["write-zeroes", (stream: OutputStream) => stream.writeZeroes(BigInt(CHUNK_BYTES) + 1n)],
  ["blocking-write-zeroes-and-flush", (stream: OutputStream) => stream.blockingWriteZeroesAndFlush(2n ** 64n - 1n)],
])("%s beyond what check-write permits is a trap", (_, use) => {
  const ledger = testLedger();
  const log = recorder();
  const stream = new OutputStream(ledger, sink(log));
  expect(thrownBy(() => use(stream))).toMatchObject({ code: "TRAP" });
  expect([ledger.failure?.code, log.written]).toEqual(["TRAP", []]);
});

test("splice moves bytes from a source to a sink, and tells the end of the source", () => {
  const ledger = testLedger();
  const log = recorder();
  const from = new InputStream(ledger, source(5));
  const to = new OutputStream(ledger, sink(log));
  expect(to.splice(from, 2n)).toBe(2n);
  expect(to.blockingSplice(from, 100n)).toBe(3n);
  expect(thrownBy(() => to.splice(from, 1n))).toEqual(CLOSED);
  expect(log.written).toEqual([0, 1, 2, 3, 4]);
  to.write(Uint8Array.of(9));
  expect(log.written).toEqual([0, 1, 2, 3, 4, 9]);
});

test("dropping a stream closes what is behind it and makes room for another", () => {
  const log = recorder();
  const ledger = testLedger({ limits: { ...limitsOf(1) } });
  const stream = new InputStream(ledger, source(1, log));
  stream[Symbol.dispose]();
  const next = new OutputStream(ledger, sink(log));
  expect(log.closed).toBe(1);
  expect(thrownBy(() => next.subscribe())).toMatchObject({ code: "RESOURCE_LIMIT" });
});

test("B9: a method called on anything but a resource of ours is a trap", () => {
  const forged = Object.create(InputStream.prototype) as InputStream;
  expect(thrownBy(() => forged.read(1n))).toMatchObject({ code: "TRAP" });
  const real = new OutputStream(testLedger(), sink());
  expect(thrownBy(() => real.splice(forged, 1n))).toMatchObject({ code: "TRAP" });
});

test("an error that is no error code is the host's failure, not the guest's", () => {
  const ledger: Ledger = testLedger();
  const stream = new OutputStream(ledger, sink(recorder(), new Error("a bug")));
  thrownBy(() => stream.write(Uint8Array.of(1)));
  expect(ledger.failure?.code).toBe("TRAP");
});

function limitsOf(handles: number) {
  return {
    hostCalls: 1000,
    handles,
    liftedBytes: 1000,
    randomBytesPerCall: 0,
    standardOutputBytes: 0,
    environmentBytes: 0,
  };
}

test("nothing can be added to or changed in a resource class", () => {
  expect(Object.isFrozen(InputStream)).toBe(true);
  expect(Object.isFrozen(OutputStream.prototype)).toBe(true);
  expect(Object.isFrozen(IoError.prototype)).toBe(true);
});
