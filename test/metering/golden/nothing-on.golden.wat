;; (module (import "h" "f" (func $h)) (func (call $h) (drop (f64.div (f64.const 0) (f64.const 0)))))
;; {"fuel":false,"depth":false,"growth":false,"nan":false}
(module
  (type (;0;) (func))
  (import "h" "f" (func (;0;) (type 0)))
  (import "glovebox:meter" "word" (global (;0;) (mut i64)))
  (import "glovebox:meter" "pages" (global (;1;) (mut i32)))
  (import "glovebox:meter" "elements" (global (;2;) (mut i32)))
  (import "glovebox:meter" "state" (global (;3;) (mut i32)))
  (func (;1;) (type 0)
    call 0
    f64.const 0x0p+0 (;=0;)
    f64.const 0x0p+0 (;=0;)
    f64.div
    drop
  )
)
