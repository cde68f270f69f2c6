// Names of packages. Knows nothing of versions.

import { lowerCase } from "../../sdk/assembly/ascii";
import { hasOnly } from "./pin";

/** Whether this is a name of npm, with or without a scope: `left-pad`, `@acme/words`. */
export function isNpmName(name: string): bool {
  const parts = name.split("/");
  if (name.length > 214 || parts.length > 2) return false;
  if (parts.length == 2 && (!parts[0].startsWith("@") || !isPart(parts[0].substring(1)))) return false;
  return isPart(parts[parts.length - 1]);
}

function isPart(text: string): bool {
  return text != "" && !text.startsWith(".") && !text.startsWith("_") && hasOnly(text, "-._~");
}

/** Whether this is a name of a Python distribution. */
export function isPythonName(name: string): bool {
  if (name == "" || name.length > 214) return false;
  return hasOnly(name, "-._") && hasOnly(name.charAt(0), "") && hasOnly(name.charAt(name.length - 1), "");
}

/** The name that an index has it under (PEP 503): lower case, one "-" for each run of "-", "_" and ".". */
export function normalName(name: string): string {
  let result = "";
  let separated = false;
  for (let i = 0; i < name.length; i++) {
    const letter = name.charAt(i);
    if (letter == "-" || letter == "_" || letter == ".") separated = true;
    else {
      if (separated) result += "-";
      separated = false;
      result += letter;
    }
  }
  return lowerCase(result);
}
