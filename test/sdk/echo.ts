// Tools that give back what they are given, for any WIT types: the WIT, and the author's side of it in AssemblyScript.

import { generateBindings } from "../../tools-wasm/sdk/bindings/generate.ts";
import { makeComponent } from "../../tools-wasm/sdk/component.ts";
import { resolveWit, type WitSources } from "../../tools-wasm/sdk/sources.ts";
import { compileBindings, runtimeFiles } from "../../tools-wasm/sdk/tool.ts";

/** The sources of a world that is one text. */
export function witOf(text: string): WitSources {
  return resolveWit([{ path: "wit/test.wit", text }], [], [], null);
}

/** Builds a component of a world and an author's files by name, without a folder. */
export async function buildInMemory(wit: string, authors: Readonly<Record<string, string>>): Promise<Uint8Array> {
  const sources = witOf(wit);
  const bindings = generateBindings(sources.world);
  const files = new Map([...bindings.files, ...(await runtimeFiles())]);
  const read = async (path: string): Promise<string | null> => {
    const bound = /^assembly\/bindings\/(.*)$/.exec(path)?.[1];
    return (bound === undefined ? authors[path.replace("assembly/", "")] : files.get(bound)) ?? null;
  };
  const core = await compileBindings(bindings, read);
  const manifest = "name: echo\nversion: 1.0.0\n";
  const { world, text } = sources;
  return makeComponent({ core, wit: text, world: world.name, manifest, stringEncoding: "utf16" });
}

/** The author's functions for an interface of functions `f0: func(v: T) -> T`, as the bindings themselves ask for them. */
export function echoing(wit: string): Readonly<Record<string, string>> {
  const { duties, files } = generateBindings(witOf(wit).world);
  const own = [...(files.get("echo.ts") ?? "").matchAll(/^export (?:class|enum|type) (\w+)/gm)].map(
    (found) => found[1],
  );
  const tuples = [...(files.get("tuples.ts") ?? "").matchAll(/^export class (Tuple\d+)/gm)].map((found) => found[1]);
  const text = duties.map(({ signature }) => `export function ${signature} { return v; }`).join("\n");
  const imports = [
    `import { ${own.join(", ")} } from "./bindings/echo";`,
    `import { ${tuples.join(", ")} } from "./bindings/tuples";`,
    'import { Option, Result, Unit } from "./bindings/runtime";',
  ];
  return { "echo.ts": `${imports.filter((line) => !line.includes("{  }")).join("\n")}\n${text}\n` };
}
