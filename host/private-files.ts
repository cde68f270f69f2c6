// Which files of a workspace hold private data, as the runs of one runtime left them: what one plan wrote is followed into the next.
// It must not know plans, nor who may see what.

import type { Mounts } from "./executor/mounts-node.ts";
import type { PrivateFile } from "./report.ts";

/** So many are told apart; beyond that, the whole workspace counts as private. */
const MOST_FILES = 10_000;

/** By the path in the workspace, where what it holds came from. */
export class PrivateFiles {
  readonly #from = new Map<string, string>();

  /** Remembers what a run wrote, by the paths that its plan knew. */
  remember(files: readonly PrivateFile[], { mounts }: Mounts): void {
    for (const { path, from } of files) {
      for (const mount of mounts) {
        const rest = below(mount.guestPath, path);
        if (rest === null) continue;
        const own = [mount.path, rest].filter((part) => part !== "").join("/");
        this.#from.set(this.#from.size < MOST_FILES || this.#from.has(own) ? own : "", from);
      }
    }
  }

  get some(): boolean {
    return this.#from.size > 0;
  }

  /** The paths at which a plan can see them. */
  seenThrough({ mounts }: Mounts): readonly PrivateFile[] {
    return [...this.#from].flatMap(([own, from]) =>
      mounts.flatMap((mount): PrivateFile[] => {
        const rest = below(`/${mount.path}`, `/${own}`);
        if (rest !== null) return [{ path: joined(mount.guestPath, rest), from }];
        return below(`/${own}`, `/${mount.path}`) === null ? [] : [{ path: mount.guestPath, from }];
      }),
    );
  }
}

/** What is left of a path below a folder; null when it is not there. */
function below(folder: string, path: string): string | null {
  if (path === folder) return "";
  const start = folder.endsWith("/") ? folder : `${folder}/`;
  return path.startsWith(start) ? path.slice(start.length) : null;
}

function joined(folder: string, rest: string): string {
  if (rest === "") return folder;
  return folder.endsWith("/") ? `${folder}${rest}` : `${folder}/${rest}`;
}
