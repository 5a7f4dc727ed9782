; Made from `queries/` by `tests/editors/main.rs`: change it there.

; Languages inside Dockerfiles. Capture and property names are those of Neovim.

((comment) @injection.content
  (#set! injection.language "comment"))

; The shell form of RUN, CMD, ENTRYPOINT and HEALTHCHECK.
((shell_command) @injection.content
  (#set! injection.language "bash")
  (#set! injection.include-children))

; `RUN <<EOF`: the body is a script for the shell, unless its first line names another program.
((run_instruction
  (shell_command
    .
    (shell_fragment
      .
      (heredoc_marker) .) .)
  (heredoc_block
    .
    (heredoc_line) @_first
    (heredoc_line)* @injection.content))
  (#not-match? @_first "^#!")
  (#set! injection.language "bash")
  (#set! injection.combined))

((run_instruction
  (heredoc_block
    .
    (heredoc_line) @_first
    (heredoc_line)* @injection.content))
  (#match? @_first "^#!.*[/ ](ba|da|a|z|k)?sh([ \t]|$)")
  (#set! injection.language "bash")
  (#set! injection.combined))

((run_instruction
  (heredoc_block
    .
    (heredoc_line) @_first
    (heredoc_line)* @injection.content))
  (#match? @_first "^#!.*[/ ]python")
  (#set! injection.language "python")
  (#set! injection.combined))

((run_instruction
  (heredoc_block
    .
    (heredoc_line) @_first
    (heredoc_line)* @injection.content))
  (#match? @_first "^#!.*[/ ]node")
  (#set! injection.language "javascript")
  (#set! injection.combined))

; `RUN python3 <<EOF`: the body is what that program reads.
((run_instruction
  (shell_command
    .
    (shell_fragment) @_command)
  (heredoc_block
    (heredoc_line)* @injection.content))
  (#match? @_command "^python[0-9.]*[ \t]")
  (#set! injection.language "python")
  (#set! injection.combined))

((run_instruction
  (shell_command
    .
    (shell_fragment) @_command)
  (heredoc_block
    (heredoc_line)* @injection.content))
  (#match? @_command "^node[ \t]")
  (#set! injection.language "javascript")
  (#set! injection.combined))
