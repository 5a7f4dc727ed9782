//! What the server registers with clients that offer it: changed files and changed settings.

use serde_json::json;
use tower_lsp::lsp_types::Registration;

use super::session::Session;

/// Dockerfiles, and files that change what is said about a Dockerfile beside them.
const FILES: &[&str] = &[
    "**/{Dockerfile,dockerfile,Containerfile,containerfile}*",
    "**/*.{Dockerfile,dockerfile,Containerfile,containerfile}",
    "**/dockwright.toml",
    "**/.hadolint.{yaml,yml}",
    "**/.editorconfig",
    "**/{.dockerignore,.containerignore,*.dockerignore,*.containerignore}",
    "**/{compose,docker-compose}*.{yaml,yml}",
    "**/docker-bake*.{hcl,json}",
];

pub fn registrations(session: &Session) -> Vec<Registration> {
    let watchers: Vec<_> = FILES.iter().map(|glob| json!({ "globPattern": glob })).collect();
    let files = session.watches_files.then(|| Registration {
        id: "dockwright.files".to_owned(),
        method: "workspace/didChangeWatchedFiles".to_owned(),
        register_options: Some(json!({ "watchers": watchers })),
    });
    let settings = session.registers_configuration.then(|| Registration {
        id: "dockwright.settings".to_owned(),
        method: "workspace/didChangeConfiguration".to_owned(),
        register_options: Some(json!({ "section": ["dockwright", "docker.languageserver"] })),
    });
    files.into_iter().chain(settings).collect()
}
