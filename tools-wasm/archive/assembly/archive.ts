// The actions of the tool `archive`, as its WIT has them.
// Knows nothing of formats.

import { Option } from "../../sdk/assembly/binding";
import { Result } from "../../sdk/assembly/result";
import { ArchiveError, Format, Packed, Unpacked } from "./bindings/archive";
import { formatOf, UNKNOWN } from "./format";
import { packInto } from "./pack";
import { unpackInto } from "./unpack";

export function unpack(path: string, to: string, format: Option<Format>, overwrite: Option<bool>): Result<Unpacked[], ArchiveError> {
  const known = format.isSome ? <i32>format.value : formatOf(path);
  if (known == UNKNOWN) return Result.err<Unpacked[], ArchiveError>(ArchiveError.unknownFormat(path));
  return unpackInto(path, to, known, overwrite.or(false));
}

export function pack(path: string, to: string, format: Option<Format>, overwrite: Option<bool>): Result<Packed, ArchiveError> {
  const known = format.isSome ? <i32>format.value : formatOf(to);
  if (known == UNKNOWN) return Result.err<Packed, ArchiveError>(ArchiveError.unknownFormat(to));
  return packInto(path, to, known, overwrite.or(false));
}
