;;; What the tests of Eglot and of lsp-mode count and wait with -*- lexical-binding: t -*-
(defvar failures 0)
(defvar passed 0)

(defun check (name ok seen)
  (if ok (progn (setq passed (1+ passed)) (message "ok   %s" name))
    (setq failures (1+ failures))
    (message "FAIL %s: saw %S" name seen)))

(defun wait-until (predicate)
  (let ((end (+ (float-time) 30)))
    (while (and (not (funcall predicate)) (< (float-time) end))
      (accept-process-output nil 0.1))
    (funcall predicate)))
