// What stops a commit, in the words of a CommitError.
// It must not know the protocol.

import { CommitError, type CommitErrorCode, hostCode } from "../errors.ts";

/** The codes of hosts that mean more than that a call failed. */
const MEANING: ReadonlyMap<string, CommitErrorCode> = new Map([
  ["ENOSPC", "NO_SPACE"],
  ["EDQUOT", "NO_SPACE"],
  ["EFBIG", "NO_SPACE"],
  ["EXDEV", "CROSS_DEVICE"],
]);

/** Whatever stopped a commit, as a CommitError about `path`; the host's own paths stay in `cause`. */
export function commitFailure(what: string, cause: unknown, path?: string): CommitError {
  if (cause instanceof CommitError) return cause;
  const hostError = hostCode(cause);
  const code = MEANING.get(hostError ?? "") ?? "COMMIT_FAILED";
  return new CommitError(code, hostError === undefined ? what : `${what} (${hostError})`, { path, cause });
}
