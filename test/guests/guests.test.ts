import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { failureOf, loadStock } from "../tools/stock-host.ts";
import { buildGuest, type GuestName, guestUnavailable } from "./build.ts";

// The guests do what the tests of our host count on, on a host that is not ours.

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "glovebox-guest-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** The functions of a guest's interface, in a fresh instance that sees `folder` as `/project`. */
async function guest(name: GuestName, exported: string): Promise<Record<string, (...args: unknown[]) => unknown>> {
  const exports = (await loadStock(await buildGuest(name))).instantiate({ "/project": folder });
  return exports[exported] ?? {};
}

test("a tool in plain JavaScript gives results and errors of its contract", async () => {
  const { slug, frequencies } = await guest("javascript", "example:guests/words@0.1.0");
  expect(slug?.("Hello, Wörld!")).toBe("hello-wörld");
  expect(failureOf(() => slug?.("!"))).toEqual({ tag: "empty" });
  expect(failureOf(() => slug?.("x".repeat(201)))).toEqual({ tag: "too-long", val: 200 });
  expect(frequencies?.(["a b a", "B"], 1)).toEqual([{ word: "a", times: 2 }]);
});

const withoutC = guestUnavailable("c");

test.skipIf(withoutC !== null)(`a tool in C reaches files through stdio${withoutC === null ? "" : `: ${withoutC}`}`, async () => {
  const { append, measure } = await guest("c", "example:guests/notes@0.1.0");
  append?.("/project/notes.txt", "one");
  append?.("/project/notes.txt", "zwölf");
  expect(readFileSync(join(folder, "notes.txt"), "utf8")).toBe("one\nzwölf\n");
  expect(measure?.("/project/notes.txt")).toEqual({ lines: 2, bytes: 11n });
  expect(failureOf(() => measure?.("/project/missing"))).toEqual({ tag: "not-found" });
  expect(failureOf(() => append?.("/project", "x"))).toEqual({ tag: "failed", val: "Is a directory" });
});

describe("the hostile guest", () => {
  const hostile = () => guest("hostile", "test:guests/hostile@0.1.0");

  test("gives back what it was given, and fails as its contract says", async () => {
    const { echo, fail, count, long } = await hostile();
    expect(echo?.("hé😀")).toBe("hé😀");
    expect(failureOf(() => fail?.("why"))).toEqual({ tag: "unlucky", val: "why" });
    expect([count?.(), count?.()]).toEqual([1, 2]);
    expect(long?.(1000)).toBe("x".repeat(1000));
  });

  test.each(["trap", "divide", "wild"])("%s breaks the call", async (name) => {
    const functions = await hostile();
    expect(failureOf(() => functions[name]?.(0))).toBeInstanceOf(Error);
  });

  test("recurses as deep as it is asked to, and then some", async () => {
    const { recurse } = await hostile();
    expect(recurse?.(100)).toBe(5050);
    expect(failureOf(() => recurse?.(0xffff_ffff))).toBeInstanceOf(RangeError);
  });

  test.each(["writeThenTrap", "writeThenFail"])("%s writes before it breaks", async (name) => {
    const functions = await hostile();
    failureOf(() => functions[name]?.("/project/file", "text"));
    expect(readFileSync(join(folder, "file"), "utf8")).toBe("text");
  });

  test("reaches what was granted, and nothing else", async () => {
    const { writeThenFail, peek, hold } = await hostile();
    failureOf(() => writeThenFail?.("/project/file", "text"));
    expect([peek?.("/project/file"), peek?.("/etc/passwd"), hold?.("/project/file", 3)]).toEqual([true, false, 3]);
  });
});
