import { Buffer } from "node:buffer";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readlinkSync, symlinkSync } from "node:fs";
import fc from "fast-check";
import picomatch from "picomatch";
import { describe, expect, test } from "vitest";
import { useActions } from "./actions.ts";

const { at, put, output, failure } = useActions();
const PATH = "/project/file";

describe("file.read", () => {
  test.each([
    [undefined, 2, ["b", "c", "d"]],
    [2, 2, ["b", "c"]],
    [1, 4, ["d"]],
    [5, 3, ["c", "d"]],
    [2, 9, []],
    [undefined, 0, ["a", "b", "c", "d"]],
    [4294967295, 4294967295, []],
  ])("with lines %s and first_line %s it gives that range", async (lines, first_line, expected) => {
    put("file", "a\nb\r\nc\nd\n");
    expect(await output("file.read", { path: PATH, ...(lines === undefined ? {} : { lines }), first_line })).toEqual(
      expected,
    );
  });

  test("a range that ends before bytes that are not UTF-8 does not meet them", async () => {
    put("file", Buffer.concat([Buffer.from("a\nb\n"), Buffer.from([0xff])]));
    expect(await output("file.read", { path: PATH, first_line: 2, lines: 1 })).toEqual(["b"]);
  });
});

describe("file.read_text", () => {
  test.each(["", "a", "a\r\nb\n\n", "$¢€😀\0\n", "x".repeat(100_000)])(
    "gives the text as it is (case %#)",
    async (text) => {
      put("file", text);
      expect(await output("file.read_text", { path: PATH })).toBe(text);
    },
  );

  test("leaves out a byte order mark, and says where text is not UTF-8", async () => {
    put("file", "\ufeffa");
    expect(await output("file.read_text", { path: PATH })).toBe("a");
    put("file", Uint8Array.from([0xef, 0xbb, 0xbf, 0x61, 0x0a, 0xc3]));
    expect(await failure("file.read_text", { path: PATH })).toEqual({
      error: "not_utf8",
      payload: { line: 2, offset: 5 },
    });
  });
});

describe("file.append", () => {
  test("adds to the end, and makes what is missing", async () => {
    await output("file.append", { path: "/project/a/b/file", text: "é" });
    await output("file.append", { path: "/project/a/b/file", text: "\nmore" });
    expect(readFileSync(at("a/b/file"), "utf8")).toBe("é\nmore");
  });

  test("a directory is not appended to", async () => {
    mkdirSync(at("folder"));
    expect(await failure("file.append", { path: "/project/folder", text: "x" })).toMatchObject({
      error: "is_directory",
    });
  });
});

describe("file.copy", () => {
  test("copies every byte, into directories that it makes", async () => {
    const bytes = Buffer.from(Uint8Array.from({ length: 200_000 }, (_, index) => (index * 7919) >> 3));
    put("file", bytes);
    await output("file.copy", { from: PATH, to: "/project/x/y/copy" });
    expect(readFileSync(at("x/y/copy")).equals(bytes)).toBe(true);
  });

  test("what is there is kept, unless it is to be overwritten, and then wholly", async () => {
    put("file", "new");
    put("there", "old and longer");
    const params = { from: PATH, to: "/project/there" };
    expect(await failure("file.copy", params)).toEqual({ error: "already_exists", payload: "/project/there" });
    expect(readFileSync(at("there"), "utf8")).toBe("old and longer");
    await output("file.copy", { ...params, overwrite: true });
    expect(readFileSync(at("there"), "utf8")).toBe("new");
  });

  test("a copy onto itself, also through a link, loses nothing", async () => {
    put("file", "text");
    symlinkSync("file", at("link"));
    await output("file.copy", { from: PATH, to: "/project/link", overwrite: true });
    expect(readFileSync(at("file"), "utf8")).toBe("text");
  });

  test("directories and missing files are errors of the contract", async () => {
    mkdirSync(at("folder"));
    expect(await failure("file.copy", { from: "/project/folder", to: PATH })).toMatchObject({ error: "is_directory" });
    expect(await failure("file.copy", { from: "/project/none", to: PATH })).toEqual({
      error: "not_found",
      payload: "/project/none",
    });
    expect(existsSync(at("file"))).toBe(false);
  });
});

