// AssemblyScript sources -> one core module, ready to become a component.
// Knows nothing of WIT, manifests or which tools there are.

import { relative } from "node:path";
import { type APIOptions, main } from "assemblyscript/asc";
import { exportTransform } from "./exported.ts";

/** One arena that `cabi_post_...` resets, no traces of the machine, the same bytes every time. */
const OPTIONS: readonly string[] = [
  ...["--runtime", "stub"],
  ...["--enable", "simd"],
  ...["--use", "abort="],
  ...["--optimizeLevel", "3"],
  ...["--shrinkLevel", "1"],
  "--converge",
];

/**
 * Compiles the program whose entry is `entry`, with imports that may reach anywhere under `root`.
 * Errors: a plain `Error` with the compiler's diagnostics.
 */
export async function compileAssemblyScript(root: string, entry: string): Promise<Uint8Array> {
  const written = new Map<string, Uint8Array>();
  const options = {
    transforms: [exportTransform()],
    writeFile: (name: string, contents: Uint8Array) => void written.set(name, contents),
  } as unknown as APIOptions;
  const argv = [relative(root, entry), "--baseDir", root, "--outFile", "tool.wasm", ...OPTIONS];
  const { error, stderr } = await main(argv, options);
  if (error) throw new Error(`${entry} does not compile: ${error.message}\n${stderr.toString()}`);
  const core = written.get("tool.wasm");
  if (core === undefined) throw new Error(`${entry}: the compiler wrote nothing`);
  return core;
}
