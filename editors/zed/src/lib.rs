//! Tells Zed how to start Dockwright: the program of the settings (`lsp.dockwright.binary`), or the one on `PATH`.

use zed_extension_api::settings::LspSettings;
use zed_extension_api::{self as zed, Command, LanguageServerId, Result, Worktree, serde_json};

const NAME: &str = "dockwright";

struct Dockwright;

impl zed::Extension for Dockwright {
    fn new() -> Self {
        Dockwright
    }

    fn language_server_command(
        &mut self,
        _server: &LanguageServerId,
        worktree: &Worktree,
    ) -> Result<Command> {
        let binary = LspSettings::for_worktree(NAME, worktree).ok().and_then(|it| it.binary);
        let (path, arguments, env) = binary.map(|it| (it.path, it.arguments, it.env)).unwrap_or_default();
        let command = path.or_else(|| worktree.which(NAME)).ok_or(
            "`dockwright` is not on your PATH: install it, or name it in the setting `lsp.dockwright.binary.path`",
        )?;
        let args = arguments.unwrap_or_else(|| vec!["lsp".to_owned()]);
        let env = env.map_or_else(|| worktree.shell_env(), |it| it.into_iter().collect());
        Ok(Command { command, args, env })
    }

    fn language_server_initialization_options(
        &mut self,
        _server: &LanguageServerId,
        worktree: &Worktree,
    ) -> Result<Option<serde_json::Value>> {
        Ok(LspSettings::for_worktree(NAME, worktree)?.initialization_options)
    }

    fn language_server_workspace_configuration(
        &mut self,
        _server: &LanguageServerId,
        worktree: &Worktree,
    ) -> Result<Option<serde_json::Value>> {
        let settings = LspSettings::for_worktree(NAME, worktree)?.settings.unwrap_or_default();
        Ok(Some(serde_json::json!({ "dockwright": settings })))
    }
}

zed::register_extension!(Dockwright);
