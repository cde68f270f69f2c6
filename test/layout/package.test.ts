// What someone gets who installs the package: the right files, exports that are there, and no second Node.

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { projectRoot } from "./imports.ts";

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
  readonly bin: Readonly<Record<string, string>>;
}

interface LockedPackage {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const manifest: Manifest = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8"));
const locked: Readonly<Record<string, LockedPackage>> = JSON.parse(
  readFileSync(join(projectRoot, "package-lock.json"), "utf8"),
).packages;

/** Everything that installing the package brings along, as the lock file says. */
function installed(): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (names: Readonly<Record<string, string>> = {}): void => {
    for (const name of Object.keys(names).filter((each) => !found.has(each))) {
      found.add(name);
      const entry = locked[`node_modules/${name}`];
      visit({ ...entry?.dependencies, ...entry?.optionalDependencies });
    }
  };
  visit({ ...manifest.dependencies, ...manifest.optionalDependencies });
  return found;
}

test("installing the package brings no second Node", () => {
  expect([...installed()].filter((name) => /^node-(bin-)?(linux|darwin|win)/.test(name))).toEqual([]);
  expect(installed().has("zod")).toBe(true);
});

test("npm ci accepts the lock file: it has the packages of every platform", () => {
  const { status } = spawnSync(process.execPath, ["toolchain/complete-lock.js", "--check"], { cwd: projectRoot });
  expect(status, "run node toolchain/complete-lock.js").toBe(0);
});

test("every export and the command are in the build", () => {
  const paths = Object.values(manifest.exports).flatMap((entry) =>
    typeof entry === "string" ? [entry] : Object.values(entry),
  );
  const missing = [...paths, ...Object.values(manifest.bin)].filter(
    (path) => !path.includes("*") && !existsSync(join(projectRoot, path)),
  );
  expect(missing).toEqual([]);
});

test("the packed files are the build, the contracts and the documents", () => {
  const listed = execFileSync("npm", ["pack", "--dry-run", "--json", "--silent"], {
    cwd: projectRoot,
    encoding: "utf8",
  });
  const document = JSON.parse(listed) as unknown;
  const [packed] = (Array.isArray(document) ? document : Object.values(document as object)) as {
    files: { path: string }[];
  }[];
  const files = packed?.files.map(({ path }) => path) ?? [];
  const top = new Set(files.map((path) => path.split("/")[0]));
  expect([...top].sort()).toEqual([
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "LICENSE",
    "RATIONALE.md",
    "README.md",
    "THREAT_MODEL.md",
    "bin",
    "dist",
    "package.json",
    "proto",
    "schemas",
    "wit",
  ]);
  expect(files).toContain("dist/tools/file.wasm");
  expect(files).toContain("dist/host/executor/child-node.js");
  expect(files.filter((path) => path.endsWith(".map") || path.includes("tsbuildinfo"))).toEqual([]);
});

test("the public entries offer what the README says", async () => {
  const entry = (name: string): Promise<object> => import(join(projectRoot, "dist", name));
  expect(Object.keys(await entry("host/index.js")).sort()).toEqual([
    "GloveboxError",
    "describeTool",
    "inspectJournal",
    "inspectProtections",
    "inspectTool",
    "listRuns",
    "moduleText",
    "openGlovebox",
    "planFromProtobuf",
    "readRun",
    "trustEntries",
  ]);
  expect(Object.keys(await entry("host/metering/index.js"))).toEqual(expect.arrayContaining(["Meter", "meter"]));
  expect(Object.keys(await entry("sandbox-fs/index.js"))).toEqual(
    expect.arrayContaining(["createOverlay", "grant", "nodeBase", "recover"]),
  );
});

test("every command in the README's fenced shell blocks runs", () => {
  const readme = readFileSync(join(projectRoot, "README.md"), "utf8");
  const blocks = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap((match) => (match[1] ?? "").trim().split("\n"));
  const commands = blocks.filter((line) => line.startsWith("npm run -s glovebox -- "));
  expect(commands.length).toBeGreaterThan(2);
  for (const command of commands) {
    const args = command.replace("npm run -s glovebox -- ", "").split(" ");
    const { status } = run(args);
    expect([0, 2], command).toContain(status);
  }
});

function run(args: readonly string[]): { readonly status: number | null } {
  try {
    execFileSync(process.execPath, [join(projectRoot, "bin/glovebox.js"), ...args], {
      cwd: projectRoot,
      stdio: "ignore",
    });
    return { status: 0 };
  } catch (error) {
    return error as { status: number | null };
  }
}
