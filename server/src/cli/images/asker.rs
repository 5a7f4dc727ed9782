//! Registries, asked by somebody who waits.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use crate::analysis::facts::{Answer, Fact, RemoteImage, Repository};
use crate::analysis::image::{ImageReference, Platform};
use crate::cli::settings::{CommonArguments, RuleArguments, SettingsFinder};
use crate::registry::{Client, LookupError, Policy, Question};

/// Longer than any single request may take: a list has many pages.
const PATIENCE: Duration = Duration::from_secs(60);

/// The client that the user's settings and environment allow.
pub struct Asker {
    client: Client,
    runtime: tokio::runtime::Runtime,
}

impl Asker {
    /// Fails when the settings are wrong.
    pub fn new(common: &CommonArguments) -> anyhow::Result<Asker> {
        let settings = SettingsFinder::new(common, &RuleArguments::default())?;
        let mut policy = Policy::new(settings.of_user()).with_environment(|name| std::env::var(name).ok());
        policy.is_offline |= common.offline;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        Ok(Asker { client: Client::new(policy), runtime })
    }

    /// All tags; those with `prefix` if there are too many.
    pub fn tags(
        &self,
        image: &ImageReference,
        prefix: &str,
    ) -> Result<Fact<Answer<Arc<Repository>>>, LookupError> {
        let all = self.wait(self.client.ask(&Question::Tags(image.clone())))?;
        let all = all.tags().ok_or(LookupError::NotAskable)?;
        let is_missed =
            |it: &Repository| !it.is_complete && !it.tags.iter().any(|it| it.name.starts_with(prefix));
        if prefix.is_empty() || !all.value.found().is_some_and(|it| is_missed(it)) {
            return Ok(all);
        }
        let question = Question::TagsWith { image: image.clone(), prefix: prefix.to_owned() };
        let some = self.wait(self.client.ask(&question)).ok().and_then(|it| it.tags());
        Ok(some.unwrap_or(all))
    }

    pub fn image(
        &self,
        image: &ImageReference,
        platform: Option<&Platform>,
    ) -> Result<Fact<Answer<RemoteImage>>, LookupError> {
        self.wait(self.client.describe(image, platform))
    }

    fn wait<T>(&self, answer: impl Future<Output = Result<T, LookupError>>) -> Result<T, LookupError> {
        let limited = async { tokio::time::timeout(PATIENCE, answer).await };
        self.runtime.block_on(limited).unwrap_or_else(|_| {
            let reason = format!("no whole answer within {} s", PATIENCE.as_secs());
            Err(LookupError::Unreachable { host: "the registry".to_owned(), reason })
        })
    }
}
