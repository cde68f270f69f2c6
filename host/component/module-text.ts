// A core module as text. It must not know why anyone reads it.

/** The WebAssembly text format of a core module that is valid; what is not rejects with the printer's own error. */
export async function moduleText(module: Uint8Array): Promise<string> {
  // Loaded only here: the printer is large.
  const { print } = await import("@bytecodealliance/jco-transpile/wasm-tools");
  return print(module);
}
