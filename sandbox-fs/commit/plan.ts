// From a changeset to the plan of its commit: what is saved, taken out, put in, and set, in which order.
// It must not touch the host.

import type { BaseEntry } from "../base.ts";
import type { ChangedNode, Changeset, FurtherName } from "../changeset.ts";
import { compareNames, joinPath } from "../names.ts";
import { Draft, isRoot, namesOf, parentPath } from "./draft.ts";
import type { CommitPlan, EntryPlace } from "./plan-types.ts";

export function planOf(changeset: Changeset): CommitPlan {
  const nodes = changeset.nodes.map(breakingLinks);
  const draft = new Draft(nodes);
  planReplace(draft);
  const attachFrom = planDetach(draft, 1);
  const metadataFrom = planAttach(draft, attachFrom);
  planMetadata(draft, metadataFrom);
  const root = nodes.find(isRoot);
  return {
    directories: draft.directories(),
    staged: draft.staged,
    steps: draft.steps.toSorted((a, b) => a.wave - b.wave),
    nodes,
    rootMtimeNs: root?.timesChanged === true ? root.mtimeNs : null,
    notes: nodes
      .filter(breaksLinks)
      .map(({ paths }) => `${paths[0]}: is a file of its own now; its other hard links keep what they had`),
  };
}

/** The path that a step is about: what leaves its place has the one of before, all else the one of after. */
export function stepPath({ steps, directories }: CommitPlan, number: number): string {
  const step = steps[number];
  if (step === undefined) return "";
  if (step.op === "save" || step.op === "detach" || step.op === "replace") return step.entry.path;
  const node = directories[step.at.directory]?.node;
  const directory = node?.paths[0] ?? node?.origin?.path ?? "";
  return step.at.name === "." ? directory : joinPath(directory, step.at.name);
}

/** New content in the same place: first all old objects get a second name, in wave 0; later they are replaced. */
function planReplace(draft: Draft): void {
  for (const node of draft.nodes) {
    if (node.content === null) continue;
    for (const { entry, inPlace } of namesOf(node)) {
      const slot = inPlace ? draft.slotFor(entry) : -1;
      if (inPlace) draft.steps.push({ op: "save", wave: 0, at: draft.basePlace(entry.path), slot, entry });
    }
  }
}

/** Everything that leaves its place goes into a slot: what lies deeper first. Returns the first free wave. */
function planDetach(draft: Draft, firstWave: number): number {
  const leaving = draft.nodes.flatMap((node) => namesOf(node).filter((name) => isDetached(draft, node, name)));
  const byPath = new Map(leaving.map(({ entry }) => [entry.path, entry]));
  const waves = new Map<BaseEntry, number>();
  leaving.sort((a, b) => depthOf(b.entry.path) - depthOf(a.entry.path));
  let next = firstWave;
  for (const { entry } of leaving) {
    const wave = waves.get(entry) ?? firstWave;
    draft.steps.push({ op: "detach", wave, at: draft.basePlace(entry.path), slot: draft.slotFor(entry), entry });
    next = Math.max(next, wave + 1);
    for (let above = parentPath(entry.path); above !== ""; above = parentPath(above)) {
      const directory = byPath.get(above);
      if (directory !== undefined) waves.set(directory, Math.max(waves.get(directory) ?? 0, wave + 1));
    }
  }
  return next;
}

/** What goes with a directory that goes is not taken out by itself, unless it is to be put elsewhere. */
function isDetached(draft: Draft, { origin, paths, content }: ChangedNode, { entry, inPlace }: FurtherName): boolean {
  if (inPlace) return false;
  const directory = draft.baseDirectory(parentPath(entry.path));
  const isKept = entry === origin && paths.length > 0 && content === null;
  return isKept || directory === undefined || directory.paths.length > 0;
}

/** Everything that gets a place: what lies higher first. Returns the first free wave. */
function planAttach(draft: Draft, firstWave: number): number {
  const attached = draft.nodes.flatMap((node) => {
    const main = firstByDepth(node.gained);
    return node.gained.map((path) => ({ node, path, main }));
  });
  attached.sort((a, b) => depthOf(a.path) - depthOf(b.path) || compareNames(a.path, b.path));
  const waves = new Map<ChangedNode, number>();
  let next = firstWave;
  for (const { node, path, main } of attached) {
    const directory = draft.finalDirectory(parentPath(path));
    const afterDirectory = (directory === undefined ? undefined : waves.get(directory)) ?? firstWave;
    const wave = path === main ? afterDirectory : Math.max(afterDirectory, waves.get(node) ?? firstWave);
    if (path === main) waves.set(node, wave + 1);
    attach(draft, node, path, main, wave);
    next = Math.max(next, wave + 1);
  }
  for (const node of draft.nodes) if (isReplaced(node)) next = Math.max(next, replace(draft, node, firstWave) + 1);
  return next;
}

