// Small modules, one for each rule of what fuel costs. The expected counts in fuel-expected.json are Wasmtime's.

export interface FuelCase {
  readonly title: string;
  readonly wat: string;
  /** Calls of the export `f`, in order, on one instance. */
  readonly calls: readonly (readonly number[])[];
}

const body = (title: string, code: string, ...calls: readonly (readonly number[])[]): FuelCase => ({
  title,
  wat: `(module (memory 1) (global $g (mut i32) (i32.const 0)) (table $t 8 funcref) (elem (i32.const 0) func $one)
    (data $d "0123456789") (elem $e func $one $one)
    (func $one (result i32) (i32.const 1)) (func $empty)
    (func (export "f") ${code}))`,
  calls: calls.length > 0 ? calls : [[]],
});

export const FUEL_CASES: readonly FuelCase[] = [
  body("an empty function costs its activation", ""),
  body("constants and drops", "(drop (i32.const 1)) (drop (i64.const 1)) (drop (f32.const 1)) (drop (f64.const 1))"),
  body("nop, block and loop cost nothing", "nop (block nop (block)) (loop nop)"),
  body(
    "an if costs one, its arms what they hold",
    "(param i32) (if (local.get 0) (then (drop (i32.const 1))) (else))",
    [0],
    [1],
  ),
  body(
    "an if without else",
    "(param i32) (if (local.get 0) (then (drop (i32.const 1)) (drop (i32.const 1))))",
    [0],
    [1],
  ),
  body(
    "an if with a branch out of one arm",
    "(param i32) (block $b (if (local.get 0) (then (br $b))) (drop (i32.const 1)))",
    [0],
    [1],
  ),
  body(
    "a branch inside an arm to the end of its if",
    "(param i32) (if $i (local.get 0) (then (br_if $i (i32.eq (local.get 0) (i32.const 2))) (drop (i32.const 1))))",
    [0],
    [1],
    [2],
  ),
  body(
    "a countdown loop",
    "(param i32) (loop (local.set 0 (i32.sub (local.get 0) (i32.const 1))) (br_if 0 (local.get 0)))",
    [1],
    [10],
  ),
  body(
    "a loop left from the middle",
    "(param i32) (block $out (loop $top (br_if $out (i32.eqz (local.get 0))) (local.set 0 (i32.sub (local.get 0) (i32.const 1))) (br $top)))",
    [0],
    [7],
  ),
  body("code behind a branch costs nothing", "(block (br 0) (drop (i32.const 1)) (drop (i32.const 1)))"),
  body("code behind a return costs nothing", "(drop (i32.const 1)) (return) (drop (i32.const 1))"),
  body("code behind an endless inner block is not reached", "(block (block (br 1)) (drop (i32.const 1)))"),
  body(
    "a br_table",
    "(param i32) (block (block (block (br_table 0 1 2 (local.get 0))) (drop (i32.const 1))) (drop (i32.const 1)) (drop (i32.const 1)))",
    [0],
    [1],
    [2],
    [9],
  ),
  body(
    "a br_table over labels with charges of their own",
    "(param i32) (block $c (block $b (block $a (br_if $a (i32.eq (local.get 0) (i32.const 5))) (br_if $b (i32.eq (local.get 0) (i32.const 6))) (drop (i32.const 1)) (br_table $a $b $c (local.get 0))) (drop (i32.const 1))) (drop (i32.const 1)) (drop (i32.const 1)))",
    [0],
    [1],
    [2],
    [5],
    [6],
  ),
  body(
    "a br_table to a loop",
    "(param i32) (block $out (loop $l (local.set 0 (i32.sub (local.get 0) (i32.const 1))) (block $b (br_if $b (i32.eq (local.get 0) (i32.const 2))) (br_table $l $out $b (i32.lt_s (local.get 0) (i32.const 1)))) (br $l)))",
    [1],
    [5],
  ),
  body("a call costs one, and its activation", "(drop (call $one)) (call $empty)"),
  body("an indirect call", "(drop (call_indirect (result i32) (i32.const 0)))"),
  body("a tail call", "(return_call $empty)"),
  body(
    "a branch to the function's label",
    "(param i32) (result i32) (drop (br_if 0 (i32.const 7) (local.get 0))) (i32.const 8)",
    [0],
    [1],
  ),
  body("select", "(param i32) (drop (select (i32.const 1) (i32.const 2) (local.get 0)))", [1]),
  body("globals", "(global.set $g (i32.add (global.get $g) (i32.const 1)))", [], []),
  body(
    "loads and stores",
    "(i32.store (i32.const 8) (i32.load (i32.const 4))) (f64.store (i32.const 8) (f64.load (i32.const 4)))",
  ),
  body(
    "memory.size and memory.grow",
    "(param i32) (drop (memory.size)) (drop (memory.grow (local.get 0)))",
    [0],
    [1],
    [3],
    [100000],
  ),
  body("memory.grow by a constant", "(drop (memory.grow (i32.const 2)))"),
  body(
    "memory.fill costs one for each byte",
    "(param i32) (memory.fill (i32.const 0) (i32.const 7) (local.get 0))",
    [0],
    [1],
    [1000],
  ),
  body(
    "memory.fill of a constant size",
    "(memory.fill (i32.const 0) (i32.const 7) (i32.const 128)) (memory.fill (i32.const 0) (i32.const 7) (i32.const 129))",
  ),
  body("memory.copy", "(param i32) (memory.copy (i32.const 0) (i32.const 100) (local.get 0))", [0], [55]),
  body(
    "memory.init and data.drop",
    "(param i32) (memory.init $d (i32.const 0) (i32.const 0) (local.get 0)) (data.drop $d)",
    [3],
  ),
  body(
    "table.copy, table.fill and table.init",
    "(param i32) (table.copy (i32.const 0) (i32.const 1) (local.get 0)) (table.fill $t (i32.const 4) (ref.null func) (local.get 0)) (table.init $e (i32.const 0) (i32.const 0) (local.get 0)) (elem.drop $e)",
    [2],
  ),
  body(
    "table.grow, table.size, table.get and table.set",
    "(param i32) (drop (table.grow $t (ref.null func) (local.get 0))) (drop (table.size $t)) (table.set $t (i32.const 0) (table.get $t (i32.const 1)))",
    [0],
    [5],
  ),
  body("references", "(drop (ref.is_null (ref.null func))) (drop (ref.func $one))"),
  body("vectors", "(v128.store (i32.const 0) (i8x16.add (v128.const i32x4 1 2 3 4) (i32x4.splat (i32.const 5))))"),
  body(
    "saturating and sign-extending operators",
    "(drop (i32.trunc_sat_f64_s (f64.const 1e300))) (drop (i64.extend8_s (i64.const 200)))",
  ),
  {
    title: "recursion",
    wat: '(module (func $f (export "f") (param i32) (result i32) (if (result i32) (i32.lt_u (local.get 0) (i32.const 2)) (then (local.get 0)) (else (i32.add (call $f (i32.sub (local.get 0) (i32.const 1))) (call $f (i32.sub (local.get 0) (i32.const 2))))))))',
    calls: [[1], [10]],
  },
  {
    title: "mutual tail calls",
    wat: '(module (func $even (export "f") (param i32) (result i32) (if (i32.eqz (local.get 0)) (then (return (i32.const 1)))) (return_call $odd (i32.sub (local.get 0) (i32.const 1)))) (func $odd (param i32) (result i32) (if (i32.eqz (local.get 0)) (then (return (i32.const 0)))) (return_call $even (i32.sub (local.get 0) (i32.const 1)))))',
    calls: [[0], [1], [100_000]],
  },
  {
    title: "indirect tail calls",
    wat: '(module (type $t (func (param i32) (result i32))) (table 1 funcref) (elem (i32.const 0) func $f) (func $f (export "f") (param i32) (result i32) (if (i32.eqz (local.get 0)) (then (return (i32.const 1)))) (return_call_indirect (type $t) (i32.sub (local.get 0) (i32.const 1)) (i32.const 0))))',
    calls: [[0], [100_000]],
  },
  {
    title: "indirect tail calls through a table that others see",
    wat: '(module (type $t (func (param i32) (result i32))) (table (export "t") 1 funcref) (elem (i32.const 0) func $f) (func $f (export "f") (param i32) (result i32) (if (i32.eqz (local.get 0)) (then (return (i32.const 1)))) (return_call_indirect (type $t) (i32.sub (local.get 0) (i32.const 1)) (i32.const 0))))',
    calls: [[0], [100_000]],
  },
  {
    title: "blocks with parameters and several results",
    wat: '(module (func (export "f") (param i32) (result i32 i64) (i32.const 1) (i64.const 2) (block (param i32 i64) (result i32 i64) (br_if 0 (local.get 0)) (br_if 1 (i32.eqz (local.get 0))) (unreachable))))',
    calls: [[0], [1]],
  },
  {
    title: "an exception that is not thrown",
    wat: '(module (tag $t) (func (export "f") (block $h (try_table (catch $t $h) (drop (i32.const 1))))))',
    calls: [[]],
  },
];
