;;; dockwright.el --- Dockwright for Eglot and lsp-mode -*- lexical-binding: t -*-

;; Emacs 29 and later have `dockerfile-ts-mode'; before that install `dockerfile-mode'.

(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs
               '((dockerfile-mode dockerfile-ts-mode) . ("dockwright" "lsp"))))

(with-eval-after-load 'lsp-mode
  (lsp-register-client
   (make-lsp-client :new-connection (lsp-stdio-connection '("dockwright" "lsp"))
                    :activation-fn (lsp-activate-on "dockerfile")
                    :priority 1
                    :server-id 'dockwright)))

(provide 'dockwright)
;;; dockwright.el ends here
