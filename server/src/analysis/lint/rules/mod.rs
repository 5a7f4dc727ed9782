//! The rules, one file each. A new one needs its line here twice, in alphabetical order; a test sees to it.

mod constant_platform;
mod copy_of_ignored_file;
mod deprecated_maintainer;
mod duplicate_stage_name;
mod empty_continuation_line;
mod from_as_case_mismatch;
mod inconsistent_keyword_case;
mod invalid_default_in_from;
mod invalid_port;
mod legacy_key_value;
mod malformed_description;
mod overridden_instruction;
mod port_mapping_in_expose;
mod redundant_target_platform;
mod relative_workdir;
mod reserved_stage_name;
mod secret_in_arg_or_env;
mod shell_form_command;
mod undefined_argument_in_from;
mod undefined_variable;
mod unknown_instruction;
mod uppercase_protocol;
mod uppercase_stage_name;

use super::rule::Rule;

/// All rules, by name.
pub static RULES: &[&Rule] = &[
    &constant_platform::RULE,
    &copy_of_ignored_file::RULE,
    &deprecated_maintainer::RULE,
    &duplicate_stage_name::RULE,
    &empty_continuation_line::RULE,
    &from_as_case_mismatch::RULE,
    &inconsistent_keyword_case::RULE,
    &invalid_default_in_from::RULE,
    &invalid_port::RULE,
    &legacy_key_value::RULE,
    &malformed_description::RULE,
    &overridden_instruction::RULE,
    &port_mapping_in_expose::RULE,
    &redundant_target_platform::RULE,
    &relative_workdir::RULE,
    &reserved_stage_name::RULE,
    &secret_in_arg_or_env::RULE,
    &shell_form_command::RULE,
    &undefined_argument_in_from::RULE,
    &undefined_variable::RULE,
    &unknown_instruction::RULE,
    &uppercase_protocol::RULE,
    &uppercase_stage_name::RULE,
];
