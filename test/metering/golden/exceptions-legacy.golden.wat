;; (module (tag $t) (func $f try call $f catch $t end))
;; {}
(module
  (type (;0;) (func))
  (type (;1;) (func (param i64) (result i64)))
  (import "glovebox:meter" "word" (global (;0;) (mut i64)))
  (import "glovebox:meter" "pages" (global (;1;) (mut i32)))
  (import "glovebox:meter" "elements" (global (;2;) (mut i32)))
  (import "glovebox:meter" "state" (global (;3;) (mut i32)))
  (tag (;0;) (type 0))
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
      try ;; label = @2
        local.get 0
        i64.const 49154
        i64.add
        call 0
        i64.const -2
        i64.add
        local.set 0
      catch 0
        global.get 0
        i64.const -16384
        i64.and
        local.get 0
        i64.const 16383
        i64.and
        i64.or
        local.set 0
        local.get 0
        i64.const 16384
        i64.add
        local.set 0
      end
      local.get 0
      return
    end
    local.get 0
    global.set 0
    i32.const 1
    global.set 3
    unreachable
  )
)
