;; (module (import "h" "g" (global $i i32)) (global $g (mut i32) (global.get $i)) (func (global.set $g (global.get $i))) (export "g" (global $g)))
;; {}
(module
  (type (;0;) (func))
  (type (;1;) (func (param i64) (result i64)))
  (import "h" "g" (global (;0;) i32))
  (import "glovebox:meter" "word" (global (;1;) (mut i64)))
  (import "glovebox:meter" "pages" (global (;2;) (mut i32)))
  (import "glovebox:meter" "elements" (global (;3;) (mut i32)))
  (import "glovebox:meter" "state" (global (;4;) (mut i32)))
  (global (;5;) (mut i32) global.get 0)
  (export "g" (global 5))
  (func (;0;) (type 1) (param i64) (result i64)
    block ;; label = @1
      local.get 0
      i64.const 50
      i64.shl
      local.get 0
      i64.or
      i64.const 0
      i64.lt_s
      br_if 0 (;@1;)
      global.get 0
      global.set 5
      local.get 0
      i64.const 32768
      i64.add
      return
    end
    local.get 0
    global.set 1
    i32.const 1
    global.set 4
    unreachable
  )
)
