// The tool `package`: verdaccio and a static index, through the inspector, into a workspace.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Glovebox, inspectTool, openGlovebox, type RunReport } from "../../host/index.ts";
import { buildStandardTools } from "../../tools-wasm/build.ts";
import { projectRoot } from "../layout/imports.ts";
import { testCache } from "../support/runs.ts";
import { temporaryDirectory } from "../support/tree.ts";
import { type Entry, tarOf, zipOf } from "./archives.ts";
import { integrityOf, serveFiles, tarballOf, useVerdaccio } from "./registries.ts";

const npm = useVerdaccio();
beforeAll(() => buildStandardTools(projectRoot).then(() => undefined));

interface Bench {
  readonly workspace: string;
  run(...steps: readonly object[]): Promise<RunReport>;
  /** The names of all files, sorted. */
  files(): readonly string[];
}

const opened: Glovebox[] = [];
afterAll(() => Promise.all(opened.map((glovebox) => glovebox.close())));

/** A runtime over an empty workspace, which may ask these ports of this machine. */
async function bench(...ports: readonly number[]): Promise<Bench> {
  const workspace = temporaryDirectory();
  const glovebox = await openGlovebox({ workspace, executor: "inline", cacheDirectory: testCache });
  opened.push(glovebox);
  const network = [...ports, Number(new URL(npm.url()).port)].map((port) => ({ host: "127.0.0.1", ports: [port] }));
  const filesystem = [{ path: "/project", access: "write" }];
  const scope = { scope: "test", actions: ["*"], network, filesystem, limits: { network_requests: 20 } };
  return {
    workspace,
    run: (...steps) => glovebox.run({ value: { plan_id: "test", steps } }, { value: scope, directory: workspace }),
    files: () =>
      readdirSync(workspace, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(workspace.length + 1))
        .sort(),
  };
}

const PACKAGE: readonly Entry[] = [
  { name: "package.json", content: '{"name":"pad","scripts":{"postinstall":"touch /tmp/ran"}}' },
  { name: "lib/index.js", content: "export const pad = 1;\n" },
];

/** A step that installs a package of verdaccio. */
function install(params: object): object {
  const usual = { ecosystem: "npm", registry: npm.url(), to: "/project/node_modules", lock: "/project/packages.lock" };
  return { action: "package.install", params: { ...usual, ...params } };
}

/** The case of the contract with which the last step failed, and its payload. */
function failure({ steps, findings }: RunReport): readonly [unknown, unknown] {
  const step = steps.at(-1);
  if (step?.error?.code !== "ACTION_FAILED") throw new Error(JSON.stringify([step, findings]));
  const { case: name, payload } = step.error.data ?? {};
  return [name, payload];
}

