// Runs a transpiled command on preview2-shim over a real directory: the other host that programs are compared with.
// Usage: node run-shim.ts GLUE_DIRECTORY WORK_DIRECTORY ENVIRONMENT_JSON ARGUMENT...; its streams and status are the program's.

import { WASIShim } from "@bytecodealliance/preview2-shim/instantiation";
import { instantiate } from "../support/components.ts";

const [glue = "", work = "", environment = "{}", ...args] = process.argv.slice(2);
const shim = new WASIShim({
  sandbox: { preopens: { "/": work }, env: JSON.parse(environment), args, enableNetwork: false },
});
const program = await instantiate(glue, shim.getImportObject());
try {
  program.run?.run?.();
} catch (thrown) {
  // A payload is `err` of run's result, which is status 1; an Error is a trap.
  process.exitCode = thrown instanceof Error ? 134 : 1;
}
