// The actions of the tool `config`, as its WIT has them.
// Knows nothing of formats.

import { Option } from "../../sdk/assembly/binding";
import { Result } from "../../sdk/assembly/result";
import { ConfigError, Format, Setting, SettingKind } from "./bindings/config";
import { Setting as Written } from "./edit";
import { setValue } from "./set";

export function set_(path: string, key: string[], value: Setting, format: Option<Format>): Result<string | null, ConfigError> {
  return setValue(path, key, written(value), format);
}

/** A setting as all formats write it. */
function written(value: Setting): Written {
  switch (value.kind) {
    case SettingKind.Text:
      return new Written(true, false, value.asText);
    case SettingKind.Integer:
      return new Written(false, false, value.asInteger.toString());
    case SettingKind.Number:
      return new Written(false, false, numberText(value.asNumber));
    case SettingKind.Boolean:
      return new Written(false, false, value.asBoolean ? "true" : "false");
    default:
      return new Written(false, true, "null");
  }
}

/** A number as every format has it; nothing for infinity and NaN, which JSON has not. */
function numberText(value: f64): string {
  if (!isFinite(value)) return "";
  const text = value.toString();
  return text.endsWith(".0") ? text.substring(0, text.length - 2) : text;
}
