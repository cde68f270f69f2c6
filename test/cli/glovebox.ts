// Runs the command line: built and in a process of its own, as a person would, or in this process.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { main } from "../../host/cli/main.ts";
import { createView } from "../../host/cli/render/view.ts";

export const projectRoot: string = join(import.meta.dirname, "../..");

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** Starts it; colours and widths are those of an output that is no terminal. */
export function start(
  args: readonly string[],
  options: {
    readonly cwd?: string;
    readonly env?: NodeJS.ProcessEnv;
    readonly detached?: boolean;
    readonly uid?: number;
  } = {},
): Running {
  const child = spawn(process.execPath, [join(projectRoot, "bin/glovebox.js"), ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    cwd: options.cwd ?? projectRoot,
    env: { ...process.env, NO_COLOR: "1", ...options.env },
    detached: options.detached ?? false,
    ...(options.uid === undefined ? {} : { uid: options.uid }),
  });
  const texts = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    texts.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    texts.stderr += text;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, ...texts }));
  });
  return { child, ended };
}

/** Runs it to its end. */
export function glovebox(args: readonly string[], options: Parameters<typeof start>[1] = {}): Promise<Ended> {
  return start(args, options).ended;
}

/** Runs it to its end in this process, which is quicker. */
export async function inProcess(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const texts = { stdout: "", stderr: "" };
  const output = (name: keyof typeof texts) => ({
    view: createView(120, false),
    isTerminal: false,
    write: (text: string) => {
      texts[name] += text;
    },
  });
  const code = await main(args, {
    out: output("stdout"),
    err: output("stderr"),
    environment,
    now: () => "2026-11-22T00:00:00.000Z",
    onInterrupt: () => () => undefined,
  });
  return { code, ...texts };
}

/** A directory that is gone after the test, with these files. */
export function directoryWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "glovebox-cli-")));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content);
  return directory;
}
