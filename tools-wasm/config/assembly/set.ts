// config.set: reads a file, lets its format find the place, and writes the file with that place changed.
// Knows nothing of how a result is laid out.

import { Result } from "../../sdk/assembly/result";
import { readText } from "../../file/assembly/read";
import { writeText } from "../../file/assembly/write";
import { ConfigError } from "./config-error";
import { Edit, Setting } from "./edit";
import { editEnv } from "./env";
import { editIni } from "./ini";
import { editJson } from "./json";
import { editYaml } from "./yaml";

const MAX_LEVELS: i32 = 100;

/** The cases of WIT's `format`, in its order, and that none was given. */
export const enum Format {
  Json,
  Yaml,
  Ini,
  Env,
  Unknown,
}

/** What was at `key` before it was set; null for nothing. */
export class Before {
  constructor(public text: string | null) {}
}

/** Sets one value of the file at `path`. */
export function setValue(path: string, key: string[], setting: Setting, given: Format): Result<Before, ConfigError> {
  const format = given == Format.Unknown ? formatOf(path) : given;
  if (format == Format.Unknown) return refuse(ConfigError.unknownFormat(path));
  if (key.length == 0 || key.length > MAX_LEVELS) return refuse(ConfigError.notWritable("a key has 1 to 100 levels"));
  if (!setting.isText && setting.text == "") return refuse(ConfigError.notWritable("infinity and NaN are no settings"));
  const read = readText(path);
  if (!read.isOk) return refuse(ConfigError.fileFailed(path, read.error.name));
  const text = read.value.text;
  const edit = editOf(format, text, key, setting);
  if (edit.refusal != "") return refuse(ConfigError.notWritable(edit.refusal));
  if (edit.obstacle != "") return refuse(ConfigError.notEditable(edit.line, edit.obstacle));
  const changed = text.substring(0, edit.from) + edit.replacement + text.substring(edit.to);
  if (changed != text) {
    const problem = writeText(path, changed);
    if (problem !== null) return refuse(ConfigError.fileFailed(path, problem.name));
  }
  return Result.ok<Before, ConfigError>(new Before(edit.old));
}

function refuse(error: ConfigError): Result<Before, ConfigError> {
  return Result.err<Before, ConfigError>(error);
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

function formatOf(path: string): Format {
  const name = path.substring(path.lastIndexOf("/") + 1);
  if (name.startsWith(".env") || name.endsWith(".env")) return Format.Env;
  const dot = name.lastIndexOf(".");
  const ending = dot < 0 ? "" : name.substring(dot);
  if (ending == ".json" || ending == ".jsonc") return Format.Json;
  if (ending == ".yaml" || ending == ".yml") return Format.Yaml;
  return ending == ".ini" || ending == ".cfg" || ending == ".conf" ? Format.Ini : Format.Unknown;
}
