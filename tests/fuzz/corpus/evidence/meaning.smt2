(set-logic HORN)
(declare-fun |the loop| (Int (Array Int Bool)) Bool)
(assert (forall ((a (Array Int Bool))) (=> (= a ((as const (Array Int Bool)) false)) (|the loop| (- 2) a))))
(assert (forall ((x Int) (a (Array Int Bool))) (=> (|the loop| x a) (|the loop| (+ x 3) (store a x true)))))
(assert (forall ((x Int) (a (Array Int Bool))) (=> (and (|the loop| x a) (select a 1)) false)))
;;;
(evidence 1 interpretation)
(define-fun |the loop| ((x Int) (a (Array Int Bool))) Bool (let ((y (+ x x))) (or (< y 9) (not (= a (store ((as const (Array Int Bool)) true) y (select a x)))))))
