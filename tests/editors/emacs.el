;;; Drives Dockwright from a real Emacs with Eglot: emacs --batch -l emacs.el BINARY WORKSPACE CONFIG -*- lexical-binding: t -*-
(require 'eglot)
(require 'flymake)
(define-derived-mode dockerfile-mode prog-mode "Dockerfile")

(defvar dockwright-program)
(load (expand-file-name "emacs-checks" (file-name-directory load-file-name)) nil t)

(let* ((binary (pop command-line-args-left))
       (workspace (file-name-as-directory (pop command-line-args-left)))
       (config (pop command-line-args-left))
       (path (expand-file-name "Dockerfile" workspace)))
  (with-temp-file path
    (insert "FROM debian AS Base\nMAINTAINER me\nENV A=1\nRUN echo $A\n"))
  (load config nil t)
  (setq dockwright-program binary
        eglot-sync-connect 15
        eglot-autoreconnect nil
        project-find-functions (list (lambda (_) (cons 'transient workspace))))
  (find-file path)
  (dockerfile-mode)
  (call-interactively #'eglot)
  (flymake-mode 1)
  (check "eglot connects" (eglot-managed-p) (eglot-current-server))
  (wait-until (lambda () (flymake-diagnostics)))
  (let ((texts (mapcar #'flymake-diagnostic-text (flymake-diagnostics))))
    (check "diagnostics arrive" (seq-some (lambda (it) (string-match-p "MAINTAINER" it)) texts) texts))
  (check "the commands are there" (commandp 'dockwright-build) nil)
  (goto-char (point-min))
  (search-forward "$A")
  (let* ((answer (jsonrpc-request (eglot--current-server-or-lose) :textDocument/hover
                                  (eglot--TextDocumentPositionParams)))
         (text (plist-get (plist-get answer :contents) :value)))
    (check "hover shows the value" (and text (string-match-p "`1`" text)) answer))
  (dockwright-explain)
  (wait-until (lambda () (get-buffer "*Dockwright*")))
  (let ((text (and (get-buffer "*Dockwright*") (with-current-buffer "*Dockwright*" (buffer-string)))))
    (check "a command's answer is shown" (and text (string-match-p "explained" text)) text))
  (let ((server (eglot-current-server)))
    (eglot-shutdown server nil 10)
    (check "the server ends" (not (jsonrpc-running-p server)) server))
  (message "%d passed, %d failed" passed failures)
  (kill-emacs failures))
