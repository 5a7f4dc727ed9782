;;; dockwright.el --- Dockwright for Eglot and lsp-mode -*- lexical-binding: t -*-

;; Emacs 29 and later have `dockerfile-ts-mode'; before that install `dockerfile-mode'.

;;; Code:

(defgroup dockwright nil "Dockerfiles with Dockwright." :group 'tools)

(defcustom dockwright-program "dockwright"
  "The program to start." :type 'string)

(defun dockwright-command-line (&optional _interactive)
  "How the server is started."
  (list dockwright-program "lsp"))

(defvar eglot-server-programs)
(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs
               '((dockerfile-mode dockerfile-ts-mode) . dockwright-command-line)))

(with-eval-after-load 'lsp-mode
  (lsp-register-client
   (make-lsp-client :new-connection (lsp-stdio-connection #'dockwright-command-line)
                    :activation-fn (lsp-activate-on "dockerfile")
                    :priority 1
                    :server-id 'dockwright)))

(declare-function eglot-current-server "eglot")
(declare-function jsonrpc-async-request "jsonrpc")
(declare-function lsp-request-async "lsp-mode")

(defun dockwright--execute (command arguments then)
  "Let the server execute COMMAND with ARGUMENTS, and call THEN with the answer."
  (let ((params (list :command command :arguments (vector arguments))))
    (if (and (fboundp 'eglot-current-server) (eglot-current-server))
        (jsonrpc-async-request (eglot-current-server) :workspace/executeCommand params
                               :success-fn then :timeout nil
                               :error-fn (lambda (it) (message "Dockwright: %s" (plist-get it :message))))
      (lsp-request-async "workspace/executeCommand" params then))))

(defun dockwright--get (answer key)
  "The value of KEY in ANSWER, a property list (Eglot) or a hash table (lsp-mode)."
  (if (hash-table-p answer) (gethash key answer) (plist-get answer (intern (concat ":" key)))))

(defun dockwright--terminal (line)
  "Run LINE, an answer with `argv' and `cwd', in a terminal. No shell reads its words."
  (let* ((argv (append (dockwright--get line "argv") nil))
         (default-directory (file-name-as-directory (or (dockwright--get line "cwd") default-directory))))
    (require 'term)
    (pop-to-buffer (apply #'make-term "dockwright" (car argv) nil (cdr argv)))
    (term-char-mode)))

(defun dockwright--show (text)
  "Show TEXT in a buffer of its own."
  (with-current-buffer (get-buffer-create "*Dockwright*")
    (let ((inhibit-read-only t)) (erase-buffer) (insert text))
    (goto-char (point-min))
    (when (fboundp 'markdown-view-mode) (markdown-view-mode))
    (display-buffer (current-buffer))))

(defun dockwright--say (answer)
  "Tell how it ended by ANSWER."
  (let ((text (if (or (null answer) (stringp answer)) answer (dockwright--get answer "markdown"))))
    (cond (text (unless (and (not (stringp answer)) (eq (dockwright--get answer "shown") t)) (dockwright--show text)))
          ((null answer))
          ((eq (dockwright--get answer "ok") t) (message "Dockwright: done"))
          (t (message "Dockwright: it failed (exit code %s)" (dockwright--get answer "exitCode"))))))

(defun dockwright--argument (&rest more)
  "The Dockerfile of this buffer, saved, and MORE."
  (when (and buffer-file-name (buffer-modified-p)) (save-buffer))
  (append (list :uri (concat "file://" (url-encode-url (buffer-file-name)))) more))

(defmacro dockwright--define (verb command text)
  "Define `dockwright-VERB' for the server's COMMAND; TEXT documents it."
  `(defun ,(intern (format "dockwright-%s" verb)) ()
     ,text
     (interactive)
     (dockwright--execute ,command (dockwright--argument) #'dockwright--say)))

(dockwright--define build "dockwright.build" "Build the image of this Dockerfile.")
(dockwright--define run "dockwright.run" "Run the image of this Dockerfile in a container.")
(dockwright--define check "dockwright.check" "Let BuildKit check this Dockerfile.")
(dockwright--define stop "dockwright.stop" "Stop the container of this Dockerfile.")
(dockwright--define logs "dockwright.logs" "Show the logs of the container of this Dockerfile.")
(dockwright--define explain "dockwright.explain" "Tell this Dockerfile as a story.")

(defun dockwright-shell ()
  "Open a shell in the image of this Dockerfile."
  (interactive)
  (dockwright--execute "dockwright.shell" (dockwright--argument :dryRun t) #'dockwright--terminal))

(provide 'dockwright)
;;; dockwright.el ends here
