// Actions as tools would export them: enough of every kind of type, effect and role for plans to go wrong with.

import { createHash } from "node:crypto";
import type { Action, WitType } from "../../../host/contract/types.ts";

const string: WitType = { kind: "string" };
const u32: WitType = { kind: "u32" };
const u64: WitType = { kind: "u64" };
const list = (element: WitType): WitType => ({ kind: "list", element });
const option = (value: WitType): WitType => ({ kind: "option", value });
const record = (name: string, fields: Record<string, WitType>): WitType => ({
  kind: "record",
  name,
  fields: Object.entries(fields).map(([field, type]) => ({ name: field, type })),
});

const failure: WitType = {
  kind: "variant",
  name: "file-error",
  cases: [
    { name: "not-found", type: string },
    { name: "busy", type: null },
  ],
};

function action(name: string, parameters: Record<string, WitType>, rest: Partial<Action> = {}): Action {
  return {
    name,
    tool: { name: name.split(".")[0] ?? name, digest: `sha256:${"0".repeat(64)}` },
    export: { interface: null, function: name },
    parameters: Object.entries(parameters).map(([parameter, type]) => ({ name: parameter, type })),
    output: null,
    error: failure,
    fallible: true,
    effect: "pure",
    idempotent: true,
    pipe: null,
    paths: {},
    urls: [],
    fuel: null,
    maxExecutionSeconds: null,
    compensate: null,
    title: null,
    description: null,
    ...rest,
  };
}

const line = record("line", { number: u32, text: string, matched: { kind: "bool" } });
const entry = record("entry", { name: string, size: u64, link: option(record("target", { path: string })) });
const opened = record("ticket", { id: string, "queue-number": u32, labels: list(string) });
const variant: WitType = {
  kind: "variant",
  name: "answer",
  cases: [
    { name: "text", type: string },
    { name: "none", type: null },
  ],
};

export const ACTIONS: readonly Action[] = [
  action(
    "file.read",
    { path: string, lines: option(u32) },
    { output: list(string), effect: "read", paths: { path: "read" } },
  ),
  action("file.write", { path: string, text: string }, { effect: "reversible", paths: { path: "write" } }),
  action("file.list", { path: string }, { output: list(entry), effect: "read", paths: { path: "read" } }),
  action("file.remove", { path: string }, { effect: "reversible", paths: { path: "write" } }),
  action(
    "process.filter",
    { text: list(string), pattern: string, context_lines: option(u32) },
    { output: list(line), pipe: "text" },
  ),
  action("process.count", { text: list(string) }, { output: u64, pipe: "text", fallible: false, error: null }),
  action("process.take", { text: list(string), count: u32 }, { output: list(string), pipe: "text" }),
  action("process.join", { text: list(string) }, { output: string, pipe: "text" }),
  action("process.guess", { text: string }, { output: variant, idempotent: false, pipe: "text" }),
  action("process.mode", {
    level: { kind: "enum", name: "level", cases: ["debug", "very-loud"] },
    options: option(record("options", { retries: u32, tags: list(string) })),
  }),
  action("http.get", { url: string }, { output: string, effect: "read", urls: ["url"] }),
  action("mail.send", { to: string, text: string }, { effect: "irreversible", idempotent: false }),
  action(
    "ticket.open",
    { title: string },
    {
      output: opened,
      effect: "compensable",
      idempotent: false,
      compensate: { action: "ticket.close", params: { id: `\${{ step.output.id }}` } },
    },
  ),
  action("ticket.close", { id: string }, { effect: "compensable" }),
  action("ticket.label", { id: string, label: string }, { effect: "compensable", idempotent: false }),
];

export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
