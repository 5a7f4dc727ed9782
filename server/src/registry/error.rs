//! Why a look-up gave nothing. Each variant is something that a caller does differently.

use std::time::Duration;

/// A sentence each, for the user; none holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LookupError {
    #[error("the network is switched off (`offline`), so no registry was asked")]
    Offline,
    /// A stage, `scratch`, or a name that depends on a variable: never sent anywhere.
    #[error("this is not the whole name of an image in a registry")]
    NotAskable,
    #[error("`{host}` is none of the registries that may be asked; add it to the setting `registry.allow`")]
    NotAllowed { host: String },
    #[error(
        "`{host}` wants a login: run `docker login {host}` and set `registry.useDockerCredentials`, if you may see the image"
    )]
    Unauthorized { host: String },
    #[error("`{host}` takes no more questions for now; ask again in {} s", .retry_after.as_secs().max(1))]
    RateLimited { host: String, retry_after: Duration },
    #[error("`{host}` cannot be reached: {reason}")]
    Unreachable { host: String, reason: String },
    /// After several failures in a row.
    #[error("`{host}` failed several times and is left alone for {} s", .retry_after.as_secs().max(1))]
    Resting { host: String, retry_after: Duration },
    #[error("`{host}` gave an answer that makes no sense: {reason}")]
    Broken { host: String, reason: String },
    /// It wanted to send us somewhere we do not go.
    #[error("`{host}` leads to a place that is not safe to follow: {reason}")]
    Unsafe { host: String, reason: String },
}

impl LookupError {
    /// The host has a problem of its own, so that asking it again soon is no use.
    pub(super) fn is_failure(&self) -> bool {
        matches!(self, LookupError::Unreachable { .. } | LookupError::Broken { .. })
    }
}
