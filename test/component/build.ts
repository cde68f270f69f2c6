// Components for tests: from WIT and text, from JavaScript, and byte by byte for those that no tool would make.

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { componentEmbed, componentNew, parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { componentize } from "componentize-qjs";
import { concatenate, leb128 } from "../../host/component/binary/writer.ts";

/** A component of a core module in text format, typed by a WIT package with one world. */
export async function componentOf(
  wit: string,
  core: string,
  stringEncoding: "utf8" | "utf16" = "utf8",
): Promise<Uint8Array> {
  const module = await parse(core);
  return componentNew(await componentEmbed({ binary: module, witSource: wit, stringEncoding }), []);
}

/** A component in its own text format; it may be invalid. */
export async function componentText(text: string): Promise<Uint8Array> {
  return parse(text);
}

const CACHE = new URL("../../node_modules/.cache/glovebox-test-components/", import.meta.url);

/** A component of plain JavaScript, kept between test runs because it takes seconds to make. */
export async function componentOfJavaScript(wit: string, source: string): Promise<Uint8Array> {
  const key = createHash("sha256").update(`1\0${wit}\0${source}`).digest("hex").slice(0, 32);
  const file = new URL(`${key}.wasm`, CACHE);
  try {
    return readFileSync(file);
  } catch {
    const witPath = `${tmpdir()}/glovebox-${key}.${process.pid}.wit`;
    writeFileSync(witPath, wit);
    const { component } = await componentize({ witPath, jsSource: source, sync: true, stubWasi: true, optSize: true });
    mkdirSync(CACHE, { recursive: true });
    const staged = new URL(`${key}.${process.pid}`, CACHE);
    writeFileSync(staged, component);
    renameSync(staged, file);
    return component;
  }
}

const encoder = new TextEncoder();

export function text(value: string): number[] {
  const bytes = [...encoder.encode(value)];
  return [...leb128(bytes.length), ...bytes];
}

export function section(id: number, ...content: number[]): number[] {
  return [id, ...leb128(content.length), ...content];
}

/** A section that is a vector. */
export function vector(id: number, ...entries: number[][]): number[] {
  return section(id, ...leb128(entries.length), ...entries.flat());
}

export const COMPONENT_HEADER = [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00];
export const MODULE_HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

export function rawComponent(...sections: number[][]): Uint8Array {
  return concatenate([COMPONENT_HEADER, ...sections].map((part) => Uint8Array.from(part)));
}

export function rawModule(...sections: number[][]): number[] {
  return [...MODULE_HEADER, ...sections.flat()];
}

/** A minimal component with one exported function `f`, by its WIT (types may come before it); the core function is `body`. */
export async function functionComponent(signature: string, body: string, more = ""): Promise<Uint8Array> {
  const wit = `package test:one@1.0.0; interface one { ${signature} } world w { export one; }`;
  const core = `(module (memory (export "memory") 1 200) (global $next (mut i32) (i32.const 1024))
    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
      (global.set $next (i32.and (i32.add (global.get $next) (i32.sub (local.get 2) (i32.const 1))) (i32.sub (i32.const 0) (local.get 2))))
      (global.get $next)
      (global.set $next (i32.add (global.get $next) (local.get 3))))
    ${more}
    (func (export "test:one/one@1.0.0#f") ${body}))`;
  return componentOf(wit, core);
}
