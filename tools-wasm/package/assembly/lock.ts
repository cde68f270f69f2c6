// The lock file: a line for each package that was installed, `ECOSYSTEM NAME VERSION INTEGRITY URL DIRECTORY`, sorted.
// Knows nothing of how it is read or written.

import { compareCodePoints } from "../../sdk/assembly/compare";
import { stableSort } from "../../sdk/assembly/sort";
import { canonicalIntegrity } from "./pin";

const TITLE = "# Packages that glovebox installed: ecosystem, name, version, integrity, url, directory.";

/** One line. */
export class Pin {
  constructor(
    public ecosystem: string,
    public name: string,
    public version: string,
    public integrity: string,
    public url: string,
    public directory: string,
  ) {}

  get line(): string {
    return [this.ecosystem, this.name, this.version, this.integrity, this.url, this.directory].join(" ");
  }

  /** Whether both are of one version of one package. */
  hasVersionOf(other: Pin): bool {
    return this.ecosystem == other.ecosystem && this.name == other.name && this.version == other.version;
  }

  /** Whether one takes the other's place. */
  hasPlaceOf(other: Pin): bool {
    return this.ecosystem == other.ecosystem && this.name == other.name && this.directory == other.directory;
  }
}

/** The pins of a lock file. */
export class Lock {
  /** The line that is none; empty when all are good. */
  problem: string = "";
  pins: Pin[] = [];

  constructor(text: string) {
    const lines = text.split("\n");
    for (let i = 0; i < lines.length && this.problem == ""; i++) {
      const line = lines[i].trim();
      if (line == "" || line.startsWith("#")) continue;
      const pin = pinOf(line);
      if (pin === null) this.problem = "line " + (i + 1).toString() + " is no pin";
      else this.pins.push(pin);
    }
  }

  /** The text of the lock file with one more pin, or one in the place of another. */
  with(pin: Pin): string {
    const lines: string[] = [pin.line];
    for (let i = 0; i < this.pins.length; i++) {
      if (!this.pins[i].hasPlaceOf(pin)) lines.push(this.pins[i].line);
    }
    stableSort(lines, compareCodePoints);
    return TITLE + "\n" + lines.join("\n") + "\n";
  }
}

function pinOf(line: string): Pin | null {
  const parts = line.split(" ");
  if (parts.length < 6 || canonicalIntegrity(parts[3]) == "") return null;
  return new Pin(parts[0], parts[1], parts[2], parts[3], parts[4], parts.slice(5).join(" "));
}
