// Saboteurs: one sync taken out, two steps swapped, a check skipped. Each must be noticed by the crash explorer or a refusal.

export interface Mutant {
  readonly name: string;
  /** Below sandbox-fs/. */
  readonly file: string;
  /** Found once in the file, and replaced. */
  readonly from: string;
  readonly to: string;
}

const commit = "commit/commit.ts";
const apply = "commit/apply.ts";
const undo = "commit/undo.ts";
const settle = "commit/settle.ts";
const stage = "commit/stage.ts";
const check = "commit/check.ts";

export const MUTANTS: readonly Mutant[] = [
  { name: "staged files are not synced", file: stage, from: "if (this.#isDurable) file.sync();", to: "" },
  { name: "the journal is not synced", file: commit, from: "if (isDurable) file.sync();", to: "" },
  {
    name: "the journal is named before what it needs is durable",
    file: commit,
    from: "if (this.#isDurable) fs.syncDirectory(transaction);",
    to: "",
  },
  {
    name: "the journal's name is not synced",
    file: commit,
    from: "for (const directory of [transaction, state, fs.root])",
    to: "for (const directory of [state, fs.root])",
  },
  {
    name: "the private directory's name is not synced",
    file: commit,
    from: "for (const directory of [transaction, state, fs.root])",
    to: "for (const directory of [transaction, state])",
  },
  { name: "waves are not synced", file: apply, from: "if (isDurable) syncWave(workspace, wave);", to: "" },
  {
    name: "the directories of the tree are not synced",
    file: apply,
    from: "if (directory !== null) fs.syncDirectory(directory);",
    to: "if (directory === null) return;",
  },
  {
    name: "slots are not synced",
    file: apply,
    from: `if (wave.some((step) => "slot" in step)) fs.syncDirectory(workspace.slots);`,
    to: "",
  },
  {
    name: "metadata is not synced",
    file: apply,
    from: "metadataChange(step, isDurable)",
    to: "metadataChange(step, false)",
  },
  {
    name: "garbage is not synced before it is deleted",
    file: settle,
    from: "    if (isDurable) fs.syncDirectory(state);\n",
    to: "",
  },
  {
    name: "the root's time is not restored",
    file: settle,
    from: "  removeAll(fs, fs.root, name);\n",
    to: "  removeAll(fs, fs.root, name);\n  if (isDurable) return;\n",
  },
  {
    name: "nothing is saved before it is replaced",
    file: apply,
    from: "fs.link(directory, at.name, slots, String(step.slot));",
    to: "",
  },
  {
    name: "undone steps are not synced",
    file: undo,
    from: "    if (isDurable) syncWave(workspace, wave);\n  }\n  undo.times();",
    to: "  }\n  undo.times();",
  },
  {
    name: "steps are undone in their own order",
    file: undo,
    from: "wavesOf(journal.steps).reverse()",
    to: "wavesOf(journal.steps)",
  },
  { name: "times are not restored", file: undo, from: "  undo.times();\n", to: "" },
  { name: "modes are not restored", file: undo, from: "  undo.modes();\n", to: "" },
  {
    name: "recovery does not undo",
    file: "commit/recover.ts",
    from: "undoSteps(workspace, journal, true);",
    to: "workspace.locate(0);",
  },
  {
    name: "undo tells by existence, not by identity",
    file: undo,
    from: "else if (now?.inode === step.inode) this.#takeOut",
    to: "else if (now !== null) this.#takeOut",
  },
  {
    name: "detaching comes after attaching",
    file: "commit/plan.ts",
    from: "const attachFrom = planDetach(draft, 1);",
    to: "const attachFrom = 1; planDetach(draft, 50);",
  },
  {
    name: "the commit's truth is not synced",
    file: commit,
    from: "if (this.#isDurable) this.#fs.syncDirectory(this.#fs.root);",
    to: "",
  },
  {
    name: "the commit becomes true before its steps",
    file: commit,
    from: "      applySteps(workspace, journal.steps, this.#isDurable, (step) => stepPath(this.#plan, step));\n",
    to: "      this.#fs.rename(this.#fs.root, this.#name, this.#fs.root, this.#finalName);\n      applySteps(workspace, journal.steps, this.#isDurable, String);\n      if (this.#isDurable) return;\n",
  },
  {
    name: "recovery undoes what is true",
    file: "commit/recover.ts",
    from: "if (parsed.isFinished) fs.syncDirectory(fs.root);\n    else undo(fs, state, hash);",
    to: "undo(fs, state, hash);",
  },
  {
    name: "recovery deletes before the truth that it saw is durable",
    file: "commit/recover.ts",
    from: "if (parsed.isFinished) fs.syncDirectory(fs.root);\n    else undo(fs, state, hash);",
    to: "if (!parsed.isFinished) undo(fs, state, hash);",
  },
  {
    name: "the base is not compared with what was seen",
    file: check,
    from: `if (code !== null) yield { code, path: node.origin?.path ?? "" };`,
    to: "",
  },
  {
    name: "new names are not looked at",
    file: check,
    from: "if (this.#walk.facts(basePath) !== null) yield",
    to: "if (basePath === path + path) yield",
  },
  {
    name: "an entry counts as the same when its version differs",
    file: check,
    from: "now.identity === before.identity && now.version === before.version",
    to: "now.identity === before.identity",
  },
  {
    name: "another directory of the same name counts as the same",
    file: check,
    from: `facts?.type !== "directory" || facts.identity !== origin.facts.identity`,
    to: `facts?.type !== "directory"`,
  },
  {
    name: "what others put into a removed directory is not looked at",
    file: check,
    from: "if (node.paths.length > 0 || isRoot(node)) return null;",
    to: "if (node.paths.length >= 0) return null;",
  },
  {
    name: "what was read is not looked at",
    file: check,
    from: "return this.#stillHolds(seen, path) ? []",
    to: 'return this.#stillHolds(seen, path) || path !== "" ? []',
  },
  { name: "mount points are not looked at", file: check, from: "fs.mounts?.() ?? []", to: "[]" },
  {
    name: "the journal gets its name without a hard link",
    file: commit,
    from: "    nameJournal(fs, transaction);\n",
    to: `    if (String(nameJournal) !== "") fs.rename(transaction, \`\${JOURNAL}.tmp\`, transaction, JOURNAL);\n`,
  },
  {
    name: "garbage is deleted under its old name",
    file: settle,
    from: "    fs.rename(state, TRANSACTION, state, GARBAGE);\n",
    to: "",
  },
];
