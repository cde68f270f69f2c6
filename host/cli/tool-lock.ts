// The lock of tools on the command line: printing one, and reading one. It must not know what is in it.

import { readFile } from "node:fs/promises";
import { GloveboxError, openGlovebox, type ToolLock } from "../index.ts";
import { safeJson } from "../telemetry/index.ts";
import { OK } from "./exit-codes.ts";
import type { Io } from "./io.ts";

/** Prints the lock that fits these tools as they are. */
export async function lockTools(tools: readonly string[], io: Io): Promise<number> {
  const glovebox = await openGlovebox({ workspace: ".", tools, executor: "inline" });
  io.out.write(`${safeJson(glovebox.toolLock, 2)}\n`);
  await glovebox.close();
  return OK;
}

/** The lock in a file, for `openGlovebox`, which checks it. Errors: FILE_UNREADABLE when there is no JSON. */
export async function readToolLock(file: string): Promise<ToolLock> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as ToolLock;
  } catch (cause) {
    const reason = cause instanceof SyntaxError ? "it is not JSON" : "there is no such file, or it cannot be read";
    throw new GloveboxError("FILE_UNREADABLE", `the lock of tools ${file} cannot be used: ${reason}`, {
      cause,
      hint: `glovebox tool lock TOOL.wasm > ${file}`,
    });
  }
}