describe("file.move", () => {
  test("moves files, directories and links", async () => {
    put("folder/file", "text");
    symlinkSync("nowhere", at("link"));
    await output("file.move", { from: "/project/folder", to: "/project/a/b" });
    await output("file.move", { from: "/project/link", to: "/project/a/link" });
    await output("file.move", { from: "/project/a/b/file", to: "/project/file" });
    expect(readFileSync(at("file"), "utf8")).toBe("text");
    expect(readlinkSync(at("a/link"))).toBe("nowhere");
    expect(existsSync(at("folder"))).toBe(false);
  });

  test("what is there is kept, unless it is to be overwritten", async () => {
    put("file", "new");
    put("there", "old");
    put("full/inner", "");
    const params = { from: PATH, to: "/project/there" };
    expect(await failure("file.move", params)).toMatchObject({ error: "already_exists" });
    await output("file.move", { ...params, overwrite: true });
    expect(readFileSync(at("there"), "utf8")).toBe("new");
    mkdirSync(at("folder"));
    expect(await failure("file.move", { from: "/project/folder", to: "/project/full", overwrite: true })).toEqual({
      error: "not_empty",
      payload: "/project/full",
    });
  });

  test("a directory cannot be moved into itself, nor a grant away", async () => {
    mkdirSync(at("folder"));
    expect(await failure("file.move", { from: "/project/folder", to: "/project/folder/in" })).toMatchObject({
      error: "invalid_path",
    });
    expect(await failure("file.move", { from: "/project", to: "/project/folder/in" })).toMatchObject({
      error: "not_permitted",
    });
  });
});

describe("file.remove", () => {
  test("takes a tree only when it is told to, and never what a link points to", async () => {
    put("tree/a/b/file", "");
    put("kept/file", "text");
    symlinkSync("../kept", at("tree/link"));
    expect(await failure("file.remove", { path: "/project/tree" })).toMatchObject({ error: "not_empty" });
    await output("file.remove", { path: "/project/tree", recursive: true });
    expect(existsSync(at("tree"))).toBe(false);
    expect(readFileSync(at("kept/file"), "utf8")).toBe("text");
  });

  test("with recursive, a link to a directory is removed as a link", async () => {
    put("kept/file", "text");
    symlinkSync("kept", at("link"));
    await output("file.remove", { path: "/project/link", recursive: true });
    expect(existsSync(at("link"))).toBe(false);
    expect(existsSync(at("kept/file"))).toBe(true);
  });
});

describe("file.list", () => {
  const names = async (params: object): Promise<string[]> => {
    const entries = (await output("file.list", { path: "/project", ...params })) as { name: string }[];
    return entries.map(({ name }) => name);
  };

  test("with recursive it gives all that is below, sorted, and follows no link", async () => {
    put("b/c/file", "123");
    put("b.txt", "");
    put("a", "");
    symlinkSync(".", at("b/loop"));
    expect(await output("file.list", { path: "/project", recursive: true })).toEqual([
      { name: "a", kind: "file", size: 0 },
      { name: "b", kind: "directory", size: 0 },
      { name: "b.txt", kind: "file", size: 0 },
      { name: "b/c", kind: "directory", size: 0 },
      { name: "b/c/file", kind: "file", size: 3 },
      { name: "b/loop", kind: "symbolic_link", size: 0 },
    ]);
  });

  test.each([
    ["*.log", ["a.log", "x/.b.log", "x/y/a.log"]],
    ["x/*", ["x/.b.log", "x/[1].txt", "x/y"]],
    ["x/**", ["x/.b.log", "x/[1].txt", "x/y", "x/y/a.log"]],
    ["**/a.log", ["a.log", "x/y/a.log"]],
    ["x/**/a.log", ["x/y/a.log"]],
    ["?.log", ["a.log", "x/y/a.log"]],
    ["[!a].t?t", ["c.txt"]],
    ["{a,c}.{log,txt}", ["a.log", "c.txt", "x/y/a.log"]],
    ["\\[1\\].txt", ["x/[1].txt"]],
    ["**", ["a.log", "c.txt", "x", "x/.b.log", "x/[1].txt", "x/y", "x/y/a.log"]],
    ["", []],
  ])("the glob %s keeps what it matches", async (glob, expected) => {
    for (const name of ["a.log", "c.txt", "x/.b.log", "x/[1].txt", "x/y/a.log"]) put(name, "");
    expect(await names({ recursive: true, glob })).toEqual(expected);
  });

  test("globs agree with picomatch", async () => {
    const files = ["a", "b", "ab", "a.b", "d/a", "a.c/b.a", "b.c/a/b", "b.c/ab.a"].map((name) => `f${name}`);
    for (const name of files) put(name, "");
    const part = fc.constantFrom("f", "a", "b", ".", "*", "?", "/", "**/", "[ab]", "[^a]", "{a,b*}");
    const glob = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => `f${parts.join("")}`);
    await fc.assert(
      fc.asyncProperty(glob, async (text) => {
        fc.pre(!/\*\*\*|[^/]\*\*|\/\/|\/$/.test(text));
        const matches = picomatch(text, { dot: true, basename: !text.includes("/") });
        const found = (await names({ recursive: true, glob: text })).filter((name) => files.includes(name));
        expect(found).toEqual(files.filter((name) => matches(name)).sort());
      }),
      { numRuns: 60 },
    );
  });

  test.each(["[a", "{a", "a\\"])("%s is no glob", async (glob) => {
    expect(await failure("file.list", { path: "/project", glob })).toMatchObject({ error: "invalid_glob" });
  });

  test("more than 100 directories deep is an error", async () => {
    mkdirSync(at("d/".repeat(100)), { recursive: true });
    const params = { path: "/project", recursive: true };
    expect(await failure("file.list", params)).toEqual({ error: "too_deep", payload: 100 });
    expect(await output("file.list", { ...params, path: "/project/d" })).toHaveLength(99);
  });
});

