;; (module (func (param i32) (block $a (br_if $a (local.get 0)) (if (local.get 0) (then (drop (i32.const 1))) (else (br $a))) (drop (i32.const 2)))))
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
      block ;; label = @2
        local.get 0
        br_if 0 (;@2;)
        local.get 0
        if ;; label = @3
          i32.const 1
          drop
        else
          local.get 1
          i64.const 49152
          i64.add
          local.set 1
          br 1 (;@2;)
        end
        i32.const 2
        drop
        local.get 1
        i64.const 65536
        i64.add
        local.set 1
      end
      local.get 1
      i64.const 32768
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
