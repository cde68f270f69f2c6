// Text in, text out: what each rule and scheme writes. BLESS=1 rewrites the files in golden/.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { print } from "@bytecodealliance/jco-transpile/wasm-tools";
import { expect, test } from "vitest";
import { type MeterOptions, meter } from "../../host/metering/index.ts";
import { wat } from "./support.ts";

const DIRECTORY = new URL("golden/", import.meta.url);
const ALL: MeterOptions = {};
const GLOBALS: MeterOptions = { scheme: "globals" };

// every relaxed operator that has a strict twin, one around the other
const RELAXED_TWINS = [
  ..."i8x16.relaxed_swizzle i16x8.relaxed_q15mulr_s f32x4.relaxed_min f32x4.relaxed_max".split(" "),
  ..."f64x2.relaxed_min f64x2.relaxed_max i32x4.relaxed_trunc_f32x4_s i32x4.relaxed_trunc_f32x4_u".split(" "),
  ..."i32x4.relaxed_trunc_f64x2_s_zero i32x4.relaxed_trunc_f64x2_u_zero i8x16.relaxed_laneselect".split(" "),
  ..."i16x8.relaxed_laneselect i32x4.relaxed_laneselect i64x2.relaxed_laneselect".split(" "),
].reduce((inner, name) => {
  const others = name.includes("trunc") ? "" : name.includes("lane") ? "(local.get 1) (local.get 2)" : "(local.get 1)";
  return `(${name} ${inner} ${others})`;
}, "(local.get 0)");

const CASES: Readonly<Record<string, readonly [source: string, options: MeterOptions]>> = {
  leaf: ['(module (func (export "f") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1))))', ALL],
  "leaf-globals": [
    '(module (func (export "f") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1))))',
    GLOBALS,
  ],
  loop: [
    '(module (func (export "f") (param i32) (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))',
    ALL,
  ],
  calls: [
    '(module (import "h" "f" (func $h)) (func $f (call $h) (call $g (i32.const 1))) (func $g (param i32) (local i64) (local.set 1 (i64.const 2))) (start $f))',
    ALL,
  ],
  "calls-globals": [
    '(module (import "h" "f" (func $h)) (func $f (call $h) (call $g (i32.const 1))) (func $g (param i32) (local i64) (local.set 1 (i64.const 2))) (start $f))',
    GLOBALS,
  ],
  "private-table": [
    "(module (table 2 funcref) (elem (i32.const 0) func $f) (func $f (param i32) (call_indirect (param i32) (i32.const 7) (local.get 0))))",
    ALL,
  ],
  "public-table": [
    '(module (table (export "t") 2 funcref) (elem (i32.const 0) func $f) (func $f (param i32) (call_indirect (param i32) (i32.const 7) (local.get 0))))',
    ALL,
  ],
  branches: [
    "(module (func (param i32) (block $a (br_if $a (local.get 0)) (if (local.get 0) (then (drop (i32.const 1))) (else (br $a))) (drop (i32.const 2)))))",
    ALL,
  ],
  "implied-else": [
    "(module (func (param i32) (if (local.get 0) (then (br_if 0 (i32.const 1)) (drop (i32.const 2))))))",
    ALL,
  ],
  "leave-by-branch": [
    "(module (func (param i32) (result i32 i64) (br_if 0 (i32.const 1) (i64.const 2) (local.get 0))))",
    ALL,
  ],
  "dead-code": [
    "(module (func (result i32) (block (br 0) (drop (i32.const 1))) (return (i32.const 1)) (drop (i32.const 2))))",
    ALL,
  ],
  growth: ["(module (memory 1 5) (func (param i32) (drop (memory.grow (local.get 0)))))", ALL],
  bulk: [
    "(module (memory 1) (func (param i32) (memory.fill (i32.const 0) (i32.const 0) (local.get 0)) (memory.fill (i32.const 0) (i32.const 0) (i32.const 200))))",
    ALL,
  ],
  nan: [
    "(module (memory 1) (func (param f64) (local f64) (local.set 1 (f64.mul (local.get 0) (f64.const 2))) (f64.store (i32.const 0) (local.get 1)) (f32.store (i32.const 0) (f32.demote_f64 (local.get 0)))))",
    ALL,
  ],
  exceptions: [
    "(module (tag $t (param i32)) (func (result i32) (block $h (result i32) (try_table (catch $t $h) (throw $t (i32.const 1))) (i32.const 2))))",
    ALL,
  ],
  "exceptions-legacy": ["(module (tag $t) (func $f try call $f catch $t end))", ALL],
  "tail-call": ["(module (func $f (param i32) (return_call $f (local.get 0))))", ALL],
  "globals-moved": [
    '(module (import "h" "g" (global $i i32)) (global $g (mut i32) (global.get $i)) (func (global.set $g (global.get $i))) (export "g" (global $g)))',
    ALL,
  ],
  "relaxed-multiply-add": [
    "(module (func (param v128 v128 v128) (result v128) (f32x4.relaxed_nmadd (local.get 0) (local.get 1) (local.get 2))))",
    { relaxedSimd: true },
  ],
  "relaxed-dot": [
    "(module (func (param v128 v128 v128) (result v128) (i32x4.relaxed_dot_i8x16_i7x16_add_s (local.get 0) (local.get 1) (local.get 2))))",
    { relaxedSimd: true },
  ],
  "relaxed-twins": [
    `(module (func (param v128 v128 v128) (result v128) ${RELAXED_TWINS}))`,
    { relaxedSimd: true, nan: false, fuel: false, depth: false },
  ],
  "nothing-on": [
    '(module (import "h" "f" (func $h)) (func (call $h) (drop (f64.div (f64.const 0) (f64.const 0)))))',
    { fuel: false, depth: false, growth: false, nan: false },
  ],
};

test.each(Object.entries(CASES))("%s is rewritten as its golden text says", async (name, [source, options]) => {
  const module = await wat(source);
  const text = `;; ${source}\n;; ${JSON.stringify(options)}\n${await print(meter(module, options).bytes)}`;
  const file = new URL(`${name}.golden.wat`, DIRECTORY);
  if (process.env.BLESS === "1") {
    mkdirSync(DIRECTORY, { recursive: true });
    writeFileSync(file, text);
  }
  expect(text).toBe(readFileSync(file, "utf8"));
});
