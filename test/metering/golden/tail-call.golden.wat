;; (module (func $f (param i32) (return_call $f (local.get 0))))
;; {}
(module
  (type (;0;) (func (param i32)))
  (type (;1;) (func (param i32 i64) (result i64)))
  (import "glovebox:meter" "word" (global (;0;) (mut i64)))
  (import "glovebox:meter" "pages" (global (;1;) (mut i32)))
  (import "glovebox:meter" "elements" (global (;2;) (mut i32)))
  (import "glovebox:meter" "state" (global (;3;) (mut i32)))
  (func (;0;) (type 1) (param i32 i64) (result i64)
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
      local.get 1
      i64.const 49152
      i64.add
      return_call 0
    end
    local.get 1
    global.set 0
    i32.const 1
    global.set 3
    unreachable
  )
)
