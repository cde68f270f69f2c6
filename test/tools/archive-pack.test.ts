import { Buffer } from "node:buffer";
import { execFileSync, spawnSync } from "node:child_process";
import { createCipheriv } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync, inflateRawSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { useActions } from "./actions.ts";

const { at, put, output, failure } = useActions();

const pack = (to: string, more: object = {}): object => ({ path: "/project/in", to: `/project/${to}`, ...more });
const unpack = (name: string): object => ({ path: `/project/${name}`, to: "/project/out", overwrite: true });

const LONG = `${"folder/".repeat(20)}${"n".repeat(120)}`;
const TEXT = Buffer.from(Array.from({ length: 4000 }, (_, line) => `line ${line} of ${line * line}\n`).join(""));
/** Hard to compress, and longer than a window and a block. */
const NOISE = noise(100_000);
const FILES: Readonly<Record<string, string | Uint8Array>> = {
  "a.txt": "one\n",
  "a/b.txt": TEXT,
  "a/empty": "",
  "é/中.bin": NOISE,
  "é/ path=x size=1\n.txt": "odd",
  [LONG]: "long",
  // As long as a ustar name can be, and one more.
  ["x".repeat(100)]: "100",
  ["x".repeat(101)]: "101",
};

/** Bytes that look random, and are the same in every run. */
function noise(length: number): Buffer {
  return createCipheriv("aes-128-ctr", Buffer.alloc(16), Buffer.alloc(16)).update(Buffer.alloc(length));
}

/** The contents of a zip archive, inflated by zlib. */
function contentsOf(zip: Buffer): readonly Buffer[] {
  const contents: Buffer[] = [];
  for (let at = 0; zip.readUInt32LE(at) === 0x04034b50; ) {
    const from = at + 30 + zip.readUInt16LE(at + 26);
    at = from + zip.readUInt32LE(at + 18);
    contents.push(at === from ? Buffer.alloc(0) : inflateRawSync(zip.subarray(from, at)));
  }
  return contents;
}

function putFiles(): void {
  for (const [name, content] of Object.entries(FILES)) put(`in/${name}`, content);
  mkdirSync(at("in/nothing/in it"), { recursive: true });
}

const isThere = (command: string, ...args: string[]): boolean => spawnSync(command, args).status === 0;

describe.each(["tar.gz", "tar", "zip"])("%s", (kind) => {
  const name = `x.${kind}`;

  test("what is packed is unpacked as it was, with its empty directories", async () => {
    putFiles();
    const bytes = Object.values(FILES).reduce((sum, content) => sum + Buffer.from(content).length, 0);
    const packed = await output("archive.pack", pack(name));
    expect(packed).toEqual({ files: Object.keys(FILES).length, bytes, size: readFileSync(at(name)).length });
    const unpacked = (await output("archive.unpack", unpack(name))) as { name: string }[];
    expect(unpacked.map((file) => file.name).sort()).toEqual(Object.keys(FILES).sort());
    for (const [file, content] of Object.entries(FILES)) {
      expect(Buffer.compare(readFileSync(at(`out/${file}`)), Buffer.from(content)), file).toBe(0);
    }
    expect(existsSync(at("out/nothing/in it"))).toBe(true);
  });

  test("the same files give the same bytes, whatever their times, and in whatever order they were made", async () => {
    putFiles();
    await output("archive.pack", pack(name));
    for (const [file, content] of Object.entries(FILES).reverse()) put(`again/${file}`, content);
    mkdirSync(at("again/nothing/in it"), { recursive: true });
    utimesSync(at("again/a.txt"), 1, 1);
    await output("archive.pack", pack(`2${name}`, { path: "/project/again/" }));
    expect(readFileSync(at(`2${name}`)).equals(readFileSync(at(name)))).toBe(true);
  });

  test("an archive is kept, unless it is to be overwritten; and it is not packed into itself", async () => {
    put("in/a", "one");
    await output("archive.pack", pack(`in/${name}`));
    const first = readFileSync(at(`in/${name}`));
    expect(await failure("archive.pack", pack(`in/${name}`))).toEqual({
      error: "file_failed",
      payload: { path: `/project/in/${name}`, reason: "already-exists" },
    });
    expect(await output("archive.pack", pack(`in/../in/${name}`, { overwrite: true }))).toMatchObject({ files: 1 });
    expect(readFileSync(at(`in/${name}`)).equals(first)).toBe(true);
  });

  test("one file is an archive of one file", async () => {
    put("in/a/b.txt", "text");
    await output("archive.pack", pack(name, { path: "/project/in/a/b.txt" }));
    expect(await output("archive.unpack", unpack(name))).toEqual([{ name: "b.txt", size: 4 }]);
  });

  test("an empty directory is an archive of nothing", async () => {
    mkdirSync(at("in"));
    expect(await output("archive.pack", pack(name))).toMatchObject({ files: 0, bytes: 0 });
    expect(await output("archive.unpack", unpack(name))).toEqual([]);
  });

  test("C: links are refused, wherever they lead, and nothing is written", async () => {
    put("in/a", "one");
    symlinkSync("a", at("in/link"));
    expect(await failure("archive.pack", pack(name))).toMatchObject({
      error: "unsupported",
      payload: { entry: "link" },
    });
    expect(existsSync(at(name))).toBe(false);
  });

  test.each(["a\\b", "C:x"])("a file named %j, which would not be unpacked, is not packed", async (bad) => {
    put(`in/${bad}`, "x");
    expect(await failure("archive.pack", pack(name))).toMatchObject({ error: "unsafe_entry", payload: { entry: bad } });
  });

  test("P5: more than 24 MiB of files is refused, and so is an archive of more than 8 MiB", async () => {
    put("in/a", Buffer.alloc(25 * 1024 * 1024));
    expect(await failure("archive.pack", pack(name))).toEqual({ error: "too_large", payload: 24 * 1024 * 1024 });
    put("in/a", noise(8 * 1024 * 1024));
    expect(await failure("archive.pack", pack(name))).toEqual({ error: "too_large", payload: 8 * 1024 * 1024 });
    expect(existsSync(at(name))).toBe(false);
  });
});

