import { Buffer } from "node:buffer";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { useActions } from "./actions.ts";
import { type Entry, tarOf, zipOf } from "./archives.ts";

const { at, put, output, failure } = useActions();

const unpack = (name: string, more: object = {}): object => ({ path: `/project/${name}`, to: "/project/out", ...more });
const ENTRIES: readonly Entry[] = [
  { name: "a.txt", content: "one\n" },
  { name: "dir/b.bin", content: Buffer.from(Array.from({ length: 70_000 }, (_, index) => (index * index) & 0xff)) },
  { name: "./dir//é.txt", content: "" },
];

describe.each(["tar.gz", "tar", "zip"])("%s", (kind) => {
  const make = (entries: readonly Entry[]): Buffer =>
    kind === "zip" ? zipOf(entries) : kind === "tar" ? tarOf(entries) : gzipSync(tarOf(entries));
  const name = `x.${kind}`;

  test("files come out as they went in", async () => {
    put(name, make(ENTRIES));
    expect(await output("archive.unpack", unpack(name))).toEqual([
      { name: "a.txt", size: 4 },
      { name: "dir/b.bin", size: 70_000 },
      { name: "dir/é.txt", size: 0 },
    ]);
    expect(readFileSync(at("out/a.txt"), "utf8")).toBe("one\n");
    expect(readFileSync(at("out/dir/b.bin")).equals(Buffer.from(ENTRIES[1]?.content ?? ""))).toBe(true);
  });

  test.each(["../x", "a/../../x", "/etc/x", "a\\..\\x", "C:x", "", "a/../b", ".."])(
    "an entry named %j is refused, and nothing is written",
    async (bad) => {
      put(name, make([{ name: "good" }, { name: bad, content: "x" }]));
      expect(await failure("archive.unpack", unpack(name))).toMatchObject({
        error: "unsafe_entry",
        payload: { entry: bad },
      });
      expect(existsSync(at("out"))).toBe(false);
    },
  );

  test("an entry that is there twice is refused", async () => {
    put(name, make([{ name: "a" }, { name: "./a" }]));
    expect(await failure("archive.unpack", unpack(name))).toMatchObject({ error: "unsafe_entry" });
  });

  test("links are refused", async () => {
    put(name, make([{ name: "link", content: "", type: kind === "zip" ? "120777" : "2" }]));
    expect(await failure("archive.unpack", unpack(name))).toMatchObject({
      error: "unsupported",
      payload: { entry: "link" },
    });
  });

  test("what is there is kept, unless it is to be overwritten", async () => {
    put(name, make([{ name: "a", content: "new" }]));
    put("out/a", "old and longer");
    expect(await failure("archive.unpack", unpack(name))).toEqual({
      error: "file_failed",
      payload: { path: "/project/out/a", reason: "already-exists" },
    });
    await output("archive.unpack", unpack(name, { overwrite: true }));
    expect(readFileSync(at("out/a"), "utf8")).toBe("new");
  });

  test("a link in the way does not lead out of the workspace", async () => {
    put(name, make([{ name: "link/glovebox-escape", content: "x" }]));
    mkdirSync(at("out"));
    symlinkSync("/tmp", at("out/link"));
    expect(await failure("archive.unpack", unpack(name))).toMatchObject({ error: "file_failed" });
    expect(existsSync("/tmp/glovebox-escape")).toBe(false);
  });

  test("P5: more than 24 MiB, and more than 20,000 entries, are refused before anything is written", async () => {
    put(
      name,
      make([
        {
          name: "a",
          content: kind === "tar" ? "" : Buffer.alloc(25 * 1024 * 1024),
          ...(kind === "tar" && { size: 2 ** 26 }),
        },
      ]),
    );
    expect(await failure("archive.unpack", unpack(name))).toMatchObject({ error: "too_large" });
    if (kind !== "tar") {
      put(name, make(Array.from({ length: 20_001 }, (_, index) => ({ name: `f${index}` }))));
      const { error } = await failure("archive.unpack", unpack(name));
      expect(["too_many", "too_large"]).toContain(error);
    }
    expect(existsSync(at("out"))).toBe(false);
  });

  test("damaged archives are errors of the contract, whatever is damaged", async () => {
    const whole = make(ENTRIES.slice(0, 1));
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), fc.boolean(), async (index, byte, cut) => {
        const bytes = Buffer.from(cut ? whole.subarray(0, index) : whole);
        if (!cut) bytes[index] = byte;
        put(name, bytes);
        // Bytes of names, times and modes may be any: then it is unpacked. Anything but an answer is thrown.
        await output("archive.unpack", unpack(name, { overwrite: true })).catch((thrown: Error) => {
          expect(thrown.message).toMatch(/corrupt|unsafe_entry|unsupported|too_large|too_many/);
        });
      }),
      { numRuns: 150 },
    );
  });
});

