// Under which names the actions of added tools go: after their publisher, and none that a reader could take for another's.
// It must not know how tools are found or loaded.

import type { Action } from "./contract/types.ts";
import { GloveboxError } from "./errors.ts";

/** The WIT namespace that is ours: its actions have no publisher before their name. */
const OURS = "glovebox";

/** Who publishes functions that no package of an author's names: those of a world itself, and programs. */
const UNNAMED = "local";

/** Letters and digits that look alike in some font; names are lower-case ASCII, so these are all. */
const LOOK_ALIKE: readonly (readonly [RegExp, string])[] = [
  [/[_-]/g, ""],
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
 * The tool with its actions under the names that plans and scopes use: `acme/words.slug` for the `words` of the WIT package `acme:tools`,
 * `local/...` where the WIT names no publisher, and `file.read` for `glovebox:std`, which `checkToolNames` refuses of added tools.
 * A compensation in its manifest means the tool's own action where it has one of that name.
 */
export function published<Tool extends { readonly actions: readonly Action[] }>(tool: Tool): Tool {
  const names = new Map(tool.actions.map((action) => [action.name, fullName(action)]));
  const actions = tool.actions.map((action) => {
    const { compensate } = action;
    const undo = compensate === null ? null : names.get(compensate.action);
    return {
      ...action,
      name: fullName(action),
      compensate: compensate === null ? null : { ...compensate, action: undo ?? compensate.action },
    };
  });
  return { ...tool, actions };
}

function fullName(action: Action): string {
  const publisher = publisherOf(action);
  return publisher === OURS ? action.name : `${publisher}/${action.name}`;
}

/** `acme` of `acme:tools/words@0.1.0`. What WASI names, no publisher has made his own. */
function publisherOf({ export: { interface: owner } }: Action): string {
  const namespace = owner?.includes(":") === true ? owner.slice(0, owner.indexOf(":")) : UNNAMED;
  return namespace === "wasi" ? UNNAMED : namespace;
}

/**
 * Checks the names of the tools that were added to `standard` ones: a scope that grants `file.*` means the standard library, one that grants
 * `acme/*` means acme, and neither a name that only looks the same. Errors: TOOL_NAME_REFUSED, TOOL_DUPLICATE.
 */
export function checkToolNames(standard: readonly Action[], added: readonly Action[]): void {
  const groups = new Set(standard.map(({ name }) => name.slice(0, name.indexOf("."))));
  const publishers = new Map([OURS, UNNAMED, ...groups].map((name) => [skeleton(name), name]));
  for (const action of added) {
    const publisher = publisherOf(action);
    if (publisher === OURS) throw impostor(action);
    const other = publishers.get(skeleton(publisher));
    if (other !== undefined && (other !== publisher || groups.has(publisher))) throw alike(action, publisher, other);
    publishers.set(skeleton(publisher), publisher);
  }
  checkConfusable(added);
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

function who({ tool }: Action): string {
  return `${tool.name} (${tool.digest})`;
}

function alike(action: Action, publisher: string, other: string): GloveboxError {
  const message = `${who(action)} offers ${action.name}, whose publisher ${publisher} can be taken for ${other}`;
  return new GloveboxError("TOOL_NAME_REFUSED", message, {
    hint: "name the package in its WIT after who publishes it, and like no other: `package acme:words@1.0.0;`",
    data: { action: action.name, other },
  });
}

function confusable(action: Action, other: Action): GloveboxError {
  const message = `${who(action)} offers ${action.name}, which can be taken for ${other.name} of ${who(other)}`;
  return new GloveboxError("TOOL_NAME_REFUSED", message, {
    hint: "rename the interface or the function in its WIT",
    data: { action: action.name, other: other.name },
  });
}

function impostor(action: Action): GloveboxError {
  const message = `${who(action)} offers ${action.name} of ${action.export.interface}, and packages of ${OURS}: are the standard tools' alone`;
  return new GloveboxError("TOOL_NAME_REFUSED", message, {
    hint: "name the package in its WIT after who publishes it: `package acme:words@1.0.0;`",
    data: { action: action.name },
  });
}

function duplicate(action: Action, other: Action): GloveboxError {
  const message = `two tools offer the action ${action.name}: ${who(other)} and ${who(action)}`;
  return new GloveboxError("TOOL_DUPLICATE", message, {
    hint: "load only one of them, or rename the interface or the function in the WIT of one",
    data: { action: action.name },
  });
}