describe("npm", () => {
  const tarball = tarballOf(PACKAGE);
  const integrity = integrityOf(tarball);
  beforeAll(async () => {
    await npm.publish("pad", "1.2.3", tarball);
    await npm.publish("@acme/pad", "1.0.0-rc.1", tarball);
  });

  test("a pinned package is installed, its pin is in the lock file, and nothing else is there", async () => {
    const { run, workspace, files } = await bench();
    const report = await run(install({ name: "pad", version: "1.2.3", integrity }));
    const url = `${npm.url()}/pad/-/pad-1.2.3.tgz`;
    expect(report.steps[0]?.output).toEqual({
      directory: "/project/node_modules/pad",
      files: 2,
      bytes: 57 + 22,
      url,
      integrity,
    });
    expect(files()).toEqual(["node_modules/pad/lib/index.js", "node_modules/pad/package.json", "packages.lock"]);
    expect(readFileSync(join(workspace, "node_modules/pad/lib/index.js"), "utf8")).toBe(PACKAGE[1]?.content);
    expect(readFileSync(join(workspace, "packages.lock"), "utf8")).toBe(
      `# Packages that glovebox installed: ecosystem, name, version, integrity, url, directory.
npm pad 1.2.3 ${integrity} ${url} /project/node_modules/pad\n`,
    );
  });

  test("a package with a scope goes to the directory of its scope; sha256 will do, in hexadecimal digits too", async () => {
    const { run, files } = await bench();
    const sha256 = `sha256:${createHash("sha256").update(tarball).digest("hex")}`;
    const report = await run(install({ name: "@acme/pad", version: "1.0.0-rc.1", integrity: sha256 }));
    expect(report.steps[0]?.output).toMatchObject({ integrity: integrityOf(tarball, "sha256") });
    expect(files()[0]).toBe("node_modules/@acme/pad/lib/index.js");
  });

  test.each([
    "^1.2.3",
    "~1.2",
    "1.2",
    "1",
    "1.x",
    "*",
    "latest",
    ">=1.2.3",
    "1.2.3 || 2",
    "",
    "v1.2.3",
    "1.2.3-",
    "01..2",
  ])("the version %j is not pinned, and the error says what to write", async (version) => {
    const { run, files } = await bench();
    const report = await run(install({ name: "pad", version, integrity }));
    const write = expect.stringMatching(/^one exact version, for example "\d+\.\d+\.\d+"$/);
    expect(failure(report)).toEqual(["not_pinned", { field: "version", found: version, write }]);
    expect([files(), report.steps[0]?.network]).toEqual([[], undefined]);
  });

  test.each([
    "",
    "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=",
    "sha512-short",
    `sha512:${"0".repeat(64)}`,
    `md5-${"a".repeat(88)}`,
  ])("the integrity %j pins nothing, and the error says what to write", async (found) => {
    const report = await (await bench()).run(install({ name: "pad", version: "1.2.3", integrity: found }));
    const write = expect.stringContaining("dist.integrity");
    expect(failure(report)).toEqual(["not_pinned", { field: "integrity", found, write }]);
  });

  test.each(["../pad", "", ".bin", "a/b", "@a", "@a/../b", "pad%2f..", "a b", "@acme/"])(
    "C2: the name %j is none",
    async (name) => {
      const report = await (await bench()).run(install({ name, version: "1.2.3", integrity }));
      expect(failure(report)).toEqual(["invalid", expect.stringContaining(JSON.stringify(name))]);
    },
  );

  test("A13: another archive than the pinned one is refused with what was found, and nothing remains", async () => {
    const { run, files } = await bench();
    const expected = integrityOf(Buffer.from("other"));
    const report = await run(install({ name: "pad", version: "1.2.3", integrity: expected }));
    expect(failure(report)).toEqual(["mismatch", { expected, found: integrity }]);
    expect(files()).toEqual([]);
  });

  test("A13: an archive that is not the one in the lock file is refused, whichever digest the lock file has", async () => {
    const { run, workspace, files } = await bench();
    const before = integrityOf(Buffer.from("before"), "sha256");
    const line = `npm pad 1.2.3 ${before} https://registry.example/pad.tgz /project/elsewhere/pad\n`;
    writeFileSync(join(workspace, "packages.lock"), line);
    const report = await run(install({ name: "pad", version: "1.2.3", integrity }));
    expect(failure(report)).toEqual(["mismatch", { expected: before, found: integrityOf(tarball, "sha256") }]);
    expect(files()).toEqual(["packages.lock"]);
  });

  test("the lock file keeps other pins, sorted, and an update takes the place of what was there", async () => {
    const { run, workspace } = await bench();
    const other = `python words 1.0 ${integrityOf(tarball, "sha256")} https://a.example/words.whl /project/my libs`;
    const old = `npm pad 1.0.0 ${integrityOf(Buffer.from("old"))} https://a.example/pad.tgz /project/node_modules/pad`;
    const twin = old.replace("/project/node_modules/pad", "/project/old/pad");
    writeFileSync(join(workspace, "packages.lock"), `# mine\n\n${other}\r\n${twin}\n${old}\n`);
    const report = await run(install({ name: "pad", version: "1.2.3", integrity }));
    expect(report.error).toBeUndefined();
    const [title, ...lines] = readFileSync(join(workspace, "packages.lock"), "utf8").trimEnd().split("\n");
    expect(title).toMatch(/^# Packages/);
    expect(lines.map((line) => line.split(" ").slice(0, 3).join(" "))).toEqual([
      "npm pad 1.0.0",
      "npm pad 1.2.3",
      "python words 1.0",
    ]);
    expect(lines).toEqual(expect.arrayContaining([other, twin]));
  });

  test("what is no lock file is refused with the line, and stays as it is", async () => {
    const { run, workspace } = await bench();
    writeFileSync(join(workspace, "packages.lock"), "# x\n{}\n");
    const report = await run(install({ name: "pad", version: "1.2.3", integrity }));
    expect(failure(report)).toEqual(["lock_invalid", "/project/packages.lock: line 2 is no pin"]);
    expect(readFileSync(join(workspace, "packages.lock"), "utf8")).toBe("# x\n{}\n");
  });

  test("what is installed already is kept", async () => {
    const { run, workspace, files } = await bench();
    mkdirSync(join(workspace, "node_modules", "pad"), { recursive: true });
    const report = await run(install({ name: "pad", version: "1.2.3", integrity }));
    expect(failure(report)).toEqual(["already_installed", "/project/node_modules/pad"]);
    expect(files()).toEqual([]);
    rmSync(join(workspace, "node_modules"), { recursive: true });
    expect((await run(install({ name: "pad", version: "1.2.3", integrity }))).status).toBe("completed");
  });

  test("G1: when a later step fails, neither the package nor its pin remains", async () => {
    const { run, files } = await bench();
    const step = { ...install({ name: "pad", version: "1.2.3", integrity }), id: "install" };
    const missing = { action: "file.read", params: { path: "/project/none" } };
    const seen = { action: "file.read", params: { path: "/project/node_modules/pad/package.json" } };
    const report = await run(step, seen, missing);
    expect(report.steps.map(({ status }) => status)).toEqual(["rolled_back", "ran", "failed"]);
    expect([files(), report.rollback]).toEqual([[], "full"]);
  });

  test("a version that is not there is `not_found`, with the URL that was asked", async () => {
    const report = await (await bench()).run(install({ name: "pad", version: "9.9.9", integrity }));
    expect(failure(report)).toEqual(["not_found", `${npm.url()}/pad/-/pad-9.9.9.tgz`]);
  });

  test("E1: a registry that the scope does not grant is refused before the run", async () => {
    const params = { name: "pad", version: "1.2.3", integrity, registry: "https://registry.example" };
    const report = await (await bench()).run(install(params));
    expect(report.status).toBe("rejected");
    expect(report.findings).toMatchObject([{ pointer: "/steps/0/params/registry" }]);
  });
});

/** Installs from a registry that serves one tarball, whatever it is. */
async function installBytes(bytes: Uint8Array, params: object = {}): Promise<RunReport> {
  const port = await serveFiles({ "/npm/x/-/x-1.0.0.tgz": bytes });
  const { run, files } = await bench(port);
  const registry = `http://127.0.0.1:${port}/npm/`;
  const report = await run(
    install({ registry, name: "x", version: "1.0.0", integrity: integrityOf(bytes), ...params }),
  );
  if (report.status !== "completed") expect(files()).toEqual([]);
  return report;
}

describe("archives", () => {
  test.each(["sha512", "sha256"] as const)("%s is that of Node, whatever the length", async (algorithm) => {
    const lengths = [0, 1, 3, 55, 56, 63, 64, 65, 111, 112, 119, 120, 127, 128, 129, 255, 1000, 70_001];
    const bytes = lengths.map((length) => Uint8Array.from({ length }, (_, index) => (index * 7 + length) & 0xff));
    const paths = bytes.map((one, index): [string, Uint8Array] => [`/x/-/x-1.0.${index}.tgz`, one]);
    const port = await serveFiles(Object.fromEntries(paths));
    const { run } = await bench(port);
    const registry = `http://127.0.0.1:${port}`;
    for (const [index, one] of bytes.entries()) {
      const params = { registry, name: "x", version: `1.0.${index}`, integrity: integrityOf(one, algorithm) };
      expect(failure(await run(install(params)))).toEqual(["corrupt", "this is not gzip"]);
    }
  });

  test("C2, C4: an entry that leads out of the package, or is a link, is refused, and nothing remains", async () => {
    const good = { name: "a", content: "x" };
    for (const name of ["../../etc/x", "a/../../../x", "a\\b"]) {
      const report = await installBytes(tarballOf([good, { name }]));
      expect(failure(report)).toEqual(["unsafe_entry", expect.objectContaining({ entry: `package/${name}` })]);
    }
    expect(failure(await installBytes(tarballOf([good, { name: "link", type: "2" }])))[0]).toBe("unsupported");
    expect(failure(await installBytes(tarballOf([good, good])))[0]).toBe("unsafe_entry");
  });

  test("a tarball without one directory around all of it is refused", async () => {
    const { gzipSync } = await import("node:zlib");
    const two = gzipSync(tarOf([{ name: "a/x" }, { name: "b/y" }]));
    expect(failure(await installBytes(two))).toEqual(["unsupported", expect.objectContaining({ entry: "b/y" })]);
    expect(failure(await installBytes(gzipSync(tarOf([{ name: "x" }]))))[0]).toBe("unsupported");
    expect(failure(await installBytes(gzipSync(tarOf([]))))[0]).toBe("corrupt");
  });

  test("E6: an archive that is too large, or holds too much, is refused", async () => {
    const { gzipSync } = await import("node:zlib");
    const large = new Uint8Array(8 * 1024 * 1024 + 1);
    expect(failure(await installBytes(large))).toEqual(["too_large", large.length - 1]);
    const bomb = gzipSync(new Uint8Array(40 * 1024 * 1024));
    expect(failure(await installBytes(bomb))[0]).toBe("too_large");
  });
});

describe("python", () => {
  const WHEEL: readonly Entry[] = [
    { name: "my_words/__init__.py", content: "slug = 1\n" },
    { name: "my_words-1.0.dist-info/WHEEL", content: "Wheel-Version: 1.0\n" },
    { name: "my_words-1.0.dist-info/METADATA", content: "Name: my-words\nVersion: 1.0\n" },
  ];
  const wheel = zipOf(WHEEL);
  const hex = createHash("sha256").update(wheel).digest("hex");
  const params = { ecosystem: "python", name: "My.Words", version: "1.0", integrity: `sha256:${hex}` };

  async function pip(page: string, bytes: Uint8Array = wheel, more: object = {}): Promise<readonly [RunReport, Bench]> {
    const name = "/files/my_words-1.0-py3-none-any.whl";
    const port = await serveFiles({
      "/simple/my-words/": page,
      [name]: bytes,
      [name.replace("/files/", "/files/a&b/")]: bytes,
    });
    const used = await bench(port);
    const registry = `http://127.0.0.1:${port}/simple`;
    return [await used.run(install({ ...params, registry, to: "/project/lib", ...more })), used];
  }

  const link = (file: string, hash = ""): string => `<a data-x="1"\n href="../../files/${file}${hash}">x</a><br>`;
  const any = "my_words-1.0-py3-none-any.whl";

  test("a pinned wheel of a static index is installed, and its pin is in the lock file", async () => {
    const others = `${link("my_words-1.0.tar.gz")}${link("my_words-1.0.1-py3-none-any.whl")}${link("my_words_x-1.0-py3-none-any.whl")}`;
    const page = `<!DOCTYPE html><html><body>${others}${link(any, `#sha256=${hex}`)}</body></html>`;
    const [report, { workspace, files }] = await pip(page);
    expect(report.error).toBeUndefined();
    expect(report.steps[0]?.output).toMatchObject({ directory: "/project/lib", files: 3 });
    expect(files()).toEqual([
      "lib/my_words-1.0.dist-info/METADATA",
      "lib/my_words-1.0.dist-info/WHEEL",
      "lib/my_words/__init__.py",
      "packages.lock",
    ]);
    expect(readFileSync(join(workspace, "lib/my_words/__init__.py"), "utf8")).toBe("slug = 1\n");
    const lock = readFileSync(join(workspace, "packages.lock"), "utf8");
    expect(lock).toContain(`python my-words 1.0 ${integrityOf(wheel, "sha256")} `);
    expect(lock).toMatch(/\/files\/my_words-1\.0-py3-none-any\.whl \/project\/lib\n$/);
  });

  test("of several wheels, the one with the digest is taken; an index without digests is believed in nothing", async () => {
    const wrong = link("my_words-1.0-cp312-cp312-win_amd64.whl", `#sha256=${"0".repeat(64)}`);
    expect((await pip(`${wrong}${link(any, `#sha256=${hex}`)}`))[0].status).toBe("completed");
    expect((await pip(link(`a&amp;b/${any}`)))[0].status).toBe("completed");
    expect((await pip(link(any)))[0].status).toBe("completed");
    expect(failure((await pip(link(any), zipOf([{ name: "evil.py" }])))[0])[0]).toBe("mismatch");
  });

  test("A13: where the index has only other digests of the version, they are told", async () => {
    const [report] = await pip(link(any, `#sha256=${"00".repeat(32)}`));
    const found = `sha256-${Buffer.alloc(32).toString("base64")}`;
    expect(failure(report)).toEqual(["mismatch", { expected: integrityOf(wheel, "sha256"), found }]);
  });

  test("a version that the index does not have is `not_found`", async () => {
    expect(failure((await pip(link("my_words-2.0-py3-none-any.whl")))[0])[0]).toBe("not_found");
    expect(failure((await pip("", wheel, { name: "other" }))[0])[0]).toBe("not_found");
  });

  test.each([">=1.0", "1.*", "~=1.0", "", "==1.0", "1.0,<2"])("the version %j is not pinned", async (version) => {
    const [report] = await pip("", wheel, { version });
    expect(failure(report)).toEqual(["not_pinned", expect.objectContaining({ field: "version", found: version })]);
  });

  test("data of a wheel that belongs elsewhere, and a zip that is no wheel, are refused", async () => {
    const withData = zipOf([...WHEEL, { name: "my_words-1.0.data/scripts/run", content: "x" }]);
    const pinned = (bytes: Uint8Array): object => ({ integrity: integrityOf(bytes) });
    const refused = async (bytes: Uint8Array): Promise<unknown> =>
      failure((await pip(link(any), bytes, pinned(bytes)))[0])[0];
    expect(await refused(withData)).toBe("unsupported");
    expect(await refused(zipOf([{ name: "a.py" }]))).toBe("corrupt");
    expect(await refused(zipOf([...WHEEL, { name: "../x" }]))).toBe("unsafe_entry");
  });

  test("a file that is there is never written over", async () => {
    const port = await serveFiles({ "/simple/my-words/": link(any), [`/files/${any}`]: wheel });
    const { run, workspace } = await bench(port);
    mkdirSync(join(workspace, "lib", "my_words"), { recursive: true });
    writeFileSync(join(workspace, "lib", "my_words", "__init__.py"), "mine");
    const registry = `http://127.0.0.1:${port}/simple`;
    const report = await run(install({ ...params, registry, to: "/project/lib" }));
    expect(failure(report)).toEqual(["already_installed", "/project/lib/my_words/__init__.py"]);
    expect(readFileSync(join(workspace, "lib/my_words/__init__.py"), "utf8")).toBe("mine");
    expect(existsSync(join(workspace, "packages.lock"))).toBe(false);
  });
});

test("the tool can reach files and the network, and says what it does with its parameters", async () => {
  const tool = await inspectTool(join(projectRoot, "dist/tools/package.wasm"));
  expect(tool.capabilities).toEqual(["files", "network"]);
  expect(tool.actions).toMatchObject([
    { effect: "reversible", paths: { to: "write", lock: "write" }, urls: ["registry"] },
  ]);
});
