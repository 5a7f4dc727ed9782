; Made from `queries/` by `tests/editors/main.rs`: change it there.

; Where stages and variables get their names, and where they are used.

(source_file) @local.scope

(image_alias) @local.definition.type

(arg_instruction
  name: (unquoted_string) @local.definition.variable)

(env_pair
  name: (unquoted_string) @local.definition.variable)

(variable) @local.reference
