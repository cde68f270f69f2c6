;; (module (func (result i32) (block (br 0) (drop (i32.const 1))) (return (i32.const 1)) (drop (i32.const 2))))
;; {}
(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func (param i64) (result i32 i64)))
  (import "glovebox:meter" "word" (global (;0;) (mut i64)))
  (import "glovebox:meter" "pages" (global (;1;) (mut i32)))
  (import "glovebox:meter" "elements" (global (;2;) (mut i32)))
  (import "glovebox:meter" "state" (global (;3;) (mut i32)))
  (func (;0;) (type 1) (param i64) (result i32 i64)
    block ;; label = @1
      local.get 0
      i64.const 50
      i64.shl
      local.get 0
      i64.or
      i64.const 0
      i64.lt_s
      br_if 0 (;@1;)
      block ;; label = @2
        br 0 (;@2;)
      end
      i32.const 1
      local.get 0
      i64.const 32768
      i64.add
      return
    end
    local.get 0
    global.set 0
    i32.const 1
    global.set 3
    unreachable
  )
)
