// What `glovebox tool new` writes: a small tool that works, with its contract, its manifest and its examples.
// Knows nothing of how a tool is built.

import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ToolSourceError } from "./failure.ts";

const NAME = /^[a-z][a-z0-9]*(?:-[a-z][a-z0-9]*)*$/;

/** Makes the folder of a new tool, named after it. Errors: `ToolSourceError` when the name is none, or the folder is there already. */
export async function newTool(folder: string, publisher: string, name: string): Promise<readonly string[]> {
  for (const word of [publisher, name]) {
    if (NAME.test(word)) continue;
    const message = `"${word}" cannot be used: lower-case letters and digits, with - between words`;
    throw new ToolSourceError("the tool has no name:", [{ message, place: null }]);
  }
  await mkdir(dirname(folder), { recursive: true });
  await mkdir(folder).catch(() => {
    const message = `${folder} is there already`;
    throw new ToolSourceError("no tool is made:", [{ message, place: null }]);
  });
  const files = templateFiles(publisher, name);
  for (const [path, text] of Object.entries(files)) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text);
  }
  return Object.keys(files);
}

/** The files of a new tool, by path. */
export function templateFiles(publisher: string, name: string): Readonly<Record<string, string>> {
  const action = `${name.replaceAll("-", "_")}.most_frequent`;
  return {
    "wit/tool.wit": wit(publisher, name),
    "tool.yaml": manifest(name, action),
    [`assembly/${name}.ts`]: source(name),
    "assembly/tsconfig.json": `${JSON.stringify({ extends: "assemblyscript/std/assembly.json", include: ["./**/*.ts"] }, null, 2)}\n`,
    ".gitignore": "assembly/bindings/\n*.wasm\nnode_modules/\n",
  };
}

const wit = (publisher: string, name: string): string => `package ${publisher}:${name}@0.1.0;

/// Each function is an action: \`${name}.most-frequent\`, which plans call \`${publisher}/${name.replaceAll("-", "_")}.most_frequent\`.
interface ${name} {
    /// A word, and how often it occurs.
    record frequency {
        word: string,
        times: u32,
    }

    /// What may go wrong. Anything else is a defect of the tool.
    variant failure {
        /// There is no word in the text.
        empty,
        /// So many words were asked for, and that is too many.
        too-many(u32),
    }

    /// The most frequent words of a text, the first \`most\` of them or all.
    most-frequent: func(text: list<string>, most: option<u32>) -> result<list<frequency>, failure>;
}

world tool {
    export ${name};
}
`;

const manifest = (
  name: string,
  action: string,
): string => `# What WIT cannot say; \`glovebox tool inspect\` shows it all.
name: ${name}
version: 0.1.0
description: Counts words.
actions:
  ${action}:
    effect: pure # or read, reversible, compensable, irreversible
    idempotent: true
    pipe: text # takes the previous step's result when a plan leaves it out
# What \`glovebox tool test\` runs: each twice, in a workspace of its own.
examples:
  - action: ${action}
    params: { text: ["one two", "two three two"], most: 1 }
    output: [{ word: two, times: 3 }]
  - action: ${action}
    params: { text: [] }
    error: empty
  - action: ${action}
    params: { text: [one], most: 5000 }
    error: { too_many: 5000 }
`;

const source = (
  name: string,
): string => `// The actions of the tool, as wit/tool.wit declares them. \`glovebox tool build\` writes ./bindings.

import { Failure, Frequency } from "./bindings/${name}";
import { Option, Result } from "./bindings/runtime";

const MOST: u32 = 1000;

export function mostFrequent(text: string[], most: Option<u32>): Result<Frequency[], Failure> {
  const wanted = most.or(MOST);
  if (wanted > MOST) return Result.err<Frequency[], Failure>(Failure.tooMany(wanted));
  const counts = new Map<string, u32>();
  for (let i = 0; i < text.length; i++) {
    const words = text[i].split(" ");
    for (let k = 0; k < words.length; k++) {
      const word = words[k];
      if (word != "") counts.set(word, counts.has(word) ? counts.get(word) + 1 : 1);
    }
  }
  if (counts.size == 0) return Result.err<Frequency[], Failure>(Failure.empty());
  const found = counts.keys().map<Frequency>((word) => new Frequency(word, 0));
  for (let i = 0; i < found.length; i++) found[i].times = counts.get(found[i].word);
  found.sort((a, b) => <i32>b.times - <i32>a.times);
  return Result.ok<Frequency[], Failure>(found.slice(0, <i32>min(wanted, <u32>found.length)));
}
`;
