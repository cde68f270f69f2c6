// Builds the guest that sends HTTP requests. Knows nothing of the host that will run it.

import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { componentize } from "componentize-qjs";
import { embedManifest } from "../../../tools-wasm/sdk/manifest.ts";

const FOLDER = import.meta.dirname;
const PACKAGES = ["io", "clocks", "random", "cli", "filesystem", "sockets", "http"];
/** A version that the tool's own engine does not use, so that its interfaces stay apart from those of the tool. */
const VERSION = "0.2.11";

/**
 * The component. componentize-qjs runs the script once while it builds, and cannot stand in for wasi:http then; so the script is built against
 * packages of another name, as long as `wasi`, and the component gets the real one afterwards.
 */
export async function buildHttpGuest(root: string): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), "glovebox-http-"));
  try {
    await cp(join(FOLDER, "wit"), folder, { recursive: true });
    const wasi = join(root, "node_modules/@bytecodealliance/jco/lib/wit/builtin/0.2.12");
    for (const name of PACKAGES) await cp(join(wasi, `wasi-${name}`), join(folder, "deps", name), { recursive: true });
    const files = await readdir(folder, { recursive: true });
    for (const file of files.filter((name) => name.endsWith(".wit"))) await edit(join(folder, file), rename);
    const source = rename(await readFile(join(FOLDER, "tool.js"), "utf8"));
    const options = { witPath: folder, jsSource: source, sync: true, stubWasi: true, optSize: true };
    const { component } = await componentize(options);
    return embedManifest(restored(component), await readFile(join(FOLDER, "tool.yaml"), "utf8"));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function rename(text: string): string {
  return text.replaceAll("wasi:", "wasx:").replaceAll("0.2.12", VERSION);
}

async function edit(path: string, change: (text: string) => string): Promise<void> {
  await writeFile(path, change(await readFile(path, "utf8")));
}

function restored(component: Uint8Array): Uint8Array {
  const bytes = Buffer.from(component);
  for (let at = bytes.indexOf("wasx:"); at >= 0; at = bytes.indexOf("wasx:", at)) bytes.write("wasi:", at);
  return new Uint8Array(bytes);
}
