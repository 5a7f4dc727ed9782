; Made from `queries/` by `tests/editors/main.rs`: change it there.

; Things to select and to jump between (nvim-treesitter-textobjects, Helix).

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
  (maintainer_instruction)
  (onbuild_instruction)
  (run_instruction)
  (shell_instruction)
  (stopsignal_instruction)
  (user_instruction)
  (volume_instruction)
  (workdir_instruction)
] @statement.outer

(shell_command) @statement.inner

(json_string_array) @statement.inner

[
  (param)
  (mount_param)
  (env_pair)
  (label_pair)
  (json_string)
  (path)
  (expose_port)
] @parameter.inner

(comment) @comment.outer

(heredoc_block) @block.outer
