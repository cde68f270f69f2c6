// What a person has seen of each added tool, kept: another digest is another tool, and the difference is told before anything runs.
// It must not know where a lock is kept, nor how tools are loaded.

import { z } from "zod";
import type { ImportedInterface } from "./component/contract.ts";
import { printAction, printType } from "./contract/print.ts";
import type { Action, ToolIdentity } from "./contract/types.ts";
import { GloveboxError } from "./errors.ts";

/** One tool as it was when it was locked. */
export interface LockedTool {
  readonly digest: string;
  /** Each action as a line: its signature, its failures, its effect, and what it does with paths and URLs. */
  readonly actions: Readonly<Record<string, string>>;
  /** The interfaces that it imports functions of, without versions. */
  readonly needs: readonly string[];
}

/** The tools that may be added, by publisher and name: `acme/words`. It is data: keep it in a file beside the scopes. */
export interface ToolLock {
  readonly tools: Readonly<Record<string, LockedTool>>;
}

/** What is known of a loaded tool. */
interface Lockable {
  readonly identity: ToolIdentity;
  readonly actions: readonly Action[];
  readonly imports: readonly ImportedInterface[];
}

const MOST_ENTRIES = 10_000;

const lockSchema = z.strictObject({
  tools: z.record(
    z.string(),
    z.strictObject({
      digest: z.string(),
      actions: z.record(z.string(), z.string()),
      needs: z.array(z.string()).max(MOST_ENTRIES),
    }),
  ),
});

/** Checks the value of a lock. Errors: USAGE_INVALID. */
export function parseToolLock(value: unknown): ToolLock {
  const parsed = lockSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const message = `the lock of tools is not valid: ${issue?.path.join("/") ?? ""}: ${issue?.message ?? ""}`;
  throw new GloveboxError("USAGE_INVALID", message, { hint: "write it anew from tools that you have looked at" });
}

/** The lock that tools fit as they are, sorted by name. */
export function lockOf(tools: readonly Lockable[]): ToolLock {
  const entries = tools.map((tool): [string, LockedTool] => [lockName(tool), lockedTool(tool)]);
  return { tools: Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))) };
}

/** `acme/words`: two publishers may have a tool of one name. */
function lockName({ identity, actions: [first] }: Lockable): string {
  return first === undefined ? identity.name : `${first.name.slice(0, first.name.indexOf("/") + 1)}${identity.name}`;
}

function lockedTool({ identity, actions, imports }: Lockable): LockedTool {
  const needs = imports.filter(({ functions }) => functions.length > 0).map(({ name }) => name.replace(/@.*$/, ""));
  return {
    digest: identity.digest,
    actions: Object.fromEntries(actions.map((action) => [action.name, describe(action)])),
    needs: [...new Set(needs)].sort(),
  };
}

/** All of an action that a plan or a scope may depend on, types written out. */
function describe(action: Action): string {
  const { effect, idempotent, uncertain = [], paths, urls, parameters, output, error } = action;
  const shapes = [...parameters.map(({ type }) => type), output, error].flatMap((type) =>
    type === null ? [] : [JSON.stringify(type) === `{"kind":"${type.kind}"}` ? printType(type) : JSON.stringify(type)],
  );
  const uses = [
    ...Object.entries(paths).map(([name, access]) => `${access}s ${name}`),
    ...urls.map((name) => `fetches ${name}`),
    ...uncertain.map((name) => `uncertain after ${name}`),
  ];
  return [printAction(action), effect, ...(idempotent ? ["idempotent"] : []), ...uses, ...shapes].join(" · ");
}

/** Holds tools against a lock. Errors: TOOL_CHANGED, whose `data.changes` say what is different in contract and needs. */
export function checkToolLock(lock: ToolLock, tools: readonly Lockable[]): void {
  for (const tool of tools) {
    const { digest } = tool.identity;
    const name = lockName(tool);
    const before = Object.hasOwn(lock.tools, name) ? lock.tools[name] : undefined;
    if (before === undefined) throw changed(`the tool ${name} (${digest}) is not in the lock of tools`, []);
    if (before.digest === digest) continue;
    const changes = differences(before, lockedTool(tool));
    const what = changes.length === 0 ? "its contract and its needs are the same" : changes.join("; ");
    throw changed(`the tool ${name} is another one: ${digest} instead of ${before.digest}; ${what}`, changes);
  }
}

function changed(message: string, changes: readonly string[]): GloveboxError {
  return new GloveboxError("TOOL_CHANGED", message, {
    hint: "look at it with `glovebox tool inspect`, and lock it anew if it is what you want",
    data: { changes },
  });
}

/** What is different, one line each. */
export function differences(before: LockedTool, after: LockedTool): readonly string[] {
  const names = [...new Set([...Object.keys(before.actions), ...Object.keys(after.actions)])].sort();
  const actions = names.flatMap((name) => {
    const [was, is] = [before.actions[name], after.actions[name]];
    if (was === is) return [];
    if (was === undefined) return [`new action: ${is}`];
    return is === undefined ? [`action gone: ${name}`] : [`action changed: ${was} => ${is}`];
  });
  const more = after.needs.filter((one) => !before.needs.includes(one)).map((one) => `now needs ${one}`);
  const less = before.needs.filter((one) => !after.needs.includes(one)).map((one) => `no longer needs ${one}`);
  return [...actions, ...more, ...less];
}
