// Which names the actions of added tools may have: none of the standard library's, and none that a reader could take for another's.
// It must not know how tools are found or loaded.

import type { Action } from "./contract/types.ts";
import { GloveboxError } from "./errors.ts";

/** The WIT packages that are ours alone. */
const OURS = /^glovebox:std\//;

/** Letters and digits that look alike in some font; names are lower-case ASCII, so these are all. */
const LOOK_ALIKE: readonly (readonly [RegExp, string])[] = [
  [/_/g, ""],
  [/0/g, "o"],
  [/[1i]/g, "l"],
  [/5/g, "s"],
  [/rn/g, "m"],
  [/vv/g, "w"],
  [/cl/g, "d"],
];

/** What a name looks like at a glance: two names that give the same are confusable. */
export function skeleton(name: string): string {
  return LOOK_ALIKE.reduce((text, [pattern, letter]) => text.replace(pattern, letter), name);
}

/**
 * Checks the actions of the tools that were added to `standard` ones. A scope that grants `file.*` means the standard library:
 * so no other tool may offer a `file`, or a `fi1e`. Errors: TOOL_NAME_REFUSED, TOOL_DUPLICATE.
 */
export function checkToolNames(standard: readonly Action[], added: readonly Action[]): void {
  const taken = new Map<string, Action>();
  for (const action of standard) taken.set(skeleton(groupOf(action)), action);
  for (const action of added) {
    const other = taken.get(skeleton(groupOf(action)));
    if (other !== undefined) throw refused(action, other);
    if (OURS.test(action.export.interface ?? "")) throw impostor(action);
  }
  checkConfusable([...standard, ...added]);
}

/** Two tools must not differ by what only looks different. */
function checkConfusable(actions: readonly Action[]): void {
  const seen = new Map<string, Action>();
  for (const action of actions) {
    const key = skeleton(action.name);
    const other = seen.get(key);
    if (other !== undefined && other.name === action.name) throw duplicate(action, other);
    if (other !== undefined && other.tool.digest !== action.tool.digest) throw confusable(action, other);
    seen.set(key, action);
  }
}

/** `file` of `file.read`. */
function groupOf({ name }: Action): string {
  return name.slice(0, name.indexOf("."));
}

function who({ tool }: Action): string {
  return `${tool.name} (${tool.digest})`;
}

function refused(action: Action, other: Action): GloveboxError {
  const group = groupOf(other);
  if (action.name === other.name || groupOf(action) === group) {
    const message = `${who(action)} offers ${action.name}, but \`${group}\` is a name of the standard tools`;
    return new GloveboxError("TOOL_DUPLICATE", message, {
      hint: "rename the interface in its WIT: the names of the standard tools are taken",
      data: { action: action.name },
    });
  }
  return confusable(action, other);
}

function confusable(action: Action, other: Action): GloveboxError {
  const message = `${who(action)} offers ${action.name}, which can be taken for ${other.name} of ${who(other)}`;
  return new GloveboxError("TOOL_NAME_REFUSED", message, {
    hint: "rename the interface or the function in its WIT",
    data: { action: action.name, other: other.name },
  });
}

function impostor(action: Action): GloveboxError {
  const message = `${who(action)} says that ${action.name} is of the package glovebox:std, which is not its own`;
  return new GloveboxError("TOOL_NAME_REFUSED", message, {
    hint: "name the package in its WIT after who publishes it: `package acme:words@1.0.0;`",
    data: { action: action.name },
  });
}

function duplicate(action: Action, other: Action): GloveboxError {
  const message = `two tools offer the action ${action.name}: ${who(other)} and ${who(action)}`;
  return new GloveboxError("TOOL_DUPLICATE", message, {
    hint: "load only one of them; the names of the standard tools are taken",
    data: { action: action.name },
  });
}
