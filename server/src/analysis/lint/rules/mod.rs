//! The rules, one file each. A new one needs its line here twice, in alphabetical order; a test sees to it.

mod add_of_plain_files;
mod apk_cache_left_behind;
mod apt_get_update_alone;
mod apt_get_with_recommends;
mod apt_get_without_yes;
mod apt_in_script;
mod apt_install_without_update;
mod apt_lists_left_behind;
mod argument_at_run_time;
mod bash_in_alpine;
mod blank_name;
mod cd_instead_of_workdir;
mod chown_after_copy;
mod circular_stages;
mod comment_after_arguments;
mod consecutive_runs;
mod constant_platform;
mod copied_secret_file;
mod copy_before_install;
mod copy_from_later_stage;
mod copy_from_outside_context;
mod copy_from_url;
mod copy_of_ignored_file;
mod copy_of_whole_root;
mod copy_then_extract;
mod copy_without_destination;
mod copy_without_final_slash;
mod credentials_in_url;
mod curl_and_wget;
mod daemon_as_command;
mod deprecated_image;
mod deprecated_maintainer;
mod dnf_cache_left_behind;
mod dnf_without_yes;
mod docker_in_run;
mod download_piped_into_shell;
mod duplicate_flag;
mod duplicate_stage_name;
mod empty_continuation_line;
mod empty_label;
mod env_uses_itself;
mod file_not_copied;
mod flag_without_value;
mod forbidden_onbuild;
mod from_as_case_mismatch;
mod global_argument_in_command;
mod hard_coded_architecture;
mod heredoc_as_destination;
mod heredoc_without_errexit;
mod inconsistent_keyword_case;
mod insecure_download;
mod install_without_root;
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
mod invalid_label_key;
mod invalid_mount;
mod invalid_port;
mod invalid_signal;
mod invalid_stage_name;
mod json_not_strings;
mod label_not_commit;
mod label_not_date;
mod label_not_email;
mod label_not_license;
mod label_not_semantic_version;
mod label_not_url;
mod latest_tag;
mod legacy_key_value;
mod line_too_long;
mod listening_on_localhost;
mod malformed_description;
mod malformed_exec_form;
mod malformed_suppression;
mod missing_argument;
mod missing_equals;
mod missing_from;
mod missing_healthcheck;
mod missing_label;
mod missing_value;
mod misspelled_image;
mod named_user;
mod newer_than_syntax;
mod overridden_cmd;
mod overridden_entrypoint;
mod overridden_healthcheck;
mod overwritten_path;
mod pip_cache_left_behind;
mod pipe_without_pipefail;
mod port_mapping_in_expose;
mod printed_secret;
mod program_with_blanks;
mod redundant_target_platform;
mod relative_copy_destination;
mod relative_workdir;
mod removed_image;
mod removed_in_later_layer;
mod replaced_bin_sh;
mod reserved_stage_name;
mod retired_tag;
mod root_user;
mod run_without_effect;
mod secret_in_arg_or_env;
mod server_at_build_time;
mod shell_form_command;
mod shell_in_distroless;
mod shell_not_json;
mod shell_syntax_in_exec_form;
mod sudo_in_run;
mod suppression_comment;
mod swallowed_cmd;
mod swallowed_instruction;
mod swallowed_lines;
mod undefined_argument_in_from;
mod undefined_variable;
mod unexpanded_tilde;
mod unexpected_label;
mod unfinished_command;
mod unignored_files;
mod unknown_flag;
mod unknown_image;
mod unknown_instruction;
mod unknown_mount_option;
mod unknown_mount_type;
mod unknown_rule_in_suppression;
mod unknown_stage;
mod unknown_stage_number;
mod unknown_tag;
mod unpinned_apk_package;
mod unpinned_apt_package;
mod unpinned_dnf_package;
mod unpinned_gem;
mod unpinned_go_package;
mod unpinned_npm_package;
mod unpinned_pip_package;
mod unpinned_yum_package;
mod unpinned_zypper_package;
mod untagged_image;
mod unterminated_heredoc;
mod untrusted_registry;
mod unused_argument;
mod unused_suppression;
mod unverified_add;
mod uppercase_protocol;
mod uppercase_stage_name;
mod useless_command;
mod user_never_created;
mod useradd_with_large_id;
mod variable_in_copy_from;
mod volume_mapping;
mod wget_progress_in_log;
mod written_token;
mod wrong_base_platform;
mod wrong_package_manager;
mod yarn_cache_left_behind;
mod yum_cache_left_behind;
mod yum_without_yes;
mod zypper_cache_left_behind;
mod zypper_dist_upgrade;
mod zypper_without_yes;

use super::rule::Rule;

