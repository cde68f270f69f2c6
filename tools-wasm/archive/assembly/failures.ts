// What goes wrong with files and formats, as the contract has it.
// Knows nothing of the actions.

import { FileError } from "../../file/assembly/file-error";
import { FormatProblem, ProblemKind } from "../../formats/assembly/problem";
import { ErrorCode } from "../../sdk/assembly/wasi/filesystem";
import { ArchiveError, EntryProblem, FileProblem } from "./bindings/archive";

/** `reason` is a name that `file` has for it. */
export function fileFailed(path: string, reason: string): ArchiveError {
  return ArchiveError.fileFailed(new FileProblem(path, reason));
}

/** What the host answered about `path`. */
export function hostFailure(code: ErrorCode, path: string): ArchiveError {
  return fileFailed(path, code == ErrorCode.Exist ? "already-exists" : FileError.ofHost(code, path).name);
}

/** What is wrong with the archive itself. */
export function formatFailure(problem: FormatProblem): ArchiveError {
  switch (problem.kind) {
    case ProblemKind.Corrupt:
      return ArchiveError.corrupt(problem.reason);
    case ProblemKind.UnsafeEntry:
      return ArchiveError.unsafeEntry(new EntryProblem(problem.entry, problem.reason));
    case ProblemKind.Unsupported:
      return ArchiveError.unsupported(new EntryProblem(problem.entry, problem.reason));
    case ProblemKind.TooLarge:
      return ArchiveError.tooLarge(problem.limit);
    default:
      return ArchiveError.tooMany(<u32>problem.limit);
  }
}
