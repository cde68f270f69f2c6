// Which part of a tree exists for a view, and what may be written there: rules by path, the nearest one counts.
// It must not know nodes: a cursor walks along with whoever resolves a path.

import { FsError } from "./errors.ts";
import { isEntryName } from "./names.ts";
import type { Rule } from "./types.ts";

export type Access = Rule["access"];

interface RuleNode {
  access: Access | null;
  readonly children: Map<string, RuleNode>;
}

/** What a view may do at one place of the tree. */
export class Cursor {
  readonly #rules: RuleNode | null;
  readonly #inherited: Access | null;
  readonly #outer: Cursor | null;
  /** Null: exists only as the way to something that is granted. */
  readonly access: Access | null;

  private constructor(rules: RuleNode | null, inherited: Access | null, outer: Cursor | null) {
    this.#rules = rules;
    this.#outer = outer;
    const own = rules?.access ?? inherited;
    this.access = outer === null ? own : narrower(own, outer.access);
    this.#inherited = own;
  }

  /** Everything, to be written. */
  static readonly all: Cursor = new Cursor(null, "write", null);

  /** These rules within what `outer` allows. EINVAL when a path is not relative and normal. */
  static of(rules: readonly Rule[], outer: Cursor): Cursor {
    const root: RuleNode = { access: null, children: new Map() };
    for (const rule of rules) addRule(root, rule);
    return new Cursor(root, null, outer === Cursor.all ? null : outer);
  }

  /** The cursor of a name in this directory; null when there is nothing there for this view. */
  descend(name: string): Cursor | null {
    if (this.#rules === null && this.#outer === null) return this;
    const rules = this.#rules?.children.get(name) ?? null;
    const outer = this.#outer === null ? null : this.#outer.descend(name);
    if (this.#outer !== null && outer === null) return null;
    if (rules === null && this.#inherited === null) return null;
    if (rules === null && outer === null && this.#inherited === "write") return Cursor.all;
    return new Cursor(rules, this.#inherited, outer);
  }

  /** True when other rules apply to something below: such a directory keeps its place, as a mount point does. */
  get hasRulesBelow(): boolean {
    return (this.#rules !== null && this.#rules.children.size > 0) || (this.#outer?.hasRulesBelow ?? false);
  }
}

function narrower(a: Access | null, b: Access | null): Access | null {
  if (a === null || b === null) return null;
  return a === "read" ? a : b;
}

function addRule(root: RuleNode, { path, access }: Rule): void {
  const names = path === "" || path === "." ? [] : path.split("/");
  let node = root;
  for (const name of names) {
    if (!isEntryName(name)) throw new FsError("EINVAL", "grant", { path });
    let next = node.children.get(name);
    if (next === undefined) {
      next = { access: null, children: new Map() };
      node.children.set(name, next);
    }
    node = next;
  }
  node.access = node.access === "read" ? "read" : access;
}
