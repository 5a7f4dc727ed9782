//! Requests that no client needs: handlers that are slow, panic, or wait for the client.
//!
//! The tests in `tests/protocol/` drive the real binary with them. They exist only in a process that was
//! started with `DOCKWRIGHT_TEST_METHODS=1`; elsewhere they are unknown methods.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};
use tower_lsp::LspServiceBuilder;
use tower_lsp::jsonrpc::Result;
use tower_lsp::lsp_types::TextDocumentIdentifier;

use super::server::Server;

pub fn register(builder: LspServiceBuilder<Server>) -> LspServiceBuilder<Server> {
    if std::env::var_os("DOCKWRIGHT_TEST_METHODS").is_none_or(|value| value != "1") {
        return builder;
    }
    builder
        .custom_method("dockwright/test/sleep", Server::test_sleep)
        .custom_method("dockwright/test/pause", Server::test_pause)
        .custom_method("dockwright/test/panic", Server::test_panic)
        .custom_method("dockwright/test/panicLater", Server::test_panic_later)
        .custom_method("dockwright/test/null", Server::test_null)
        .custom_method("dockwright/test/fill", Server::test_fill)
        .custom_method("dockwright/test/text", Server::test_text)
        .custom_method("dockwright/test/askClient", Server::test_ask_client)
}

#[derive(Debug, Deserialize)]
struct Milliseconds {
    ms: u64,
}

#[derive(Debug, Deserialize)]
struct Size {
    bytes: usize,
}

impl Server {
    async fn test_sleep(&self, time: Milliseconds) -> Result<u64> {
        tokio::time::sleep(Duration::from_millis(time.ms)).await;
        Ok(time.ms)
    }

    /// A notification whose handler takes its time.
    async fn test_pause(&self, time: Milliseconds) {
        tokio::time::sleep(Duration::from_millis(time.ms)).await;
    }

    async fn test_panic(&self) -> Result<Value> {
        panic!("asked to")
    }

    async fn test_panic_later(&self) -> Result<Value> {
        tokio::time::sleep(Duration::from_millis(10)).await;
        panic!("asked to, later")
    }

    async fn test_null(&self) -> Result<Value> {
        Ok(Value::Null)
    }

    async fn test_fill(&self, size: Size) -> Result<String> {
        Ok("x".repeat(size.bytes))
    }

    /// The text and the version of a document as a handler sees them; `null` if it is not known.
    async fn test_text(&self, document: TextDocumentIdentifier) -> Result<Value> {
        let snapshot = self.state.snapshot(&document.uri);
        Ok(snapshot.map_or(Value::Null, |it| json!({ "text": it.text(), "version": it.version })))
    }

    /// Asks the client and gives up after `ms`; answers whether the client did.
    async fn test_ask_client(&self, time: Milliseconds) -> Result<bool> {
        let client = self.client();
        let asking = tokio::spawn(async move { client.workspace_folders().await });
        Ok(tokio::time::timeout(Duration::from_millis(time.ms), asking).await.is_ok())
    }
}