/** Plans one place of a node: its main one, which is the highest, or one more name. */
function attach(draft: Draft, node: ChangedNode, path: string, main: string | undefined, wave: number): void {
  const { origin, content } = node;
  const at = draft.finalPlace(path);
  if (origin === null || content !== null) {
    const op = node.type === "directory" ? "directory" : "create";
    draft.steps.push({ op, wave, at, staged: draft.stage(node), type: node.type });
  } else if (!node.inPlace && path === main) {
    draft.steps.push({ op: "move", wave, at, slot: draft.slotFor(origin), entry: origin });
  } else {
    const from = node.inPlace ? draft.basePlace(origin.path) : draft.finalPlace(main ?? path);
    draft.steps.push({ op: "link", wave, at, from, entry: origin });
  }
}

/** All names that stay get the same new object. */
function replace(draft: Draft, node: ChangedNode, wave: number): number {
  for (const { entry, inPlace } of namesOf(node)) {
    if (!inPlace) continue;
    const [at, slot, staged] = [draft.basePlace(entry.path), draft.slotFor(entry), draft.stage(node)];
    draft.steps.push({ op: "replace", wave, at, slot, staged, entry });
  }
  return wave;
}

/** Modes and times last, deepest first: every step before them disturbs the times of directories. */
function planMetadata(draft: Draft, wave: number): void {
  const disturbed = new Set(draft.steps.map(({ at }) => at.directory));
  const numbers = new Map(draft.directories().map(({ node }, index) => [node, index]));
  const kept = draft.nodes.filter((node) => {
    const isDisturbed = disturbed.has(numbers.get(node) ?? -1);
    return needsMetadata(node, isDisturbed);
  });
  kept.sort((a, b) => compareNames(b.paths[0] ?? "", a.paths[0] ?? ""));
  for (const node of kept) {
    const number = numbers.get(node);
    const at = number === undefined ? placeOf(draft, node) : { directory: number, name: "." };
    draft.steps.push({ op: "meta", wave, at, node, staged: draft.stagedOf.get(node) ?? null });
  }
}

function placeOf(draft: Draft, { inPlace, origin, paths }: ChangedNode): EntryPlace {
  return inPlace && origin !== null ? draft.basePlace(origin.path) : draft.finalPlace(paths[0] ?? "");
}

/**
 * A directory that goes is among them, for its times to be known if it comes back. The root's own times are set at the very
 * end, after the private directory has gone.
 */
function needsMetadata(node: ChangedNode, isDisturbed: boolean): boolean {
  const { type, origin, content, paths, modeChanged, timesChanged } = node;
  if (isRoot(node)) return modeChanged;
  if (paths.length === 0) return type === "directory" && isDisturbed;
  if (type === "directory") return origin === null || modeChanged || timesChanged || isDisturbed;
  return origin !== null && content === null && (modeChanged || timesChanged);
}

/** Metadata of a file with hard links that are not known: it becomes a file of its own, so that those keep what they had. */
function breakingLinks(node: ChangedNode): ChangedNode {
  const { origin, type, content, paths, modeChanged, timesChanged } = node;
  if (origin === null || type !== "file" || content !== null || !hasUnknownLinks(node)) return node;
  if (paths.length === 0 || (!modeChanged && !timesChanged)) return node;
  const { size } = origin.facts;
  return { ...node, content: { size, base: { entry: origin, length: size }, blocks: () => [] } };
}

function breaksLinks(node: ChangedNode): boolean {
  return node.content !== null && node.paths.length > 0 && hasUnknownLinks(node);
}

function hasUnknownLinks(node: ChangedNode): boolean {
  return node.origin !== null && node.origin.facts.links > namesOf(node).length;
}

function isReplaced({ origin, content, inPlace, paths }: ChangedNode): boolean {
  return origin !== null && content !== null && inPlace && paths.length > 0;
}

function firstByDepth(paths: readonly string[]): string | undefined {
  return paths.toSorted((a, b) => depthOf(a) - depthOf(b) || compareNames(a, b))[0];
}

function depthOf(path: string): number {
  return path === "" ? 0 : path.split("/").length;
}
