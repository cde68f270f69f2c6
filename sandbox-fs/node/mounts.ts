// What is mounted below a directory, as Linux tells it.
// It must not look at anything that is mounted. Node only.

import { readFileSync } from "node:fs";

/** The paths of mount points below `directory` (a real path), relative to it; none where the system does not tell. */
export function mountsBelow(directory: string): readonly string[] {
  if (process.platform !== "linux") return [];
  let table: string;
  try {
    table = readFileSync("/proc/self/mountinfo", "utf8");
  } catch {
    return [];
  }
  const above = directory === "/" ? directory : `${directory}/`;
  const points = table.split("\n").map((line) => unescaped(line.split(" ")[4] ?? ""));
  return points.filter((point) => point.startsWith(above) && point !== above).map((point) => point.slice(above.length));
}

/** Spaces and the like are written as three octal digits (proc(5)). */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
