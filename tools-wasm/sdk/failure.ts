// The one error of the SDK: what an author has to change, and where. Knows nothing of who shows it.

/** A place in one of the author's files; lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One thing that is wrong with a tool's sources. */
export interface Problem {
  readonly message: string;
  readonly place: Place | null;
}

/** A tool cannot be built; `problems` says why, in the words of its own sources. */
export class ToolSourceError extends Error {
  override readonly name = "ToolSourceError";
  readonly problems: readonly Problem[];

  constructor(summary: string, problems: readonly Problem[]) {
    super([summary, ...problems.map(printProblem)].join("\n"));
    this.problems = problems;
  }
}

/** `assembly/words.ts:3:7: message`, as editors and terminals recognise it. */
export function printProblem({ message, place }: Problem): string {
  return place === null ? message : `${place.file}:${place.line}:${place.column}: ${message}`;
}

/** The place of an offset in a text. */
export function placeAt(file: string, text: string, offset: number): Place {
  const before = text.slice(0, offset).split("\n");
  return { file, line: before.length, column: (before.at(-1) ?? "").length + 1 };
}
