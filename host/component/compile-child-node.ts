// The child process that admits and compiles one component, answers, and ends.
// It must not know caches. Node only.

import { asGloveboxError } from "../errors.ts";
import type { CompileAnswer, CompileRequest } from "./compile-node.ts";
import { buildEntry } from "./tool-entry.ts";

async function answerTo({ component, ...options }: CompileRequest): Promise<CompileAnswer> {
  try {
    return { entry: await buildEntry(component, options) };
  } catch (thrown) {
    return { error: asGloveboxError(thrown, "COMPONENT_COMPILE_FAILED", "the component cannot be compiled").toJSON() };
  }
}

process.once("message", async (request) => {
  process.send?.(await answerTo(request as CompileRequest));
});
// The parent ends this process once it has the answer; without a parent there is nobody to answer to.
process.once("disconnect", () => process.exit(0));
