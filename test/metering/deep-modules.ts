// Modules that recurse without end, each through another kind of frame: the deepest and the fattest that we can think of.

const list = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => make(index)).join(" ");
const fold = (count: number, add: string): string =>
  Array.from({ length: count }, (_, index) => `(local.get ${index + 1})`).reduce((a, b) => `(${add} ${a} ${b})`);

const fat = (
  locals: number,
): string => `(module (func $f (export "f") (param i64) (result i64) (local ${list(locals, () => "i64")})
  ${list(locals, (i) => `(local.set ${i + 1} (i64.add (local.get 0) (i64.const ${i})))`)} (drop (call $f (local.get 0))) ${fold(Math.min(locals, 900), "i64.add")}))`;

const indirect = (
  table: string,
): string => `(module (type $t (func (param i64) (result i64))) ${table} (elem (i32.const 0) func $f)
  (func $f (export "f") (type $t) (i64.add (i64.const 1) (call_indirect (type $t) (local.get 0) (i32.const 0)))))`;

/** By what fills the frames. The export `f` takes and gives an i64. */
export const DEEP_MODULES: Readonly<Record<string, string>> = {
  nothing: '(module (func $f (export "f") (param i64) (result i64) (call $f (local.get 0))))',
  "two calls":
    '(module (func (export "f") (param i64) (result i64) (call $g) (i64.const 1)) (func $g (call $g) (call $g)))',
  "a public table": indirect('(table (export "t") 1 funcref)'),
  "a private table": indirect("(table 1 funcref)"),
  "60 parameters": `(module (type $t (func (param ${list(60, () => "i64")}) (result i64))) (table (export "t") 1 funcref) (elem (i32.const 0) func $g)
    (func (export "f") (param i64) (result i64) (call $g ${list(60, () => "(local.get 0)")}))
    (func $g (type $t) (call_indirect (type $t) ${list(60, (i) => `(local.get ${i})`)} (i32.const 0))))`,
  "30 results": `(module (func (export "f") (param i64) (result i64) (call $g) ${list(29, () => "(i64.add)")})
    (func $g (result ${list(30, () => "i64")}) (call $g)))`,
  "10 locals": fat(10),
  "100 locals": fat(100),
  "1000 locals": fat(1000),
  "5000 locals": fat(5000),
  "100 vectors": `(module (func (export "f") (param i64) (result i64) (drop (call $g (i64x2.splat (local.get 0)))) (i64.const 1))
    (func $g (param v128) (result v128) (local ${list(100, () => "v128")})
      ${list(100, (i) => `(local.set ${i + 1} (i64x2.add (local.get 0) (v128.const i64x2 ${i} 1)))`)} (drop (call $g (local.get 5))) ${fold(100, "i64x2.add")}))`,
  "200 operands": `(module (memory 1) (func $f (export "f") (param i64) (result i64)
    ${list(200, () => "(i64.load (i32.const 0))")} (call $f (local.get 0)) ${list(200, () => "(i64.add)")}))`,
  "30 floats": `(module (func (export "f") (param i64) (result i64) (drop (call $g (f64.const 1))) (i64.const 1))
    (func $g (param f64) (result f64) (local ${list(30, () => "f64")})
      ${list(30, (i) => `(local.set ${i + 1} (f64.add (local.get 0) (f64.const ${i})))`)} (drop (call $g (local.get 5))) ${fold(30, "f64.div")}))`,
  "a fat function inlined": `(module (global $k (mut i32) (i32.const 0)) (func $f (export "f") (param i64) (result i64)
    (global.set $k (i32.add (global.get $k) (i32.const 1)))
    (if (i32.and (global.get $k) (i32.const 1)) (then (local.set 0 (call $b (local.get 0))))) (i64.add (call $f (local.get 0)) (local.get 0)))
    (func $b (param i64) (result i64) (local ${list(40, () => "i64")})
      ${list(40, (i) => `(local.set ${i + 1} (i64.add (local.get 0) (i64.const ${i})))`)} ${fold(40, "i64.add")}))`,
};