/// All rules, by name.
pub static RULES: &[&Rule] = &[
    &add_of_plain_files::RULE,
    &apk_cache_left_behind::RULE,
    &apt_get_update_alone::RULE,
    &apt_get_with_recommends::RULE,
    &apt_get_without_yes::RULE,
    &apt_in_script::RULE,
    &apt_install_without_update::RULE,
    &apt_lists_left_behind::RULE,
    &argument_at_run_time::RULE,
    &bash_in_alpine::RULE,
    &blank_name::RULE,
    &cd_instead_of_workdir::RULE,
    &chown_after_copy::RULE,
    &circular_stages::RULE,
    &comment_after_arguments::RULE,
    &consecutive_runs::RULE,
    &constant_platform::RULE,
    &copied_secret_file::RULE,
    &copy_before_install::RULE,
    &copy_from_later_stage::RULE,
    &copy_from_outside_context::RULE,
    &copy_from_url::RULE,
    &copy_of_ignored_file::RULE,
    &copy_of_whole_root::RULE,
    &copy_then_extract::RULE,
    &copy_without_destination::RULE,
    &copy_without_final_slash::RULE,
    &credentials_in_url::RULE,
    &curl_and_wget::RULE,
    &daemon_as_command::RULE,
    &deprecated_image::RULE,
    &deprecated_maintainer::RULE,
    &dnf_cache_left_behind::RULE,
    &dnf_without_yes::RULE,
    &docker_in_run::RULE,
    &download_piped_into_shell::RULE,
    &duplicate_flag::RULE,
    &duplicate_stage_name::RULE,
    &empty_continuation_line::RULE,
    &empty_label::RULE,
    &env_uses_itself::RULE,
    &file_not_copied::RULE,
    &flag_without_value::RULE,
    &forbidden_onbuild::RULE,
    &from_as_case_mismatch::RULE,
    &global_argument_in_command::RULE,
    &hard_coded_architecture::RULE,
    &heredoc_as_destination::RULE,
    &heredoc_without_errexit::RULE,
    &inconsistent_keyword_case::RULE,
    &insecure_download::RULE,
    &install_without_root::RULE,
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
    &invalid_label_key::RULE,
    &invalid_mount::RULE,
    &invalid_port::RULE,
    &invalid_signal::RULE,
    &invalid_stage_name::RULE,
    &json_not_strings::RULE,
    &label_not_commit::RULE,
    &label_not_date::RULE,
    &label_not_email::RULE,
    &label_not_license::RULE,
    &label_not_semantic_version::RULE,
    &label_not_url::RULE,
    &latest_tag::RULE,
    &legacy_key_value::RULE,
    &line_too_long::RULE,
    &listening_on_localhost::RULE,
    &malformed_description::RULE,
    &malformed_exec_form::RULE,
    &malformed_suppression::RULE,
    &missing_argument::RULE,
    &missing_equals::RULE,
    &missing_from::RULE,
    &missing_healthcheck::RULE,
    &missing_label::RULE,
    &missing_value::RULE,
    &misspelled_image::RULE,
    &named_user::RULE,
    &newer_than_syntax::RULE,
    &overridden_cmd::RULE,
    &overridden_entrypoint::RULE,
    &overridden_healthcheck::RULE,
    &overwritten_path::RULE,
    &pip_cache_left_behind::RULE,
    &pipe_without_pipefail::RULE,
    &port_mapping_in_expose::RULE,
    &printed_secret::RULE,
    &program_with_blanks::RULE,
    &redundant_target_platform::RULE,
    &relative_copy_destination::RULE,
    &relative_workdir::RULE,
    &removed_image::RULE,
    &removed_in_later_layer::RULE,
    &replaced_bin_sh::RULE,
    &reserved_stage_name::RULE,
    &retired_tag::RULE,
    &root_user::RULE,
    &run_without_effect::RULE,
    &secret_in_arg_or_env::RULE,
    &server_at_build_time::RULE,
    &shell_form_command::RULE,
    &shell_in_distroless::RULE,
    &shell_not_json::RULE,
    &shell_syntax_in_exec_form::RULE,
    &sudo_in_run::RULE,
    &suppression_comment::RULE,
    &swallowed_cmd::RULE,
    &swallowed_instruction::RULE,
    &swallowed_lines::RULE,
    &undefined_argument_in_from::RULE,
    &undefined_variable::RULE,
    &unexpanded_tilde::RULE,
    &unexpected_label::RULE,
    &unfinished_command::RULE,
    &unignored_files::RULE,
    &unknown_flag::RULE,
    &unknown_image::RULE,
    &unknown_instruction::RULE,
    &unknown_mount_option::RULE,
    &unknown_mount_type::RULE,
    &unknown_rule_in_suppression::RULE,
    &unknown_stage::RULE,
    &unknown_stage_number::RULE,
    &unknown_tag::RULE,
    &unpinned_apk_package::RULE,
    &unpinned_apt_package::RULE,
    &unpinned_dnf_package::RULE,
    &unpinned_gem::RULE,
    &unpinned_go_package::RULE,
    &unpinned_npm_package::RULE,
    &unpinned_pip_package::RULE,
    &unpinned_yum_package::RULE,
    &unpinned_zypper_package::RULE,
    &untagged_image::RULE,
    &unterminated_heredoc::RULE,
    &untrusted_registry::RULE,
    &unused_argument::RULE,
    &unused_suppression::RULE,
    &unverified_add::RULE,
    &uppercase_protocol::RULE,
    &uppercase_stage_name::RULE,
    &useless_command::RULE,
    &user_never_created::RULE,
    &useradd_with_large_id::RULE,
    &variable_in_copy_from::RULE,
    &volume_mapping::RULE,
    &wget_progress_in_log::RULE,
    &written_token::RULE,
    &wrong_base_platform::RULE,
    &wrong_package_manager::RULE,
    &yarn_cache_left_behind::RULE,
    &yum_cache_left_behind::RULE,
    &yum_without_yes::RULE,
    &zypper_cache_left_behind::RULE,
    &zypper_dist_upgrade::RULE,
    &zypper_without_yes::RULE,
];
