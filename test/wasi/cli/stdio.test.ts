import { expect, test } from "vitest";
import { CALL_LIMITS } from "../../../host/limits.ts";
import type { InputStream, OutputStream } from "../../../host/wasi/io/streams.ts";
import { imported, testWasi, thrownBy } from "../support/setup.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

function streams(wasi = testWasi()): { wasi: ReturnType<typeof testWasi>; out: OutputStream; err: OutputStream } {
  return {
    wasi,
    out: imported<{ getStdout(): OutputStream }>(wasi, "wasi:cli/stdout").getStdout(),
    err: imported<{ getStderr(): OutputStream }>(wasi, "wasi:cli/stderr").getStderr(),
  };
}

test("stdout and stderr are captured apart, over any number of streams", () => {
  const { wasi, out, err } = streams();
  out.blockingWriteAndFlush(utf8("one "));
  err.write(utf8("oops\n"));
  streams(wasi).out.write(utf8("two\n"));
  expect([wasi.stdout(), wasi.stderr()]).toEqual(["one two\n", "oops\n"]);
});

test("B13: a flood is cut at the limit, with a marker that says how much is missing; the guest goes on", () => {
  const { wasi, out } = streams(testWasi({ limits: { ...CALL_LIMITS, standardOutputBytes: 10 } }));
  for (let line = 0; line < 1000; line += 1) out.blockingWriteAndFlush(utf8("12345678"));
  expect(wasi.stdout()).toBe("1234567812\n[truncated: 7990 more bytes]\n");
  expect(wasi.stdoutBytes()).toHaveLength(10);
  expect(wasi.failure).toBeNull();
});

test("B13: a 64 MiB flood keeps no more than the limit in memory", () => {
  const { wasi, out } = streams();
  const chunk = new Uint8Array(1024 * 1024).fill(0x61);
  for (let mib = 0; mib < 64; mib += 1) out.write(chunk);
  expect(wasi.stdoutBytes()).toHaveLength(CALL_LIMITS.standardOutputBytes);
});

test("B13: control characters and bidi overrides are escaped, invalid UTF-8 is replaced", () => {
  const { wasi, out } = streams();
  out.write(utf8("\x1b]0;title\x07 \u202egpj.exe\n"));
  out.write(Uint8Array.of(0xff, 0x0a));
  expect(wasi.stdout()).toBe("\\x1b]0;title\\x07 \\u{202e}gpj.exe\n\ufffd\n");
});

test("what is written later does not change what was captured", () => {
  const { wasi, out } = streams();
  const bytes = utf8("first");
  out.write(bytes);
  bytes.fill(0);
  expect(wasi.stdout()).toBe("first");
});

test("stdin gives its bytes once, over all its streams, then is closed", () => {
  const wasi = testWasi({ stdin: utf8("hello") });
  const { getStdin } = imported<{ getStdin(): InputStream }>(wasi, "wasi:cli/stdin");
  const read = (stream: InputStream, length: bigint): string => new TextDecoder().decode(stream.read(length));
  expect(read(getStdin(), 2n)).toBe("he");
  expect(read(getStdin(), 100n)).toBe("llo");
  expect(thrownBy(() => getStdin().blockingRead(1n))).toEqual({ tag: "closed" });
});

test("there is no terminal", () => {
  const wasi = testWasi();
  const asked = ["stdin", "stdout", "stderr"].map((name) => {
    const functions = imported<Record<string, () => unknown>>(wasi, `wasi:cli/terminal-${name}`);
    return Object.values(functions).map((ask) => ask());
  });
  expect(asked).toEqual([[undefined], [undefined], [undefined]]);
});
