; Made from `queries/` by `tests/editors/main.rs`: change it there.

; The continuation lines of an instruction stand one step in.

[
  (add_instruction)
  (cmd_instruction)
  (copy_instruction)
  (entrypoint_instruction)
  (env_instruction)
  (expose_instruction)
  (healthcheck_instruction)
  (label_instruction)
  (run_instruction)
  (volume_instruction)
] @indent.begin

[
  (heredoc_block)
  (comment)
] @indent.ignore
