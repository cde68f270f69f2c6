import { Buffer } from "node:buffer";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { buildStandardTools } from "../../tools-wasm/build.ts";
import { failureOf, loadStock, type StockTool } from "./stock-host.ts";

const ROOT = join(import.meta.dirname, "..", "..");

let tool: StockTool;
let folder: string;

beforeAll(async () => {
  await buildStandardTools(ROOT);
  tool = await loadStock(readFileSync(join(ROOT, "dist/tools/file.wasm")));
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "glovebox-file-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Calls an action in a fresh instance that sees `folder` as `/project`. */
function call(action: "read" | "write" | "list" | "remove", ...args: unknown[]): unknown {
  const exports = tool.instantiate({ "/project": folder });
  return exports["glovebox:std/file@0.1.0"]?.[action]?.(...args);
}

const at = (name: string): string => join(folder, name);

/** What `read` gives for a file with this content. */
function linesOf(content: string | Uint8Array, lines?: number): unknown {
  writeFileSync(at("file"), content);
  return call("read", "/project/file", lines);
}

describe("read", () => {
  test.each([
    ["an empty file has no lines", "", []],
    ["one line end is one empty line", "\n", [""]],
    ["the last line end adds no line", "a\nb\n", ["a", "b"]],
    ["the last line end may be missing", "a\nb", ["a", "b"]],
    ["empty lines are lines", "\n\na\n\n", ["", "", "a", ""]],
    ["CRLF ends a line, too", "a\r\nb\r\n", ["a", "b"]],
    ["LF and CRLF may be mixed", "a\r\nb\nc", ["a", "b", "c"]],
    ["a CR anywhere else stays", "a\rb\n\r\r\nc\r", ["a\rb", "\r", "c\r"]],
    ["a byte order mark at the start is left out", "\ufeffa\nb", ["a", "b"]],
    ["a byte order mark alone is no line", "\ufeff", []],
    ["NUL is a character", "a\0b\n", ["a\0b"]],
    ["every length of UTF-8 is read", "$¢€😀\nü\n", ["$¢€😀", "ü"]],
    [
      "the first and last of each length are read",
      "\u007f\u0080\u07ff\u0800\uffff\u{10000}\u{10ffff}\ud7ff\ue000",
      ["\u007f\u0080\u07ff\u0800\uffff\u{10000}\u{10ffff}\ud7ff\ue000"],
    ],
  ])("%s", (_title, content, expected) => {
    expect(linesOf(content)).toEqual(expected);
  });

  test("any text comes back, line by line", () => {
    const unit = fc.constantFrom(..."abcdefghij", " ", "\n", "\n", "\r\n", "é", "€", "😀");
    fc.assert(
      fc.property(
        fc.string({ unit, maxLength: 200 }),
        fc.option(fc.nat({ max: 12 }), { nil: undefined }),
        (text, lines) => {
          const all = text.split(/\r?\n/);
          if (all.at(-1) === "") all.pop();
          expect(linesOf(text, lines)).toEqual(all.slice(0, lines));
        },
      ),
      { numRuns: 200 },
    );
  });

  test.each([
    ["a stray continuation byte", [0x80], 1, 0],
    ["a stray continuation byte in line 3", [0x61, 0x0a, 0x0a, 0x62, 0xbf], 3, 4],
    ["a sequence that is cut off", [0xe2, 0x82], 1, 0],
    ["a sequence that is cut off by a line end", [0xe2, 0x82, 0x0a], 1, 0],
    ["an overlong form", [0xc0, 0xaf], 1, 0],
    ["an overlong form of three", [0xe0, 0x80, 0xaf], 1, 0],
    ["an overlong form of four", [0xf0, 0x80, 0x80, 0xaf], 1, 0],
    ["a surrogate", [0xed, 0xa0, 0x80], 1, 0],
    ["more than U+10FFFF", [0xf4, 0x90, 0x80, 0x80], 1, 0],
    ["a byte that UTF-8 never has", [0xff], 1, 0],
    ["UTF-16", [0xff, 0xfe, 0x61, 0x00], 1, 0],
    ["a bad byte behind a byte order mark", [0xef, 0xbb, 0xbf, 0x0a, 0xff], 2, 4],
    ["a bad byte behind 40 good ones", [...Buffer.from("x".repeat(40)), 0xc3, 0x28], 1, 40],
  ])("%s is not UTF-8, and the answer says where", (_title, bytes, line, offset) => {
    const failure = failureOf(() => linesOf(Uint8Array.from(bytes)));
    expect(failure).toEqual({ tag: "not-utf8", val: { line, offset: BigInt(offset) } });
  });

  test("with `lines`, the rest is not checked", () => {
    expect(linesOf(Buffer.concat([Buffer.from("a\nb\n"), Buffer.from([0xff])]), 2)).toEqual(["a", "b"]);
    expect(linesOf(Uint8Array.from([0xff]), 0)).toEqual([]);
  });

  test("with `lines`, the rest is not read: a sparse terabyte costs nothing", () => {
    writeFileSync(at("file"), "first\nsecond\n");
    truncateSync(at("file"), 2 ** 40);
    expect(call("read", "/project/file", 2)).toEqual(["first", "second"]);
  });

  test("a line of 3 MiB is a line", () => {
    const long = "x".repeat(3 * 1024 * 1024);
    expect(linesOf(`a\n${long}\nb`)).toEqual(["a", long, "b"]);
  });

  test("16 MiB are text, one byte more is too large", () => {
    writeFileSync(at("file"), Buffer.alloc(16 * 1024 * 1024, `${"x".repeat(1023)}\n`));
    expect(call("read", "/project/file", undefined)).toHaveLength(16 * 1024);
    writeFileSync(at("file"), "x", { flag: "a" });
    const tooLarge = { tag: "too-large", val: 16n * 1024n * 1024n };
    expect(failureOf(() => call("read", "/project/file", undefined))).toEqual(tooLarge);
    expect(failureOf(() => call("read", "/project/file", 20_000))).toEqual(tooLarge);
    expect(call("read", "/project/file", 16 * 1024)).toHaveLength(16 * 1024);
  });

  test("500,000 lines are read, one more is too many", () => {
    expect(linesOf("\n".repeat(500_000))).toHaveLength(500_000);
    expect(failureOf(() => linesOf("\n".repeat(500_001)))).toEqual({ tag: "too-many", val: 500_000 });
    expect(failureOf(() => linesOf(`${"\n".repeat(500_000)}x`))).toEqual({ tag: "too-many", val: 500_000 });
    expect(linesOf("\n".repeat(500_001), 500_000)).toHaveLength(500_000);
  });

  test("what cannot be read is an error of the contract", () => {
    mkdirSync(at("folder"));
    writeFileSync(at("file"), "");
    symlinkSync("loop", at("loop"));
    const failures = ["missing", "folder", "file/below", "loop", "a\0b", `${"n".repeat(300)}`].map((name) =>
      failureOf(() => call("read", `/project/${name}`, undefined)),
    );
    expect(failures).toMatchObject([
      { tag: "not-found", val: "/project/missing" },
      { tag: "is-directory" },
      { tag: "not-directory" },
      { tag: "invalid-path" },
      { tag: "invalid-path" },
      { tag: "invalid-path" },
    ]);
  });

  test("a link inside is followed, a path outside every grant is not permitted", () => {
    writeFileSync(at("target"), "text");
    symlinkSync("target", at("link"));
    expect(call("read", "/project/link", undefined)).toEqual(["text"]);
    for (const path of ["/etc/passwd", "/projectile", "/", ""]) {
      expect(failureOf(() => call("read", path, undefined))).toEqual({ tag: "not-permitted", val: path });
    }
    expect(failureOf(() => call("read", "/project/../etc/passwd", undefined))).toMatchObject({ tag: "not-permitted" });
  });
});

describe("paths", () => {
  test.each([
    "/project/sub/file",
    "project/sub/file",
    "./project/sub/file",
    "//project//sub/file",
    "/project/./sub/file",
  ])("%s is the file in the grant /project", (path) => {
    mkdirSync(at("sub"));
    writeFileSync(at("sub/file"), "here");
    expect(call("read", path, undefined)).toEqual(["here"]);
  });

  test("the longest grant that matches is used, whatever the order", () => {
    mkdirSync(at("outer/inner"), { recursive: true });
    mkdirSync(at("other"));
    writeFileSync(at("outer/inner/file"), "of the outer grant");
    writeFileSync(at("other/file"), "of the inner grant");
    const [outer, inner] = [
      ["/a", at("outer")],
      ["/a/inner", at("other")],
    ] as const;
    for (const grants of [
      [outer, inner],
      [inner, outer],
    ]) {
      const read = tool.instantiate(Object.fromEntries(grants))["glovebox:std/file@0.1.0"]?.read;
      expect(read?.("/a/inner/file", undefined)).toEqual(["of the inner grant"]);
    }
  });

  test("a grant of / covers everything", () => {
    writeFileSync(at("file"), "here");
    const read = tool.instantiate({ "/": folder })["glovebox:std/file@0.1.0"]?.read;
    expect(read?.("/file", undefined)).toEqual(["here"]);
  });
});

describe("write", () => {
  test.each([
    "",
    "a",
    "a\n",
    "a\r\nb",
    "$¢€😀",
    "\ufeffa",
    "x".repeat(200_000),
    "é😀".repeat(40_000),
    "7\u0800".repeat(3),
  ])("text is written as it is given (case %#)", (text) => {
    expect(call("write", "/project/file", text)).toBeUndefined();
    expect(readFileSync(at("file"), "utf8")).toBe(text);
  });

  test("any text is written as UTF-8", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 100 }), (text) => {
        call("write", "/project/file", text);
        expect(readFileSync(at("file")).equals(Buffer.from(text.toWellFormed()))).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  test("the old content is gone, also when it was longer", () => {
    writeFileSync(at("file"), "a long old text");
    call("write", "/project/file", "new");
    expect(readFileSync(at("file"), "utf8")).toBe("new");
  });

  test("missing parents are made", () => {
    mkdirSync(at("a"));
    call("write", "/project/a/b/c//d/file", "text");
    expect(readFileSync(at("a/b/c/d/file"), "utf8")).toBe("text");
  });

  test("what cannot be written is an error of the contract, and makes nothing", () => {
    mkdirSync(at("folder"));
    writeFileSync(at("file"), "text");
    expect(failureOf(() => call("write", "/project/folder", "x"))).toMatchObject({ tag: "is-directory" });
    expect(failureOf(() => call("write", "/project/file/below", "x"))).toMatchObject({ tag: "not-directory" });
    expect(failureOf(() => call("write", "/elsewhere/file", "x"))).toMatchObject({ tag: "not-permitted" });
    expect(failureOf(() => call("write", "/project/../out", "x"))).toMatchObject({ tag: "not-permitted" });
    expect(readFileSync(at("file"), "utf8")).toBe("text");
    expect(existsSync(join(folder, "..", "out"))).toBe(false);
  });

  test.skipIf(process.getuid?.() === 0)("a file that the host may not write is not permitted", () => {
    writeFileSync(at("file"), "text");
    chmodSync(at("file"), 0o444);
    expect(failureOf(() => call("write", "/project/file", "x"))).toMatchObject({ tag: "not-permitted" });
  });
});

describe("list", () => {
  test("gives name, kind and size, sorted by code point", () => {
    for (const name of ["b", "a", "B", "a.b", "é", "\uff5e", "😀", "10", "9"]) writeFileSync(at(name), "x".repeat(3));
    mkdirSync(at("folder"));
    symlinkSync("a", at("link"));
    expect(call("list", "/project")).toEqual([
      { name: "10", kind: "file", size: 3n },
      { name: "9", kind: "file", size: 3n },
      { name: "B", kind: "file", size: 3n },
      { name: "a", kind: "file", size: 3n },
      { name: "a.b", kind: "file", size: 3n },
      { name: "b", kind: "file", size: 3n },
      { name: "folder", kind: "directory", size: 0n },
      { name: "link", kind: "symbolic-link", size: 0n },
      { name: "é", kind: "file", size: 3n },
      { name: "\uff5e", kind: "file", size: 3n },
      { name: "😀", kind: "file", size: 3n },
    ]);
  });

  test("an empty directory has no entries", () => {
    mkdirSync(at("empty"));
    expect(call("list", "/project/empty")).toEqual([]);
  });

  test("2,000 entries come back sorted", () => {
    const names = Array.from({ length: 2000 }, (_, index) => `file-${(index * 7919) % 2000}`);
    for (const name of names) writeFileSync(at(name), "");
    expect((call("list", "/project/.") as { name: string }[]).map(({ name }) => name)).toEqual(names.sort());
  });

  test("what cannot be listed is an error of the contract", () => {
    writeFileSync(at("file"), "");
    expect(failureOf(() => call("list", "/project/file"))).toMatchObject({ tag: "not-directory" });
    expect(failureOf(() => call("list", "/project/missing"))).toEqual({ tag: "not-found", val: "/project/missing" });
    expect(failureOf(() => call("list", "/"))).toMatchObject({ tag: "not-permitted" });
  });
});

describe("remove", () => {
  test("a file, an empty directory and a link are removed; what a link points to stays", () => {
    writeFileSync(at("file"), "");
    mkdirSync(at("folder"));
    mkdirSync(at("kept"));
    symlinkSync("kept", at("link"));
    for (const name of ["file", "folder", "link"]) expect(call("remove", `/project/${name}`)).toBeUndefined();
    expect(call("list", "/project")).toEqual([{ name: "kept", kind: "directory", size: 0n }]);
  });

  test("what cannot be removed is an error of the contract, and stays", () => {
    mkdirSync(at("full/inner"), { recursive: true });
    expect(failureOf(() => call("remove", "/project/full"))).toEqual({ tag: "not-empty", val: "/project/full" });
    expect(failureOf(() => call("remove", "/project/missing"))).toMatchObject({ tag: "not-found" });
    expect(failureOf(() => call("remove", "/project"))).toMatchObject({ tag: "not-permitted" });
    expect(failureOf(() => call("remove", "/project/full/../.."))).toMatchObject({ tag: "not-permitted" });
    expect(existsSync(at("full/inner"))).toBe(true);
  });
});
