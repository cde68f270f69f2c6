// Reads a document, whatever it came as, and says where things are in it.
// It must not know what the document says.

import type { JsonValue } from "../../contract/types.ts";
import { readJsonText } from "./json-text.ts";
import { numberPlaces, readJsonValue } from "./json-value.ts";
import { offsetIn, type PlaceNode, placeTree } from "./pointer.ts";
import type { DocumentLimits, Located, Place, Problem, Source, SourceDocument } from "./types.ts";
import { Unreadable } from "./unreadable.ts";
import { readYamlText } from "./yaml-text.ts";

interface Reading {
  readonly value: JsonValue | undefined;
  readonly problems: readonly Problem[];
  /** Writes down where the places are. */
  find(places: PlaceNode): void;
}

/** Reads a source within its limits. It never throws for what the source says: that is in `problems`. */
export function readDocument(source: Source, limits: DocumentLimits): SourceDocument {
  const text = "text" in source ? source.text : null;
  const reading = readWithin(source, limits);
  const lineOf = lineFinder(text);
  return {
    file: "text" in source ? source.file : null,
    value: reading.value,
    problems: reading.problems,
    locate: (places) => locate(places, reading, lineOf),
  };
}

function readWithin(source: Source, limits: DocumentLimits): Reading {
  try {
    return "text" in source ? readText(source.text, source.file, limits) : readValue(source.value, limits);
  } catch (thrown) {
    if (!(thrown instanceof Unreadable)) throw thrown;
    const offset = thrown.offset < 0 ? {} : { offset: thrown.offset };
    const problem: Problem = { pointer: "", on: "value", message: thrown.message, hint: thrown.advice, ...offset };
    return { value: undefined, problems: [problem], find: () => {} };
  }
}

function readValue(source: unknown, limits: DocumentLimits): Reading {
  const { value, problems } = readJsonValue(source, limits);
  return { value, problems, find: (places) => numberPlaces(value, places) };
}

function readText(text: string, file: string, limits: DocumentLimits): Reading {
  const json = isJson(text, file);
  const limit = json ? limits.sourceBytes : limits.yamlSourceBytes;
  if (text.length > limit) {
    const advice = json ? "Split it." : "Split it, or write it as JSON.";
    throw new Unreadable(`it is longer than ${limit} characters`, advice, 0);
  }
  // A byte order mark becomes a blank, so that offsets stay.
  const clean = text.startsWith("\uFEFF") ? ` ${text.slice(1)}` : text;
  if (!json) return readYamlText(clean, limits);
  const { value, problems } = readJsonText(clean, limits);
  return { value, problems, find: (places) => void readJsonText(clean, limits, places) };
}

/** By the name of the file; by the first character when the name does not say. */
function isJson(text: string, file: string): boolean {
  if (/\.json$/i.test(file)) return true;
  if (/\.ya?ml$/i.test(file)) return false;
  return /^\uFEFF?\s*[{[]/.test(text);
}

type LineFinder = (offset: number) => { readonly line: number | null; readonly column: number | null };

function locate(
  places: readonly (Place & { readonly offset?: number })[],
  reading: Reading,
  lineOf: LineFinder,
): readonly Located[] {
  const tree = placeTree(places);
  reading.find(tree);
  return places.map((place) => {
    const order = Math.max(0, place.offset ?? offsetIn(tree, place));
    return { order, ...lineOf(order) };
  });
}

function lineFinder(text: string | null): LineFinder {
  if (text === null) return () => ({ line: null, column: null });
  let starts: number[] | null = null;
  return (offset) => {
    starts ??= lineStarts(text);
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}
