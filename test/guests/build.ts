// Builds the test guests, each from source, in the language it is written in; keeps them under node_modules/.cache.
// Knows nothing of the host that will run them.

import { execFile, spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { componentize } from "componentize-qjs";
import { buildTool } from "../../tools-wasm/sdk/build.ts";
import { makeComponent } from "../../tools-wasm/sdk/component.ts";
import { digestOf, packageVersion } from "../../tools-wasm/sdk/digest.ts";
import { embedManifest } from "../../tools-wasm/sdk/manifest.ts";
import { witText } from "../../tools-wasm/sdk/wit.ts";
import { buildHttpGuest } from "./http/build.ts";

/**
 * `hostile`: AssemblyScript, one function for each attack (`hostile.*`). `javascript`: plain JavaScript, no WASI (`words.*`).
 * `c`: C with wasi-libc, files through stdio (`notes.*`). `http`: plain JavaScript over wasi:http (`web.*`).
 */
export type GuestName = "hostile" | "javascript" | "c" | "http";

const GUESTS = import.meta.dirname;
const ROOT = join(GUESTS, "..", "..");
const CACHE = join(ROOT, "node_modules", ".cache", "glovebox", "guests");
const ADAPTER = join(ROOT, "node_modules/@bytecodealliance/jco/lib/wasi_snapshot_preview1.reactor.wasm");
const PACKAGES = ["assemblyscript", "@bytecodealliance/jco", "@bytecodealliance/jco-transpile", "componentize-qjs"];
const C_FLAGS = ["--target=wasm32-wasi", "-mexec-model=reactor", "-O2", "-Wl,--strip-all"];

const built = new Map<GuestName, Promise<Uint8Array>>();

/** Why a guest cannot be built on this machine; null when it can. For `test.skipIf`, and for the line that says so. */
export function guestUnavailable(name: GuestName): string | null {
  if (name !== "c") return null;
  const clang = spawnSync("clang", ["--target=wasm32-wasi", "-mexec-model=reactor", "-xc", "-", "-o", "/dev/null"], {
    input: "#include <stdio.h>\nint used(void) { return puts(\"\"); }\n",
  });
  return clang.status === 0 ? null : "clang for wasm32-wasi is missing (clang lld wasi-libc libclang-rt-14-dev-wasm32)";
}

/** The component of a guest, with its manifest. Errors: what its compiler says; `guestUnavailable` says it beforehand. */
export function buildGuest(name: GuestName): Promise<Uint8Array> {
  const guest = built.get(name) ?? cached(name);
  built.set(name, guest);
  return guest;
}

async function cached(name: GuestName): Promise<Uint8Array> {
  const folders = [GUESTS, join(ROOT, "wit"), join(ROOT, "tools-wasm", "sdk")];
  const versions = await Promise.all(PACKAGES.map((item) => packageVersion(ROOT, item)));
  const clang = name === "c" ? String(spawnSync("clang", ["--version"]).stdout) : "";
  const path = join(CACHE, `${name}-${await digestOf(ROOT, folders, [...versions, clang])}.wasm`);
  const known = await readFile(path).catch(() => null);
  if (known !== null) return new Uint8Array(known);
  const component = await BUILDERS[name]();
  await mkdir(CACHE, { recursive: true });
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, component);
  await rename(temporary, path);
  return component;
}

const BUILDERS: Readonly<Record<GuestName, () => Promise<Uint8Array>>> = {
  hostile: () =>
    buildTool({
      root: ROOT,
      folder: join(GUESTS, "hostile"),
      world: "hostile-guest",
      wit: join(GUESTS, "hostile", "wit"),
      dependencies: [join(GUESTS, "deps"), join(ROOT, "wit", "deps")],
    }),
  javascript: async () => {
    const folder = join(GUESTS, "javascript");
    const { component } = await componentize({
      witPath: join(folder, "wit"),
      jsSource: await readFile(join(folder, "tool.js"), "utf8"),
      sync: true,
      stubWasi: true,
      optSize: true,
    });
    return embedManifest(new Uint8Array(component), await readFile(join(folder, "tool.yaml"), "utf8"));
  },
  http: () => buildHttpGuest(ROOT),
  c: async () => {
    const folder = join(GUESTS, "c");
    const [core, adapter, wit, manifest] = await Promise.all([
      compileC(join(folder, "tool.c")),
      readFile(ADAPTER),
      witText(join(folder, "wit"), []),
      readFile(join(folder, "tool.yaml"), "utf8"),
    ]);
    const adapters = [["wasi_snapshot_preview1", new Uint8Array(adapter)]] as const;
    return makeComponent({ core, wit, world: "c-tool", manifest, stringEncoding: "utf8", adapters });
  },
};

async function compileC(source: string): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), "glovebox-c-"));
  try {
    const output = join(folder, "core.wasm");
    await promisify(execFile)("clang", [...C_FLAGS, "-o", output, source]);
    return new Uint8Array(await readFile(output));
  } finally {
    await rm(folder, { recursive: true });
  }
}
