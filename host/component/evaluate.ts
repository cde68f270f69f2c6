// Evaluates generated code from memory.
// It must not know what the code does.

/** What evaluating generated code gives: its exports. Errors: SyntaxError when it is no JavaScript. */
export function evaluateFromMemory(javascript: string): Promise<unknown> {
  return import(`data:text/javascript;charset=utf-8,${encodeURIComponent(javascript)}`);
}