test("a link where the archive would go does not lead out of the workspace", async () => {
  put("in/a", "one");
  symlinkSync("/tmp/glovebox-escape.zip", at("x.zip"));
  expect(await failure("archive.pack", pack("x.zip", { overwrite: true }))).toMatchObject({ error: "file_failed" });
  expect(existsSync("/tmp/glovebox-escape.zip")).toBe(false);
});

test("what cannot be read, and a name that tells no format, are errors of the contract", async () => {
  expect(await failure("archive.pack", pack("x.zip"))).toEqual({
    error: "file_failed",
    payload: { path: "/project/in", reason: "not-found" },
  });
  put("in/a", "");
  expect(await failure("archive.pack", pack("x.rar"))).toEqual({ error: "unknown_format", payload: "/project/x.rar" });
  expect(await output("archive.pack", pack("x.rar", { format: "zip" }))).toMatchObject({ files: 1 });
  put("deep/a", "");
  mkdirSync(at(`deep/${"d/".repeat(101)}`), { recursive: true });
  expect(await failure("archive.pack", pack("x.zip", { path: "/project/deep" }))).toMatchObject({
    error: "file_failed",
    payload: { reason: "too-deep" },
  });
});

test("zlib inflates what was deflated, whatever the bytes", async () => {
  const piece = fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 4 }));
  const bytes = fc
    .array(fc.tuple(piece, fc.oneof(fc.nat(3), fc.nat(20_000))), { maxLength: 6 })
    .map((parts) => Buffer.concat(parts.map(([part, times]) => Buffer.alloc(part.length === 0 ? 0 : times * 5, part))));
  await fc.assert(
    fc.asyncProperty(fc.array(bytes, { minLength: 10, maxLength: 20 }), async (contents) => {
      rmSync(at("in"), { recursive: true, force: true });
      contents.forEach((content, index) => {
        put(`in/${String(index).padStart(2, "0")}`, content);
      });
      await output("archive.pack", pack("x.zip", { overwrite: true }));
      const found = contentsOf(readFileSync(at("x.zip")));
      expect(found.map((content, index) => content.equals(contents[index] ?? NOISE))).toEqual(contents.map(() => true));
    }),
    { numRuns: 10 },
  );
});

test("it compresses nearly as well as zlib does", async () => {
  const sources = readdirSync(join(import.meta.dirname, "..", "..", "docs"));
  for (const name of sources) put(`in/${name}`, readFileSync(join(import.meta.dirname, "..", "..", "docs", name)));
  put("in/a.txt", TEXT);
  const { size } = (await output("archive.pack", pack("x.tgz"))) as { size: number };
  expect(size).toBeLessThan(gzipSync(gunzipSync(readFileSync(at("x.tgz")))).length * 1.05);
});

test.skipIf(!isThere("tar", "--version"))(
  "tar unpacks what was packed, and lists fixed times, owners and modes",
  async () => {
    putFiles();
    await output("archive.pack", pack("x.tgz"));
    mkdirSync(at("out"));
    execFileSync("tar", ["-xzf", at("x.tgz"), "-C", at("out")]);
    expect(spawnSync("diff", ["-r", at("in"), at("out")], { encoding: "utf8" }).stdout).toBe("");
    const options = ["--utc", "--full-time", "--numeric-owner"];
    const listed = execFileSync("tar", ["-tvzf", at("x.tgz"), ...options], { encoding: "utf8" })
      .trimEnd()
      .split("\n");
    for (const line of listed) expect(line).toMatch(/^(-rw-r--r--|drwxr-xr-x) 0\/0 +\d+ 1980-01-01 00:00:00 /);
  },
);

test.skipIf(!isThere("unzip", "-v"))("unzip unpacks what was packed", async () => {
  putFiles();
  await output("archive.pack", pack("x.zip"));
  // A line end in a name is the one thing that unzip changes.
  execFileSync("unzip", ["-q", at("x.zip"), "-x", "*size=1*", "-d", at("out")], {
    env: { ...process.env, LC_ALL: "C.UTF-8" },
  });
  const compared = spawnSync("diff", ["-r", at("in"), at("out")], { encoding: "utf8" }).stdout;
  expect(compared.split("\n").filter((line) => line !== "" && !line.includes("size=1") && line !== ".txt")).toEqual([]);
});

test.skipIf(!isThere("python3", "-c", "import zipfile, tarfile"))("Python reads what was packed", async () => {
  putFiles();
  for (const kind of ["zip", "tar", "tar.gz"]) {
    await output("archive.pack", pack(`x.${kind}`));
    const [open, names] =
      kind === "zip" ? ["zipfile.ZipFile(p)", "a.testzip() or a.namelist()"] : ["tarfile.open(p)", "a.getnames()"];
    const script = `import sys, json, zipfile, tarfile\np = sys.argv[1]\na = ${open}\nprint(json.dumps(${names}))`;
    const read: string[] = JSON.parse(execFileSync("python3", ["-c", script, at(`x.${kind}`)], { encoding: "utf8" }));
    expect(Object.keys(FILES).filter((file) => !read.includes(file))).toEqual([]);
  }
});
