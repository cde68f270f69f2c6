// Values of any WIT type, in the one form that a component's results have.

import fc from "fast-check";
import { snakeCase } from "../../host/contract/names.ts";
import { BIG_INTEGERS, SMALL_INTEGERS } from "../../host/contract/numbers.ts";
import type { JsonValue, WitType } from "../../host/contract/types.ts";

const text = fc.string({ unit: "binary", maxLength: 8 });

function float(most: fc.Arbitrary<number>): fc.Arbitrary<JsonValue> {
  return most.map((value) => (Number.isFinite(value) ? (Object.is(value, -0) ? 0 : value) : String(value)));
}

function one(key: string, value: JsonValue): JsonValue {
  return { [key]: value };
}

/** JSON values of `type`, with all fields present. */
export function valuesOf(type: WitType): fc.Arbitrary<JsonValue> {
  switch (type.kind) {
    case "bool":
      return fc.boolean();
    case "string":
      return text;
    case "char":
      return fc.string({ unit: "binary", minLength: 1, maxLength: 1 });
    case "f32":
      return float(fc.float());
    case "f64":
      return float(fc.double());
    case "u64":
    case "s64": {
      const [min, max] = BIG_INTEGERS[type.kind];
      const big = fc.bigInt({ min, max });
      return big.map((value) => (Number.isSafeInteger(Number(value)) ? Number(value) : String(value)));
    }
    case "list":
      if (type.element.kind === "u8")
        return fc.uint8Array({ maxLength: 9 }).map((b) => Buffer.from(b).toString("base64"));
      return fc.array(valuesOf(type.element), { maxLength: 4 });
    case "option": {
      const value = valuesOf(type.value);
      return fc.option(type.value.kind === "option" ? value.map((inner) => one("some", inner)) : value);
    }
    case "tuple":
      return fc.tuple(...type.elements.map(valuesOf));
    case "result":
      return fc.oneof(
        (type.ok === null ? fc.constant(null) : valuesOf(type.ok)).map((value) => one("ok", value)),
        (type.err === null ? fc.constant(null) : valuesOf(type.err)).map((value) => one("err", value)),
      );
    case "record":
      return fc.record(
        Object.fromEntries(type.fields.map((field) => [snakeCase(field.name), valuesOf(field.type)])),
      ) as fc.Arbitrary<JsonValue>;
    case "variant":
      return fc.oneof(
        ...type.cases.map(({ name, type: payload }) => {
          const key = snakeCase(name);
          return payload === null ? fc.constant(key) : valuesOf(payload).map((value) => one(key, value));
        }),
      );
    case "enum":
      return fc.constantFrom(...type.cases.map(snakeCase));
    case "flags":
      return fc.subarray(type.flags.map(snakeCase));
    case "handle":
      throw new Error("a handle has no values");
    default: {
      const [min, max] = SMALL_INTEGERS[type.kind];
      return fc.integer({ min, max });
    }
  }
}

/** A type together with a value of it. */
export function typedValues(types: fc.Arbitrary<WitType>): fc.Arbitrary<readonly [WitType, JsonValue]> {
  return types.chain((type) => valuesOf(type).map((value) => [type, value] as const));
}
