// JSON pointers (RFC 6901), and a tree of places that one pass over a document fills with their offsets.
// It must not know what the document says.

import type { Place } from "./types.ts";

/** The pointer of a child of `pointer`. */
export function child(pointer: string, segment: string | number): string {
  return `${pointer}/${String(segment).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** The pointer that leads from the root along `path`. */
export function pointerOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((pointer, segment) => child(pointer, String(segment)), "");
}

function segmentsOf(pointer: string): string[] {
  const segments = pointer.split("/").slice(1);
  return segments.map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** The places that are looked for, as a tree; a reader that passes one writes down its offsets. */
export interface PlaceNode {
  keyOffset: number;
  valueOffset: number;
  readonly children: Map<string, PlaceNode>;
}

/** A reader that has not been here. */
export const NOWHERE = -1;

/** The tree of these places, with no offset known yet. */
export function placeTree(places: readonly Place[]): PlaceNode {
  const root = placeNode();
  for (const { pointer } of places) {
    let node = root;
    for (const segment of segmentsOf(pointer)) {
      const next = node.children.get(segment) ?? placeNode();
      node.children.set(segment, next);
      node = next;
    }
  }
  return root;
}

function placeNode(): PlaceNode {
  return { keyOffset: NOWHERE, valueOffset: NOWHERE, children: new Map() };
}

/** The offset of a place, or of its nearest ancestor that the reader passed. */
export function offsetIn(tree: PlaceNode, place: Place): number {
  let node = tree;
  let complete = true;
  for (const segment of segmentsOf(place.pointer)) {
    const next = node.children.get(segment);
    if (next === undefined || next.valueOffset === NOWHERE) {
      complete = false;
      break;
    }
    node = next;
  }
  return complete && place.on === "key" && node.keyOffset !== NOWHERE ? node.keyOffset : node.valueOffset;
}