describe("file.stat and file.make_directory", () => {
  test("stat tells kind and size, and follows a link unless told not to", async () => {
    put("file", "12345");
    symlinkSync("file", at("link"));
    expect(await output("file.stat", { path: PATH })).toEqual({ kind: "file", size: 5 });
    expect(await output("file.stat", { path: "/project/link" })).toEqual({ kind: "file", size: 5 });
    expect(await output("file.stat", { path: "/project/link", follow: false })).toEqual({
      kind: "symbolic_link",
      size: 0,
    });
    expect(await output("file.stat", { path: "/project" })).toEqual({ kind: "directory", size: 0 });
    expect(await failure("file.stat", { path: "/project/none" })).toMatchObject({ error: "not_found" });
  });

  test("make_directory makes parents, is content with what is there, and replaces nothing", async () => {
    await output("file.make_directory", { path: "/project/a/b/c" });
    await output("file.make_directory", { path: "/project/a/b/c/" });
    await output("file.make_directory", { path: "/project" });
    expect(existsSync(at("a/b/c"))).toBe(true);
    put("file", "text");
    expect(await failure("file.make_directory", { path: PATH })).toEqual({ error: "already_exists", payload: PATH });
    expect(await failure("file.make_directory", { path: `${PATH}/x` })).toMatchObject({ error: "not_directory" });
  });
});

describe("file.search", () => {
  test("agrees with grep -rn -C", async () => {
    const unit = fc.constantFrom("a", "b", "ERR", "\n", "\n", " é");
    const text = fc.array(unit, { maxLength: 30 }).map((units) => units.join(""));
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 4 }), fc.nat({ max: 3 }), async (texts, context) => {
        for (const [index, one] of texts.entries()) put(`tree/${index}.txt`, one);
        const found = await output("file.search", { path: "/project/tree", pattern: "ERR|ab", context_lines: context });
        for (const [index] of texts.entries()) {
          const mine = (found as { file: string; number: number; text: string; matched: boolean }[])
            .filter(({ file }) => file === `${index}.txt`)
            .map(({ number, text, matched }) => `${number}${matched ? ":" : "-"}${text}`);
          expect(mine).toEqual(grep(at(`tree/${index}.txt`), context));
        }
      }),
      { numRuns: 40 },
    );
  });

  test("goes through the files that the glob matches, in order, and over what is no text", async () => {
    put("b/x.log", "hit\r\nmiss\n");
    put("a.log", "hit");
    put("a.txt", "hit");
    put("binary.log", "hit\0");
    put("latin.log", Uint8Array.from([0x68, 0x69, 0x74, 0x0a, 0xe9]));
    symlinkSync("a.log", at("link.log"));
    expect(await output("file.search", { path: "/project", pattern: "^hit$", glob: "*.log" })).toEqual([
      { file: "a.log", number: 1, text: "hit", matched: true },
      { file: "b/x.log", number: 1, text: "hit", matched: true },
    ]);
  });

  test("one file can be searched, too", async () => {
    put("file", "\ufeffa\nb\n");
    expect(await output("file.search", { path: PATH, pattern: "^." })).toEqual([
      { file: ".", number: 1, text: "a", matched: true },
      { file: ".", number: 2, text: "b", matched: true },
    ]);
  });

  test("what is no pattern is an error of the contract", async () => {
    expect(await failure("file.search", { path: "/project", pattern: "a(" })).toMatchObject({
      error: "invalid_pattern",
      payload: { position: 1 },
    });
    expect(await failure("file.search", { path: "/project", pattern: "(a{1000}){1000}" })).toMatchObject({
      error: "pattern_too_complex",
    });
    expect(await failure("file.search", { path: "/project/none", pattern: "a" })).toMatchObject({ error: "not_found" });
  });
});

/** What grep says of a file. */
function grep(file: string, context: number): string[] {
  try {
    const options = ["-n", "-E", "--no-group-separator", "-C", String(context)];
    const printed = execFileSync("grep", [...options, "ERR|ab", file], { encoding: "utf8" });
    return printed.split("\n").slice(0, -1);
  } catch {
    return [];
  }
}
