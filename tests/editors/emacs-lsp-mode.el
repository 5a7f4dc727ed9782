;;; Drives Dockwright from a real Emacs with lsp-mode: emacs --batch -l emacs-lsp-mode.el BINARY WORKSPACE CONFIG -*- lexical-binding: t -*-
(defvar lsp-keymap-prefix "C-c l")
(setq native-comp-deferred-compilation nil)
(require 'lsp-mode)
(require 'flymake)
(define-derived-mode dockerfile-mode prog-mode "Dockerfile")

(defvar dockwright-program)
(load (expand-file-name "emacs-checks" (file-name-directory load-file-name)) nil t)

(defun findings ()
  (seq-mapcat (lambda (it) (seq-map #'lsp:diagnostic-message it)) (hash-table-values (lsp-diagnostics))))

(let* ((binary (pop command-line-args-left))
       (workspace (file-name-as-directory (pop command-line-args-left)))
       (config (pop command-line-args-left))
       (path (expand-file-name "Dockerfile" workspace)))
  (with-temp-file path
    (insert "FROM debian AS Base\nMAINTAINER me\nENV A=1\nRUN echo $A\n"))
  (load config nil t)
  (setq dockwright-program binary
        lsp-session-file (expand-file-name "session" workspace)
        lsp-enable-snippet nil
        lsp-auto-configure nil
        lsp-restart 'ignore
        lsp-diagnostics-provider :none)
  (lsp-workspace-folders-add workspace)
  (find-file path)
  (dockerfile-mode)
  (lsp)
  (wait-until (lambda () (and (lsp-workspaces) (eq 'initialized (lsp--workspace-status (car (lsp-workspaces)))))))
  (check "lsp-mode takes our server" (equal (mapcar #'lsp--workspace-server-id (lsp-workspaces)) '(dockwright))
         (mapcar #'lsp--workspace-server-id (lsp-workspaces)))
  (lsp-managed-mode 1)
  (wait-until #'findings)
  (check "diagnostics arrive" (seq-some (lambda (it) (string-match-p "MAINTAINER" it)) (findings)) (findings))
  (goto-char (point-min))
  (search-forward "$A")
  (let* ((answer (lsp-request "textDocument/hover" (lsp--text-document-position-params)))
         (text (and answer (lsp:markup-content-value (lsp:hover-contents answer)))))
    (check "hover shows the value" (and text (string-match-p "`1`" text)) answer))
  (dockwright-explain)
  (wait-until (lambda () (get-buffer "*Dockwright*")))
  (let ((text (and (get-buffer "*Dockwright*") (with-current-buffer "*Dockwright*" (buffer-string)))))
    (check "a command's answer is shown" (and text (string-match-p "explained" text)) text))
  (message "%d passed, %d failed" passed failures)
  (mapc #'lsp-workspace-shutdown (lsp-workspaces))
  (kill-emacs failures))
