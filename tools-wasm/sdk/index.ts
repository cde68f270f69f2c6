// The SDK as its clients see it: make, build and read the sources of a tool. It holds no logic.

export { type Place, type Problem, printProblem, ToolSourceError } from "./failure.ts";
export { parseManifest } from "./manifest.ts";
export { newTool } from "./template.ts";
export { buildToolAt, writeBindings } from "./tool.ts";
