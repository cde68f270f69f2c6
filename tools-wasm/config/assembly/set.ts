// config.set: reads a file, lets its format find the place, and writes the file with that place changed.
// Knows nothing of how a result is laid out.

import { Option } from "../../sdk/assembly/binding";
import { Result } from "../../sdk/assembly/result";
import { FileError } from "../../file/assembly/file-error";
import { readText } from "../../file/assembly/read";
import { writeText } from "../../file/assembly/write";
import { ConfigError, FileProblem, Format, Place } from "./bindings/config";
import { Edit, Setting } from "./edit";
import { editEnv } from "./env";
import { editIni } from "./ini";
import { editJson } from "./json";
import { editYaml } from "./yaml";

const MAX_LEVELS: i32 = 100;

/** No case of WIT's `format`. */
const UNKNOWN: i32 = -1;

/** Sets one value of the file at `path`. */
export function setValue(path: string, key: string[], setting: Setting, given: Option<Format>): Result<string | null, ConfigError> {
  const format = given.isSome ? <i32>given.value : formatOf(path);
  if (format == UNKNOWN) return refuse(ConfigError.unknownFormat(path));
  if (key.length == 0 || key.length > MAX_LEVELS) return refuse(ConfigError.notWritable("a key has 1 to 100 levels"));
  if (!setting.isText && setting.text == "") return refuse(ConfigError.notWritable("infinity and NaN are no settings"));
  const read = readText(path);
  if (!read.isOk) return refuse(fileFailed(path, read.error));
  const text = read.value.text;
  const edit = editOf(format, text, key, setting);
  if (edit.refusal != "") return refuse(ConfigError.notWritable(edit.refusal));
  if (edit.obstacle != "") return refuse(ConfigError.notEditable(new Place(edit.line, edit.obstacle)));
  const changed = text.substring(0, edit.from) + edit.replacement + text.substring(edit.to);
  if (changed != text) {
    const problem = writeText(path, changed);
    if (problem !== null) return refuse(fileFailed(path, problem));
  }
  return Result.ok<string | null, ConfigError>(edit.old);
}

function fileFailed(path: string, error: FileError): ConfigError {
  return ConfigError.fileFailed(new FileProblem(path, error.name));
}

function refuse(error: ConfigError): Result<string | null, ConfigError> {
  return Result.err<string | null, ConfigError>(error);
}

function editOf(format: Format, text: string, key: string[], setting: Setting): Edit {
  switch (format) {
    case Format.Json:
      return editJson(text, key, setting);
    case Format.Yaml:
      return editYaml(text, key, setting);
    case Format.Ini:
      return editIni(text, key, setting);
    default:
      return editEnv(text, key, setting);
  }
}

function formatOf(path: string): i32 {
  const name = path.substring(path.lastIndexOf("/") + 1);
  if (name.startsWith(".env") || name.endsWith(".env")) return Format.Env;
  const dot = name.lastIndexOf(".");
  const ending = dot < 0 ? "" : name.substring(dot);
  if (ending == ".json" || ending == ".jsonc") return Format.Json;
  if (ending == ".yaml" || ending == ".yml") return Format.Yaml;
  return ending == ".ini" || ending == ".cfg" || ending == ".conf" ? Format.Ini : UNKNOWN;
}
