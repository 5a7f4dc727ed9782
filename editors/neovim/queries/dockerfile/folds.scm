; Made from `queries/` by `tests/editors/main.rs`: change it there.

; What can be folded. Editors fold only what takes more than one line.

[
  (add_instruction)
  (arg_instruction)
  (cmd_instruction)
  (copy_instruction)
  (entrypoint_instruction)
  (env_instruction)
  (expose_instruction)
  (from_instruction)
  (healthcheck_instruction)
  (label_instruction)
  (onbuild_instruction)
  (run_instruction)
  (shell_instruction)
  (volume_instruction)
  (heredoc_block)
] @fold

(comment)+ @fold
