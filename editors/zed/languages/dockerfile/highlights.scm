; Made from `queries/` by `tests/editors/main.rs`: change it there.

; Colours for Dockerfiles. Capture names are those of Neovim; node kinds are those of tree-sitter-dockerfile 0.2.
; The language server makes its semantic tokens from this file; editors may use it as it is.
; Of two captures of one node the later one wins, and an inner node wins over the node around it.

[
  "ADD"
  "ARG"
  "AS"
  "CMD"
  "COPY"
  "CROSS_BUILD"
  "ENTRYPOINT"
  "ENV"
  "EXPOSE"
  "FROM"
  "HEALTHCHECK"
  "LABEL"
  "MAINTAINER"
  "NONE"
  "ONBUILD"
  "RUN"
  "SHELL"
  "STOPSIGNAL"
  "USER"
  "VOLUME"
  "WORKDIR"
] @keyword

(comment) @comment

; The parser directives `# syntax=`, `# escape=` and `# check=` stand above everything else. (`[=]`, since a plain `=` has
; a meaning of its own in Neovim.)
(source_file
  .
  (comment) @preproc
  (#match? @preproc "^#[ \t]*([sS][yY][nN][tT][aA][xX]|[eE][sS][cC][aA][pP][eE]|[cC][hH][eE][cC][kK])[ \t]*[=]"))

; Strings

[
  (double_quoted_string)
  (single_quoted_string)
  (json_string)
  (heredoc_line)
] @string

(escape_sequence) @string.escape

(env_pair
  value: (unquoted_string) @string)

(arg_instruction
  default: (unquoted_string) @string)

(label_pair
  value: (unquoted_string) @string)

(path) @string.special.path

(user_instruction
  (unquoted_string) @string)

[
  (heredoc_marker)
  (heredoc_end)
] @label

; Names

(image_name) @type

(image_tag) @constant

(image_digest) @constant

(image_alias) @type

((image_name) @type.builtin
  (#eq? @type.builtin "scratch"))

(env_pair
  name: (unquoted_string) @variable)

(arg_instruction
  name: (unquoted_string) @variable)

(label_pair
  key: (_) @property)

(variable) @variable

; Numbers

(expose_port) @number

; Flags

(param) @attribute

(mount_param) @attribute

(mount_param_param) @property

; Signs

[
  "="
  ":"
  "@"
] @operator

[
  "["
  "]"
] @punctuation.bracket

"," @punctuation.delimiter

(expansion
  [
    "$"
    "{"
    "}"
  ] @punctuation.special)

(line_continuation) @punctuation.special
