// Adapts the JavaScript that jco generates: it sees only the globals that we hand it, and everything it copies out of a guest is bounded.
// It must not know components; it knows the text that the pinned version of jco writes, and refuses any other.

import { GloveboxError } from "../errors.ts";

const SIGNATURE =
  "export function instantiate(getCoreModule, imports, instantiateCore = (module, importObject) => new WebAssembly.Instance(module, importObject)) {";

/**
 * What `instantiate` starts with. The names shadow the globals of the host for all of the generated code; `$boundary` is a
 * name that jco cannot make from a WIT name, since those hold no `$`.
 */
const PRELUDE = `
  const $boundary = instantiateCore.boundary;
  const { WebAssembly, TextDecoder, FinalizationRegistry, console, globalThis } = $boundary.globals;
`;

interface Change {
  readonly find: RegExp;
  readonly replace: string;
}

const CHANGES: readonly Change[] = [
  {
    // Every number that is read from a guest's memory goes through here, so a list is paid for as it is read.
    find: /const dataView = mem => dv\.buffer === mem\.buffer \? dv : dv = new DataView\(mem\.buffer\);/g,
    replace:
      "const dataView = mem => { $boundary.charge(8); return dv.buffer === mem.buffer ? dv : dv = new DataView(mem.buffer); };",
  },
  {
    // The copy of a list of numbers: `slice` would cut a list that is claimed to be longer than the memory.
    find: /(\bmemory\d+\.buffer)\.slice\((\w+), (\w+ \+ \w+ \* \d+)\)/g,
    replace: "$$boundary.slice($1, $2, $3)",
  },
  {
    // The allocator of a guest.
    find: /^(\s*realloc\d+) = (exports\d+.*);$/gm,
    replace: "$1 = $$boundary.allocator($2);",
  },
  {
    // A call of the host: the bound on what is copied is one of each crossing.
    find: /^(\s*const _trampoline\d+ = (?:async )?function ?\([^)]*\) \{)$/gm,
    replace: "$1 $$boundary.enter();",
  },
  {
    // What a host function throws where a guest may be suspended would leave that guest waiting for ever.
    find: /(getParentSubtask\(\)\?\.id\(\),\s*err,\s*\}\);)(?=\s*getOrCreateAsyncState\(\d+\)\.markTrapped)/g,
    replace: "$1 $$boundary.caught(err);",
  },
  {
    // Dropping a handle beyond the end of the table would go unnoticed, and hand that handle out next.
    find: /if \(val === 0 \|\| \(scope & T_FLAG\) !== 0\)/g,
    replace: "if (!val || (scope & T_FLAG) !== 0)",
  },
];

/** What must not be left: the same places, written in a way that the changes above do not know. */
const NOTHING_LEFT: readonly { readonly left: RegExp; readonly what: string }[] = [
  { left: /const dataView = mem => dv/, what: "the view of memory" },
  { left: /\.buffer\.slice\(/, what: "a copy of memory" },
  { left: /\brealloc\d+ = exports/, what: "the allocator of a guest" },
  { left: /\?\.id\(\),\s*err,\s*\}\);\s*getOrCreate/, what: "a failure of the host where a guest waits" },
  { left: /\bval === 0 \|\|/, what: "the removal of a handle" },
  { left: /\b_trampoline\d+ = (?!.*\$boundary)/, what: "a call of the host" },
];

/** The generated code, confined; it says itself whether it was made to be suspended. Errors: COMPONENT_COMPILE_FAILED when it is not the code that we know. */
export function confineGlue(javascript: string, suspends = false): string {
  const parts = javascript.split(SIGNATURE);
  if (parts.length !== 2) unknown("its entry");
  let changed = `${parts[0]}${SIGNATURE}${PRELUDE}${parts[1]}`;
  for (const { find, replace } of CHANGES) changed = changed.replaceAll(find, replace);
  for (const { left, what } of NOTHING_LEFT) if (left.test(changed)) unknown(what);
  // Stacks show this in place of a path of the host, or of the code itself where it was loaded from memory.
  return `${changed}\nexport const suspends = ${suspends};\n//# sourceURL=glovebox-tool\n`;
}

function unknown(what: string): never {
  throw new GloveboxError("COMPONENT_COMPILE_FAILED", `the bindings generator wrote code that is not known: ${what}`, {
    hint: "Use the version of @bytecodealliance/jco-transpile that this version of glovebox names.",
  });
}