test("a wrong checksum or length is corrupt, in zip and in gzip", async () => {
  put("x.zip", zipOf([{ name: "a", content: "text" }], 1));
  expect(await failure("archive.unpack", unpack("x.zip"))).toMatchObject({ error: "corrupt" });
  put("x.zip", zipOf([{ name: "a", content: "text", size: 3 }]));
  expect(await failure("archive.unpack", unpack("x.zip"))).toMatchObject({ error: "corrupt" });
  const gzip = gzipSync(tarOf(ENTRIES));
  gzip[gzip.length - 5] = (gzip[gzip.length - 5] ?? 0) ^ 1;
  put("x.tgz", gzip);
  expect(await failure("archive.unpack", unpack("x.tgz"))).toMatchObject({ error: "corrupt" });
  expect(existsSync(at("out"))).toBe(false);
});

test("any bytes survive deflate at any level", async () => {
  const bytes = fc
    .array(fc.tuple(fc.uint8Array({ maxLength: 60 }), fc.nat(40)), { maxLength: 20 })
    .map((parts) => Buffer.concat(parts.flatMap(([part, times]) => Array.from({ length: times }, () => part))));
  await fc.assert(
    fc.asyncProperty(bytes, fc.nat(9), async (content, level) => {
      put("x.tgz", gzipSync(tarOf([{ name: "a", content }]), { level }));
      await output("archive.unpack", unpack("x.tgz", { overwrite: true }));
      expect(readFileSync(at("out/a")).equals(content)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test.skipIf(spawnSync("tar", ["--version"]).status !== 0)(
  "archives of GNU tar, with long names, are unpacked",
  async () => {
    const long = `${"folder/".repeat(20)}${"n".repeat(120)}`;
    for (const format of ["ustar", "gnu", "pax"]) {
      const name = format === "ustar" ? "folder/file" : long;
      put(`in/${name}`, format);
      execFileSync("tar", ["-czf", at("x.tgz"), `--format=${format}`, "-C", at("in"), "."]);
      await output("archive.unpack", unpack("x.tgz", { overwrite: true }));
      expect(readFileSync(at(`out/${name}`), "utf8")).toBe(format);
    }
    expect(readdirSync(at("out")).sort()).toEqual(readdirSync(at("in")).sort());
  },
);

test.skipIf(spawnSync("zip", ["-v"]).status !== 0)("archives of zip are unpacked", async () => {
  put("in/a/b.txt", "text\n".repeat(1000));
  put("in/c", "");
  execFileSync("zip", ["-q", "-r", at("x.zip"), "."], { cwd: at("in") });
  await output("archive.unpack", unpack("x.zip"));
  expect(readFileSync(at("out/a/b.txt"), "utf8")).toBe("text\n".repeat(1000));
  expect(existsSync(at("out/c"))).toBe(true);
});

test("what is no archive, or has no name of one, is an error of the contract", async () => {
  put("x.txt", "text");
  expect(await failure("archive.unpack", unpack("x.txt"))).toMatchObject({ error: "unknown_format" });
  for (const format of ["tar_gz", "tar", "zip"]) {
    put("x.txt", "this is no archive ".repeat(100));
    expect(await failure("archive.unpack", unpack("x.txt", { format }))).toMatchObject({ error: "corrupt" });
  }
  expect(await failure("archive.unpack", unpack("none.zip"))).toMatchObject({
    error: "file_failed",
    payload: { reason: "not-found" },
  });
});
