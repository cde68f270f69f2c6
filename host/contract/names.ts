// The three spellings of a WIT name: kebab-case in WIT, snake_case in plans and JSON, camelCase in generated JavaScript.
// A leaf.

/** `context-lines` -> `context_lines`: how plans and JSON write a WIT name. WIT names are unique without regard to case. */
export function snakeCase(kebab: string): string {
  return kebab.toLowerCase().replaceAll("-", "_");
}

/** `context-lines` -> `contextLines`: how jco's generated JavaScript writes a WIT name (the rule of the Rust crate `heck`). */
export function camelCase(kebab: string): string {
  const words = kebab.split("-").map((word) => word.toLowerCase());
  return words.map((word, index) => (index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1))).join("");
}
