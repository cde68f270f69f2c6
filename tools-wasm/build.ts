// Builds the standard tools into `dist/tools/`, those whose inputs have changed. Run by `npm run build`.
// Knows nothing of the host that will run them.

import { createHash } from "node:crypto";
import { cp, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ToolSource } from "./sdk/build.ts";
import { digestOf, packageVersion } from "./sdk/digest.ts";

const TOOLS = ["file", "process", "text", "json", "config", "archive", "http", "package"];

/** Where the sources of a standard tool are, for the checkout at `root`. */
export function standardTool(root: string, name: string): ToolSource {
  const wit = join(root, "wit");
  return {
    root,
    folder: join(root, "tools-wasm", name),
    world: `${name}-tool`,
    wit,
    dependencies: [join(wit, "deps")],
  };
}

/** Builds every standard tool that is not up to date; returns the names of those that were built. */
export async function buildStandardTools(root: string): Promise<string[]> {
  const inputs = await digestOf(root, [join(root, "wit"), join(root, "tools-wasm")], await toolchain(root));
  const built: string[] = [];
  for (const name of TOOLS) {
    const output = join(root, "dist", "tools", `${name}.wasm`);
    const stamp = join(root, "node_modules", ".cache", "glovebox", `${name}.stamp`);
    if (await isCurrent(stamp, inputs, output)) continue;
    // Imported late: the compilers take longer to load than to find out that they are not needed.
    const { buildTool } = await import("./sdk/build.ts");
    const component = await buildTool(standardTool(root, name));
    await replace(output, component);
    await replace(stamp, `${inputs} ${sha256(component)}`);
    built.push(name);
  }
  return built;
}

/** What the SDK gives to the programs that it builds is no TypeScript: it goes into the package as it is. */
export async function copySdkRuntime(root: string): Promise<void> {
  const [from, to] = [join(root, "tools-wasm/sdk/assembly"), join(root, "dist/tools-wasm/sdk/assembly")];
  await cp(from, to, { recursive: true });
}

async function toolchain(root: string): Promise<string[]> {
  const packages = ["assemblyscript", "@bytecodealliance/jco-transpile"];
  return Promise.all(packages.map((name) => packageVersion(root, name)));
}

async function isCurrent(stamp: string, inputs: string, output: string): Promise<boolean> {
  const [was, bytes] = await Promise.all([readFile(stamp, "utf8").catch(() => ""), readFile(output).catch(() => null)]);
  return bytes !== null && was === `${inputs} ${sha256(bytes)}`;
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Two builds at the same time leave a whole file, whichever is last. */
async function replace(path: string, content: Uint8Array | string): Promise<void> {
  await mkdir(join(path, ".."), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, content);
  await rename(temporary, path);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = join(import.meta.dirname, "..");
  await copySdkRuntime(root);
  await buildStandardTools(root);
}
