;; (module (func (export "f") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1))))
;; {"scheme":"globals"}
(module
  (type (;0;) (func (param i32) (result i32)))
  (import "glovebox:meter" "word" (global (;0;) (mut i64)))
  (import "glovebox:meter" "pages" (global (;1;) (mut i32)))
  (import "glovebox:meter" "elements" (global (;2;) (mut i32)))
  (import "glovebox:meter" "state" (global (;3;) (mut i32)))
  (export "f" (func 0))
  (func (;0;) (type 0) (param i32) (result i32)
    (local i64)
    global.get 0
    i64.const 16384
    i64.add
    local.set 1
    block ;; label = @1
      local.get 1
      i64.const 50
      i64.shl
      local.get 1
      i64.or
      i64.const 0
      i64.lt_s
      br_if 0 (;@1;)
      local.get 0
      i32.const 1
      i32.add
      local.get 1
      i64.const 49152
      i64.add
      global.set 0
      return
    end
    local.get 1
    global.set 0
    i32.const 1
    global.set 3
    unreachable
  )
)
