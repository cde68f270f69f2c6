// wasi:cli/terminal-input, -output, -stdin, -stdout, -stderr: there is never a terminal.

import type { Ledger } from "../ledger.ts";
import { guardFunctions, guardMethods, type Interfaces, Resource, withResources } from "../resource.ts";

/** Exists so that components that name it can be linked; none is ever made. */
export abstract class TerminalInput extends Resource {}
guardMethods(TerminalInput);

/** Exists so that components that name it can be linked; none is ever made. */
export abstract class TerminalOutput extends Resource {}
guardMethods(TerminalOutput);

/** The five interfaces, by their names. */
export function terminals(ledger: Ledger): Interfaces {
  const none = (): undefined => undefined;
  return {
    "wasi:cli/terminal-input": withResources({ TerminalInput }),
    "wasi:cli/terminal-output": withResources({ TerminalOutput }),
    "wasi:cli/terminal-stdin": guardFunctions(ledger, { getTerminalStdin: none }),
    "wasi:cli/terminal-stdout": guardFunctions(ledger, { getTerminalStdout: none }),
    "wasi:cli/terminal-stderr": guardFunctions(ledger, { getTerminalStderr: none }),
  };
}
