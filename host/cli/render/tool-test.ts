// What `glovebox tool test` prints for a person: a pure function from the results to text.

import { cut, oneLine } from "./text.ts";
import type { View } from "./view.ts";

/** What became of one example. */
export interface ShownExample {
  readonly title: string;
  readonly problems: readonly string[];
  readonly fuel: string;
}

const LONGEST_TITLE = 100;
const LONGEST_PROBLEM = 1000;

/** A line for each example, its problems below it, and a count. */
export function renderToolTest(view: View, results: readonly ShownExample[]): string {
  const lines = results.flatMap(({ title, problems, fuel }) => {
    const shown = cut(oneLine(title), LONGEST_TITLE);
    if (problems.length === 0) return [`${view.paint("green", "ok")}    ${shown} ${view.paint("dim", `${fuel} fuel`)}`];
    return [
      `${view.paint("red", "wrong")} ${shown}`,
      ...problems.map((problem) => `      ${cut(oneLine(problem), LONGEST_PROBLEM)}`),
    ];
  });
  const wrong = results.filter(({ problems }) => problems.length > 0).length;
  const count = `${results.length} example${results.length === 1 ? "" : "s"}, each run twice: `;
  return `${[...lines, "", count + (wrong === 0 ? "all as expected" : `${wrong} not as expected`)].join("\n")}\n`;
}
