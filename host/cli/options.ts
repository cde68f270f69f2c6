// What several commands do with their options. It must not know any command.

/** Gathers the values of an option that can be repeated. */
export function collect(value: string, values: readonly string[] = []): readonly string[] {
  return [...values, value];
}
