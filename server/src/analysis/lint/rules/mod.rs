//! The rules, one file each. A new one needs its line here twice, in alphabetical order; a test sees to it.

mod apt_get_with_recommends;
mod apt_get_without_yes;
mod apt_in_script;
mod argument_at_run_time;
mod blank_name;
mod cd_instead_of_workdir;
mod circular_stages;
mod comment_after_arguments;
mod constant_platform;
mod copied_secret_file;
mod copy_from_later_stage;
mod copy_from_outside_context;
mod copy_from_url;
mod copy_of_ignored_file;
mod copy_without_destination;
mod deprecated_maintainer;
mod dnf_without_yes;
mod duplicate_flag;
mod duplicate_stage_name;
mod empty_continuation_line;
mod flag_without_value;
mod forbidden_onbuild;
mod from_as_case_mismatch;
mod global_argument_in_command;
mod heredoc_as_destination;
mod inconsistent_keyword_case;
mod instruction_before_from;
mod invalid_check_option;
mod invalid_checksum;
mod invalid_default_in_from;
mod invalid_directive;
mod invalid_expansion;
mod invalid_flag_value;
mod invalid_from_arguments;
mod invalid_healthcheck;
mod invalid_image_reference;
mod invalid_mount;
mod invalid_port;
mod invalid_signal;
mod invalid_stage_name;
mod json_not_strings;
mod legacy_key_value;
mod line_too_long;
mod malformed_description;
mod malformed_exec_form;
mod malformed_suppression;
mod missing_argument;
mod missing_equals;
mod missing_from;
mod missing_value;
mod newer_than_syntax;
mod overridden_instruction;
mod overwritten_path;
mod port_mapping_in_expose;
mod program_with_blanks;
mod redundant_target_platform;
mod relative_workdir;
mod replaced_bin_sh;
mod reserved_stage_name;
mod secret_in_arg_or_env;
mod shell_form_command;
mod shell_not_json;
mod shell_syntax_in_exec_form;
mod sudo_in_run;
mod swallowed_cmd;
mod undefined_argument_in_from;
mod undefined_variable;
mod unexpanded_tilde;
mod unknown_flag;
mod unknown_instruction;
mod unknown_mount_option;
mod unknown_mount_type;
mod unknown_rule_in_suppression;
mod unknown_stage_number;
mod unterminated_heredoc;
mod unused_argument;
mod unused_suppression;
mod uppercase_protocol;
mod uppercase_stage_name;
mod useless_command;
mod useradd_with_large_id;
mod variable_in_copy_from;
mod wget_progress_in_log;
mod yum_without_yes;
mod zypper_dist_upgrade;
mod zypper_without_yes;

use super::rule::Rule;

/// All rules, by name.
pub static RULES: &[&Rule] = &[
    &apt_get_with_recommends::RULE,
    &apt_get_without_yes::RULE,
    &apt_in_script::RULE,
    &argument_at_run_time::RULE,
    &blank_name::RULE,
    &cd_instead_of_workdir::RULE,
    &circular_stages::RULE,
    &comment_after_arguments::RULE,
    &constant_platform::RULE,
    &copied_secret_file::RULE,
    &copy_from_later_stage::RULE,
    &copy_from_outside_context::RULE,
    &copy_from_url::RULE,
    &copy_of_ignored_file::RULE,
    &copy_without_destination::RULE,
    &deprecated_maintainer::RULE,
    &dnf_without_yes::RULE,
    &duplicate_flag::RULE,
    &duplicate_stage_name::RULE,
    &empty_continuation_line::RULE,
    &flag_without_value::RULE,
    &forbidden_onbuild::RULE,
    &from_as_case_mismatch::RULE,
    &global_argument_in_command::RULE,
    &heredoc_as_destination::RULE,
    &inconsistent_keyword_case::RULE,
    &instruction_before_from::RULE,
    &invalid_check_option::RULE,
    &invalid_checksum::RULE,
    &invalid_default_in_from::RULE,
    &invalid_directive::RULE,
    &invalid_expansion::RULE,
    &invalid_flag_value::RULE,
    &invalid_from_arguments::RULE,
    &invalid_healthcheck::RULE,
    &invalid_image_reference::RULE,
    &invalid_mount::RULE,
    &invalid_port::RULE,
    &invalid_signal::RULE,
    &invalid_stage_name::RULE,
    &json_not_strings::RULE,
    &legacy_key_value::RULE,
    &line_too_long::RULE,
    &malformed_description::RULE,
    &malformed_exec_form::RULE,
    &malformed_suppression::RULE,
    &missing_argument::RULE,
    &missing_equals::RULE,
    &missing_from::RULE,
    &missing_value::RULE,
    &newer_than_syntax::RULE,
    &overridden_instruction::RULE,
    &overwritten_path::RULE,
    &port_mapping_in_expose::RULE,
    &program_with_blanks::RULE,
    &redundant_target_platform::RULE,
    &relative_workdir::RULE,
    &replaced_bin_sh::RULE,
    &reserved_stage_name::RULE,
    &secret_in_arg_or_env::RULE,
    &shell_form_command::RULE,
    &shell_not_json::RULE,
    &shell_syntax_in_exec_form::RULE,
    &sudo_in_run::RULE,
    &swallowed_cmd::RULE,
    &undefined_argument_in_from::RULE,
    &undefined_variable::RULE,
    &unexpanded_tilde::RULE,
    &unknown_flag::RULE,
    &unknown_instruction::RULE,
    &unknown_mount_option::RULE,
    &unknown_mount_type::RULE,
    &unknown_rule_in_suppression::RULE,
    &unknown_stage_number::RULE,
    &unterminated_heredoc::RULE,
    &unused_argument::RULE,
    &unused_suppression::RULE,
    &uppercase_protocol::RULE,
    &uppercase_stage_name::RULE,
    &useless_command::RULE,
    &useradd_with_large_id::RULE,
    &variable_in_copy_from::RULE,
    &wget_progress_in_log::RULE,
    &yum_without_yes::RULE,
    &zypper_dist_upgrade::RULE,
    &zypper_without_yes::RULE,
];
