(declare-rel P (Int))
(declare-var x Int)
(rule (P 0))
(rule (=> (P x) (P (+ x 6))))
(query (P 7))
;;;
(evidence 1 interpretation)
(define-fun P ((x Int)) Bool (let ((q (div x 2)) (r (mod x (- 3)))) (and (= x (* 2 q)) (= (mod (+ q r) 3) 0))))
