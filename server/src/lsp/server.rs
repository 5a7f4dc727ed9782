//! What the client can ask.

use tower_lsp::jsonrpc::Result;
use tower_lsp::lsp_types::{InitializeParams, InitializeResult, ServerInfo};
use tower_lsp::{Client, LanguageServer, LspService};

use super::outbox::Outbox;
use super::transport::Channel;
use super::{parent, test_methods, transport};

pub struct Server {
    client: Client,
}

/// Serves the client at `channel`; must be called within a tokio runtime.
pub async fn serve(channel: Channel) -> anyhow::Result<i32> {
    let (input, output) = channel.open()?;
    let outbox = Outbox::start(output)?;
    let (service, socket) = test_methods::register(LspService::build(|client| Server { client })).finish();
    Ok(transport::serve(service, socket, input, outbox).await?)
}

impl Server {
    pub fn client(&self) -> Client {
        self.client.clone()
    }
}

#[tower_lsp::async_trait]
impl LanguageServer for Server {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        if let Some(id) = params.process_id {
            parent::watch(id);
        }
        Ok(InitializeResult {
            server_info: Some(ServerInfo {
                name: "dockwright".into(),
                version: Some(env!("CARGO_PKG_VERSION").into()),
            }),
            ..InitializeResult::default()
        })
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }
}
