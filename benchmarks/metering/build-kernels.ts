// Builds the kernels of the metering benchmark and corpus: C with clang, AssemblyScript with asc.
// Run it by hand after changing a kernel; the results are checked in, so that nobody else needs clang.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const here = (name: string): string => fileURLToPath(new URL(`kernels/${name}`, import.meta.url));
const asc: string = fileURLToPath(import.meta.resolve("assemblyscript/asc")).replace(/dist\/asc\.js$/, "bin/asc.js");

// clang runs any wasm-opt that it finds on the PATH: then the kernels would depend on what else is installed
const environment = { PATH: "/usr/bin:/bin" };
execFileSync(
  "clang",
  [
    ..."--target=wasm32 -O3 -nostdlib -mbulk-memory -fno-builtin -Wl,--no-entry -Wl,-z,stack-size=65536 -o".split(" "),
    here("kernels-c.wasm"),
    here("kernels.c"),
  ],
  { env: environment },
);
const flags: string[] = "-O3 --runtime incremental --use abort= -o".split(" ");
execFileSync(process.execPath, [asc, here("kernels.as.ts"), ...flags, here("kernels-as.wasm")]);
