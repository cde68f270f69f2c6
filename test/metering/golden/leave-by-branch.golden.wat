;; (module (func (param i32) (result i32 i64) (br_if 0 (i32.const 1) (i64.const 2) (local.get 0))))
;; {}
(module
  (type (;0;) (func (param i32) (result i32 i64)))
  (type (;1;) (func (result i32 i64)))
  (type (;2;) (func (param i32 i64) (result i32 i64 i64)))
  (import "glovebox:meter" "word" (global (;0;) (mut i64)))
  (import "glovebox:meter" "pages" (global (;1;) (mut i32)))
  (import "glovebox:meter" "elements" (global (;2;) (mut i32)))
  (import "glovebox:meter" "state" (global (;3;) (mut i32)))
  (func (;0;) (type 2) (param i32 i64) (result i32 i64 i64)
    block ;; label = @1
      local.get 1
      i64.const 50
      i64.shl
      local.get 1
      i64.or
      i64.const 0
      i64.lt_s
      br_if 0 (;@1;)
      block (type 1) (result i32 i64) ;; label = @2
        i32.const 1
        i64.const 2
        local.get 0
        br_if 0 (;@2;)
      end
      local.get 1
      i64.const 65536
      i64.add
      return
    end
    local.get 1
    global.set 0
    i32.const 1
    global.set 3
    unreachable
  )
)
