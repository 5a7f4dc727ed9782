//! What the client can say: one short method each, which decodes, asks, and encodes.
//!
//! A method that answers about a document takes its snapshot in its first line, before any wait; so it sees
//! exactly the edits before it.

use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tower_lsp::jsonrpc::Result;
use tower_lsp::lsp_types::*;
use tower_lsp::{Client, LanguageServer, LspService};

use super::build::{self, Desk};
use super::config::Scoped;
use super::diagnostics::{self, Publisher};
use super::documents::{Applied, Snapshot};
use super::images::{Depth, News};
use super::outbox::Outbox;
use super::session::Session;
use super::state::State;
use super::transport::Channel;
use super::{
    capabilities, code_actions, completion, compute, explain, from_lsp, parent, routes, shellcheck,
    test_methods, to_lsp, transport, watch, workspace, written,
};

use crate::analysis::facts::Facts;
use crate::analysis::ide::format::FormatOptions;
use crate::analysis::ide::images::askable_images;
use crate::config::{Lookup, Settings};

/// Between the first word of a registry and showing what it said.
const NEWS_PAUSE: Duration = Duration::from_millis(20);
/// How long a hover waits for a registry: it is shown once, and what comes later is not.
const HOVER: Duration = Duration::from_millis(1_000);
/// How long a menu of code actions waits for a registry.
const ACTION: Duration = Duration::from_millis(600);

/// How long the client may take to answer a question.
const PATIENCE: Duration = Duration::from_secs(30);

pub struct Server {
    client: Client,
    pub(super) state: Arc<State>,
    publisher: Arc<Publisher>,
    outbox: Outbox,
}

/// Serves the client at `channel`; must be called within a tokio runtime.
pub async fn serve(channel: Channel) -> anyhow::Result<i32> {
    let (input, output) = channel.open()?;
    let outbox = Outbox::start(output)?;
    let state = Arc::new(State::default());
    let (done, changed) = unbounded_channel();
    let reader = Arc::new(shellcheck::Reader::new(state.clone(), outbox.clone(), done));
    let publisher = Arc::new(Publisher::new(state.clone(), outbox.clone(), reader));
    tokio::spawn(publisher.clone().run());
    let (sender, news) = (outbox.clone(), state.images.listen());
    let builder = LspService::build(|client| {
        tokio::spawn(announce(changed, publisher.clone(), client.clone(), state.clone()));
        tokio::spawn(pass_on(news, client.clone(), state.clone(), publisher.clone()));
        Server { client, state, publisher, outbox: sender }
    })
    .custom_method("window/workDoneProgress/cancel", Server::cancel_progress);
    let (service, socket) = written::register(test_methods::register(builder)).finish();
    Ok(transport::serve(service, socket, input, outbox).await?)
}

/// Sends out what is found beside the protocol, for ever.
async fn announce(
    mut changed: UnboundedReceiver<Url>,
    publisher: Arc<Publisher>,
    client: Client,
    state: Arc<State>,
) {
    while let Some(uri) = changed.recv().await {
        publisher.mark_known(&uri);
        refresh(&client, &state);
    }
}

impl Server {
    pub(super) fn client(&self) -> Client {
        self.client.clone()
    }

    /// All that building and running may use.
    fn desk(&self) -> Desk {
        let (client, state) = (self.client(), self.state.clone());
        Desk { client, state, publisher: self.publisher.clone(), outbox: self.outbox.clone() }
    }

    async fn cancel_progress(&self, params: WorkDoneProgressCancelParams) {
        self.state.builds.cancel(&params.token);
    }

    /// Registers what can only be registered after the handshake, then asks for the settings.
    fn prepare(&self) {
        let (client, state, publisher) = (self.client(), self.state.clone(), self.publisher.clone());
        tokio::spawn(async move {
            let registrations = watch::registrations(state.session());
            if !registrations.is_empty() {
                let registering = client.clone();
                let answer = ask(async move { registering.register_capability(registrations).await }).await;
                if answer.is_none() {
                    tracing::debug!("the client registers nothing; changed files are seen on saving");
                }
            }
            pull_settings(client, state, publisher).await;
        });
    }

    /// Asks about a Dockerfile that is open; `None` about anything else. Must be the first that a method does.
    async fn about<T: Send + 'static>(
        &self,
        uri: &Url,
        ask: impl FnOnce(&Snapshot, &Session) -> T + Send + 'static,
    ) -> Option<T> {
        let snapshot = self.state.dockerfile(uri)?;
        let state = self.state.clone();
        Some(compute::on(snapshot, move |snapshot| ask(snapshot, state.session())).await)
    }

    /// Asks something that takes a look at the disk.
    async fn about_files<T: Send + 'static>(&self, ask: impl FnOnce(&Arc<State>) -> T + Send + 'static) -> T {
        let state = self.state.clone();
        let answer = compute::beside(move || ask(&state)).await;
        if let Some(sentence) = self.state.workspace.take_cut() {
            self.client.show_message(MessageType::INFO, sentence).await;
        }
        answer
    }

    /// Tells a Dockerfile that is open as a story, and shows it.
    async fn explain(&self, arguments: &[Value]) -> Result<Value> {
        let uri = explain::subject(arguments)?;
        let snapshot = self.state.dockerfile(&uri).filter(|it| !it.file.is_empty());
        let snapshot = snapshot.ok_or_else(|| explain::refusal(&uri))?;
        let (state, client) = (self.state.clone(), self.client());
        let runtime = tokio::runtime::Handle::current();
        Ok(compute::beside(move || {
            let _guard = runtime.enter();
            let markdown = explain::markdown(&state, &snapshot);
            explain::show(&state, &client, &snapshot.uri, markdown)
        })
        .await)
    }

    fn format_options(&self, uri: &Url, editor: &FormattingOptions) -> FormatOptions {
        from_lsp::format_options(&self.state.settings.of(uri).settings, editor)
    }

    /// What a `.dockerignore` in the editor says counts for the Dockerfiles beside it.
    fn ignore_file_changed(&self) {
        self.state.surroundings.forget();
        self.publisher.mark_all();
    }

    fn settings_changed(&self) {
        self.publisher.mark_all();
        self.refresh();
        look_up_all(&self.state);
    }

    /// Makes a client that pulls do so again.
    fn refresh(&self) {
        refresh(&self.client, &self.state);
    }
}

/// Waits for an answer of the client, within limits; `None` also if the client refuses.
///
/// The question runs on by itself: tower-lsp panics on an answer that nobody waits for.
async fn ask<T: Send + 'static>(question: impl Future<Output = Result<T>> + Send + 'static) -> Option<T> {
    tokio::time::timeout(PATIENCE, tokio::spawn(question)).await.ok()?.ok()?.ok()
}

fn refresh(client: &Client, state: &State) {
    // lsp-types 0.94 does not know `workspace.diagnostics`; who pulls, takes this request as a rule.
    if state.session().pulls_diagnostics {
        let client = client.clone();
        tokio::spawn(async move {
            let _ = client.workspace_diagnostic_refresh().await;
        });
    }
}

async fn pull_settings(client: Client, state: Arc<State>, publisher: Arc<Publisher>) {
    if state.session().gives_configuration {
        let scopes = scopes(&state.folders());
        let items = scopes.iter().flat_map(settings_items).collect();
        let asked = client.clone();
        let answers = ask(async move { asked.configuration(items).await }).await;
        if answers.is_some_and(|it| state.settings.set_scoped(by_scope(scopes, it))) {
            publisher.mark_all();
            refresh(&client, &state);
        }
    }
    // From now on registries may be asked.
    state.images.set_ready();
    look_up_all(&state);
}

/// Shows what registries have said, for documents that name those images.
async fn pass_on(
    mut news: UnboundedReceiver<News>,
    client: Client,
    state: Arc<State>,
    publisher: Arc<Publisher>,
) {
    while let Some(mut names) = news.recv().await {
        // Several answers at once are one refresh.
        tokio::time::sleep(NEWS_PAUSE).await;
        while let Ok(more) = news.try_recv() {
            names.extend(more);
        }
        let concerned = state.open_uris().into_iter().filter(|uri| names_one_of(&state, uri, &names));
        let mut is_any = false;
        for uri in concerned {
            publisher.mark(&uri);
            is_any = true;
        }
        if is_any {
            refresh(&client, &state);
            refresh_hints(&client, &state);
        }
    }
}

fn names_one_of(state: &State, uri: &Url, names: &News) -> bool {
    let images = state.dockerfile(uri).map(|it| askable_images(it.model())).unwrap_or_default();
    images.iter().filter_map(|it| it.canonical_name()).any(|it| names.contains(&it))
}

fn refresh_hints(client: &Client, state: &State) {
    if state.session().refreshes_hints {
        let client = client.clone();
        tokio::spawn(async move {
            let _ = client.inlay_hint_refresh().await;
        });
    }
}

/// With `registry.lookup = "onOpen"`: asks about the images of all open files.
fn look_up_all(state: &Arc<State>) {
    state.open_uris().iter().for_each(|uri| look_up(state, uri));
}

/// The same for one file. The work is done after what the client is waiting for.
fn look_up(state: &Arc<State>, uri: &Url) {
    let is_wanted = |settings: &Settings| settings.registry.lookup == Lookup::OnOpen;
    let (state, uri) = (state.clone(), uri.clone());
    tokio::spawn(async move {
        if !is_wanted(&state.settings.of(&uri).settings) {
            return;
        }
        let Some((desk, snapshot)) = state.desk(&uri).zip(state.dockerfile(&uri)) else { return };
        let images = compute::on(snapshot, |it| askable_images(it.model())).await;
        desk.look_up(&images);
    });
}

/// One scope for all documents, and one for each folder where there are several.
fn scopes(folders: &[WorkspaceFolder]) -> Vec<Option<Url>> {
    let several = folders.iter().filter(|_| folders.len() > 1).map(|folder| Some(folder.uri.clone()));
    std::iter::once(None).chain(several).collect()
}

fn settings_items(scope: &Option<Url>) -> [ConfigurationItem; 2] {
    let item =
        |section: &str| ConfigurationItem { scope_uri: scope.clone(), section: Some(section.to_owned()) };
    [item("dockwright"), item("docker.languageserver")]
}

fn by_scope(scopes: Vec<Option<Url>>, answers: Vec<Value>) -> HashMap<Option<Url>, Scoped> {
    let mut answers = answers.into_iter();
    let mut scoped =
        || Scoped { own: answers.next().unwrap_or_default(), legacy: answers.next().unwrap_or_default() };
    scopes.into_iter().map(|scope| (scope, scoped())).collect()
}

fn folders(params: &InitializeParams) -> Vec<WorkspaceFolder> {
    let root = || params.root_uri.iter().map(|uri| WorkspaceFolder { uri: uri.clone(), name: String::new() });
    params.workspace_folders.clone().unwrap_or_else(|| root().collect())
}

#[tower_lsp::async_trait]
impl LanguageServer for Server {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        if let Some(id) = params.process_id {
            parent::watch(id);
        }
        let folders = folders(&params);
        let session = Session::new(&params);
        self.state.settings.set_initial(params.initialization_options.unwrap_or_default());
        if !session.gives_configuration {
            // What was just said is all there is.
            self.state.images.set_ready();
        }
        let capabilities = capabilities::of(&session);
        self.state.begin(session, folders);
        let version = Some(env!("CARGO_PKG_VERSION").to_owned());
        let server_info = Some(ServerInfo { name: "dockwright".to_owned(), version });
        Ok(InitializeResult { capabilities, server_info })
    }

    async fn initialized(&self, _: InitializedParams) {
        self.prepare();
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        let uri = params.text_document.uri.clone();
        self.state.open(params.text_document);
        self.publisher.mark(&uri);
        look_up(&self.state, &uri);
        build::look_after(&self.desk(), &uri);
        if self.state.is_ignore_file(&uri) {
            self.ignore_file_changed();
        }
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        let VersionedTextDocumentIdentifier { uri, version } = params.text_document;
        match self.state.change(&uri, version, params.content_changes) {
            Some(Applied::Yes) if self.state.is_ignore_file(&uri) => self.ignore_file_changed(),
            Some(Applied::Yes) => self.publisher.mark(&uri),
            Some(Applied::Held) => {}
            Some(Applied::Lost) => tracing::warn!(
                "changes of {uri} are missing (now at version {version}); it is left alone until its full text \
                 comes or it is opened again"
            ),
            None => tracing::warn!("a change of {uri}, which is not open, is ignored"),
        }
    }

    async fn did_save(&self, params: DidSaveTextDocumentParams) {
        look_up(&self.state, &params.text_document.uri);
        if self.state.is_ignore_file(&params.text_document.uri) {
            self.refresh();
        }
        if !self.state.session().watches_files {
            // The saved file may be, or have come with, a new configuration.
            self.state.forget_files();
            self.settings_changed();
        }
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        let uri = params.text_document.uri;
        let was_ignore_file = self.state.is_ignore_file(&uri);
        if self.state.close(&uri) {
            self.publisher.close(&uri);
            self.state.builds.look_away(&uri);
        }
        if was_ignore_file {
            self.ignore_file_changed();
        }
    }

    async fn did_change_configuration(&self, params: DidChangeConfigurationParams) {
        if self.state.session().gives_configuration || params.settings.is_null() {
            let (client, state, publisher) = (self.client(), self.state.clone(), self.publisher.clone());
            tokio::spawn(pull_settings(client, state, publisher));
            return;
        }
        let scoped = HashMap::from([(None, Scoped::from_tree(&params.settings))]);
        if self.state.settings.set_scoped(scoped) {
            self.settings_changed();
        }
    }

    async fn did_change_watched_files(&self, _: DidChangeWatchedFilesParams) {
        self.state.forget_files();
        self.settings_changed();
    }

    async fn did_change_workspace_folders(&self, params: DidChangeWorkspaceFoldersParams) {
        let mut folders = self.state.folders();
        folders.retain(|folder| !params.event.removed.iter().any(|removed| removed.uri == folder.uri));
        folders.extend(params.event.added);
        self.state.set_folders(folders);
        let (client, state, publisher) = (self.client(), self.state.clone(), self.publisher.clone());
        tokio::spawn(pull_settings(client, state, publisher));
    }

    async fn diagnostic(&self, params: DocumentDiagnosticParams) -> Result<DocumentDiagnosticReportResult> {
        let Some(snapshot) = self.state.snapshot(&params.text_document.uri) else {
            return Ok(full_report(None, Vec::new()));
        };
        let result_id = diagnostics::result_id(&self.state, &snapshot);
        if params.previous_result_id.as_ref() == Some(&result_id) {
            return Ok(unchanged_report(result_id));
        }
        let report = diagnostics::report(&self.state, snapshot).await;
        Ok(full_report(Some(report.result_id), report.diagnostics))
    }

    async fn workspace_diagnostic(
        &self,
        params: WorkspaceDiagnosticParams,
    ) -> Result<WorkspaceDiagnosticReportResult> {
        let previous = params.previous_result_ids.into_iter().map(|it| (it.uri, it.value)).collect();
        let reader = self.publisher.shellcheck().clone();
        let items = self.about_files(move |state| workspace::diagnostics(state, &reader, previous)).await;
        self.publisher.shellcheck().read_closed();
        Ok(WorkspaceDiagnosticReport { items }.into())
    }

    async fn symbol(&self, params: WorkspaceSymbolParams) -> Result<Option<Vec<SymbolInformation>>> {
        Ok(Some(self.about_files(move |state| workspace::symbols(state, &params.query)).await))
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        let TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
        let Some(snapshot) = self.state.dockerfile(&text_document.uri) else { return Ok(None) };
        let image = compute::on(snapshot.clone(), move |it| routes::image_at(it, position)).await;
        let known = match image.and_then(|image| Some((image, self.state.desk(&text_document.uri)?))) {
            Some((image, desk)) => desk.learn(image, Depth::Whole, HOVER).await,
            None => Facts::default(),
        };
        let state = self.state.clone();
        let make = move |snapshot: &Snapshot| {
            let mut hover = routes::hover(snapshot, state.session(), position, &known)?;
            if let Some(note) = build::hover_note(&state, &snapshot.uri, snapshot, position) {
                to_lsp::add_to_hover(&mut hover, &note);
            }
            Some(hover)
        };
        Ok(compute::on(snapshot, make).await)
    }

    async fn completion(&self, params: CompletionParams) -> Result<Option<CompletionResponse>> {
        let TextDocumentPositionParams { text_document, position } = params.text_document_position;
        let Some(snapshot) = self.state.dockerfile(&text_document.uri) else { return Ok(None) };
        let find = move |snapshot: &Snapshot| completion::site(snapshot, position, params.context.as_ref());
        let Some(site) = compute::on(snapshot.clone(), find).await else { return Ok(None) };
        let (state, facts) = (self.state.clone(), self.state.facts(&text_document.uri));
        let needs_files = completion::needs_files(&site);
        let remote = match self.state.desk(&text_document.uri).filter(|_| completion::needs_registry(&site)) {
            Some(desk) => completion::look_up(desk, snapshot.clone(), &site).await,
            None => completion::Remote::default(),
        };
        let make = move |snapshot: &Snapshot| {
            let (session, lists) = (state.session(), &state.images.lists);
            completion::completions(snapshot, session, &site, facts.ignore.as_deref(), remote, lists)
        };
        Ok(Some(if needs_files {
            compute::beside(move || make(&snapshot)).await
        } else {
            compute::on(snapshot, make).await
        }))
    }

    async fn completion_resolve(&self, item: CompletionItem) -> Result<CompletionItem> {
        let desk = completion::document_of(&item).and_then(|uri| self.state.desk(&uri));
        Ok(completion::resolve(self.state.session(), desk, item).await)
    }

    async fn signature_help(&self, params: SignatureHelpParams) -> Result<Option<SignatureHelp>> {
        let TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
        let ask =
            move |snapshot: &Snapshot, session: &Session| routes::signature_help(snapshot, session, position);
        Ok(self.about(&text_document.uri, ask).await.flatten())
    }

    async fn goto_definition(&self, params: GotoDefinitionParams) -> Result<Option<GotoDefinitionResponse>> {
        let TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
        let ask =
            move |snapshot: &Snapshot, session: &Session| routes::definition(snapshot, session, position);
        Ok(self.about(&text_document.uri, ask).await.flatten())
    }

    async fn references(&self, params: ReferenceParams) -> Result<Option<Vec<Location>>> {
        let TextDocumentPositionParams { text_document, position } = params.text_document_position;
        let with_definitions = params.context.include_declaration;
        let ask =
            move |snapshot: &Snapshot, _: &Session| routes::references(snapshot, position, with_definitions);
        Ok(self.about(&text_document.uri, ask).await)
    }

    async fn document_highlight(
        &self,
        params: DocumentHighlightParams,
    ) -> Result<Option<Vec<DocumentHighlight>>> {
        let TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
        let ask = move |snapshot: &Snapshot, _: &Session| routes::highlights(snapshot, position);
        Ok(self.about(&text_document.uri, ask).await)
    }

    async fn prepare_rename(
        &self,
        params: TextDocumentPositionParams,
    ) -> Result<Option<PrepareRenameResponse>> {
        let position = params.position;
        let ask = move |snapshot: &Snapshot, _: &Session| routes::prepare_rename(snapshot, position);
        self.about(&params.text_document.uri, ask).await.transpose()
    }

    async fn rename(&self, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
        let TextDocumentPositionParams { text_document, position } = params.text_document_position;
        let new_name = params.new_name;
        let ask = move |snapshot: &Snapshot, session: &Session| {
            routes::rename(snapshot, session, position, &new_name)
        };
        self.about(&text_document.uri, ask).await.transpose()
    }

    async fn document_symbol(&self, params: DocumentSymbolParams) -> Result<Option<DocumentSymbolResponse>> {
        Ok(self.about(&params.text_document.uri, routes::document_symbols).await)
    }

    async fn document_link(&self, params: DocumentLinkParams) -> Result<Option<Vec<DocumentLink>>> {
        Ok(self.about(&params.text_document.uri, routes::document_links).await)
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        let uri = params.text_document.uri.clone();
        let Some(snapshot) = self.state.dockerfile(&uri) else { return Ok(None) };
        if let Some(desk) = self.state.desk(&uri).filter(|_| code_actions::may_ask(&params.context)) {
            let range = params.range;
            let images = compute::on(snapshot.clone(), move |it| routes::images_in(it, range)).await;
            let asked = images.into_iter().map(|it| desk.clone().learn(it, Depth::Tags, ACTION));
            futures::future::join_all(asked).await;
        }
        let (at, wants_builds) = (params.range.start, code_actions::wants(&params, build::KIND));
        let state = self.state.clone();
        let make = move |snapshot: &Snapshot| {
            let (resolved, facts) = (state.settings.of(&snapshot.uri), state.facts_about(snapshot));
            let findings = diagnostics::findings(snapshot, &resolved.linter, &facts);
            let shell = diagnostics::shell_findings(snapshot, &resolved, &findings);
            let (session, roots) = (state.session(), state.roots());
            let range = snapshot.text_range(params.range);
            let (findings, shell, facts) = (&findings[..], &shell[..], &facts);
            let (linter, params, roots) = (&resolved.linter, &params, &roots[..]);
            code_actions::code_actions(&code_actions::Ask {
                snapshot,
                session,
                findings,
                shell,
                facts,
                linter,
                params,
                range,
                roots,
            })
        };
        let mut actions = compute::on(snapshot, make).await;
        if wants_builds {
            build::look_after(&self.desk(), &uri);
            let state = self.state.clone();
            let builds = compute::beside(move || build::actions(&state, &uri, at)).await;
            actions.extend(builds.into_iter().map(CodeActionOrCommand::CodeAction));
        }
        Ok(Some(actions))
    }

    async fn code_lens(&self, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
        let uri = params.text_document.uri;
        if self.state.dockerfile(&uri).is_none() {
            return Ok(None);
        }
        build::look_after(&self.desk(), &uri);
        let state = self.state.clone();
        Ok(Some(compute::beside(move || build::lenses(&state, &uri)).await))
    }

    async fn code_action_resolve(&self, action: CodeAction) -> Result<CodeAction> {
        let Some(snapshot) = code_actions::subject(&self.state, &action) else { return Ok(action) };
        let state = self.state.clone();
        let action = compute::beside(move || code_actions::resolve(&state, &snapshot, action)).await;
        // An action that cannot be done after all has no edit; clients would say nothing.
        if let Some(disabled) = &action.disabled {
            self.client
                .show_message(MessageType::WARNING, format!("nothing is written: {}", disabled.reason))
                .await;
        }
        Ok(action)
    }

    async fn execute_command(&self, params: ExecuteCommandParams) -> Result<Option<Value>> {
        match params.command.as_str() {
            explain::COMMAND => self.explain(&params.arguments).await.map(Some),
            _ => build::execute(self.desk(), params).await,
        }
    }

    async fn folding_range(&self, params: FoldingRangeParams) -> Result<Option<Vec<FoldingRange>>> {
        Ok(self.about(&params.text_document.uri, routes::folding_ranges).await)
    }

    async fn selection_range(&self, params: SelectionRangeParams) -> Result<Option<Vec<SelectionRange>>> {
        let positions = params.positions;
        let ask = move |snapshot: &Snapshot, _: &Session| routes::selection_ranges(snapshot, &positions);
        Ok(self.about(&params.text_document.uri, ask).await)
    }

    async fn semantic_tokens_full(
        &self,
        params: SemanticTokensParams,
    ) -> Result<Option<SemanticTokensResult>> {
        let ask = |snapshot: &Snapshot, _: &Session| routes::semantic_tokens(snapshot).into();
        Ok(self.about(&params.text_document.uri, ask).await)
    }

    async fn semantic_tokens_full_delta(
        &self,
        params: SemanticTokensDeltaParams,
    ) -> Result<Option<SemanticTokensFullDeltaResult>> {
        let previous = params.previous_result_id;
        let ask = move |snapshot: &Snapshot, _: &Session| routes::semantic_tokens_delta(snapshot, &previous);
        Ok(self.about(&params.text_document.uri, ask).await)
    }

    async fn semantic_tokens_range(
        &self,
        params: SemanticTokensRangeParams,
    ) -> Result<Option<SemanticTokensRangeResult>> {
        let range = params.range;
        let ask = move |snapshot: &Snapshot, _: &Session| routes::semantic_tokens_in(snapshot, range).into();
        Ok(self.about(&params.text_document.uri, ask).await)
    }

    async fn formatting(&self, params: DocumentFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        let uri = params.text_document.uri;
        let options = self.format_options(&uri, &params.options);
        let ask = move |snapshot: &Snapshot, _: &Session| routes::formatting(snapshot, &options);
        Ok(self.about(&uri, ask).await)
    }

    async fn range_formatting(&self, params: DocumentRangeFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        let uri = params.text_document.uri;
        let options = self.format_options(&uri, &params.options);
        let ask = move |snapshot: &Snapshot, _: &Session| {
            routes::range_formatting(snapshot, &options, params.range)
        };
        Ok(self.about(&uri, ask).await)
    }

    async fn on_type_formatting(
        &self,
        params: DocumentOnTypeFormattingParams,
    ) -> Result<Option<Vec<TextEdit>>> {
        let TextDocumentPositionParams { text_document, position } = params.text_document_position;
        let options = self.format_options(&text_document.uri, &params.options);
        let ask = move |snapshot: &Snapshot, _: &Session| {
            routes::on_type_formatting(snapshot, &options, position, &params.ch)
        };
        Ok(self.about(&text_document.uri, ask).await)
    }

    async fn inlay_hint(&self, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
        let uri = params.text_document.uri;
        let state = self.state.clone();
        let ask = move |snapshot: &Snapshot, _: &Session| {
            let settings = state.settings.of(&snapshot.uri).settings;
            let known = state.facts_about(snapshot).registry;
            let mut hints = routes::inlay_hints(snapshot, &settings, params.range, &known);
            if settings.inlay_hints.build {
                hints.extend(build::hints(&state, snapshot, params.range));
            }
            hints
        };
        Ok(self.about(&uri, ask).await)
    }
}

fn full_report(result_id: Option<String>, items: Vec<Diagnostic>) -> DocumentDiagnosticReportResult {
    let full_document_diagnostic_report = FullDocumentDiagnosticReport { result_id, items };
    DocumentDiagnosticReportResult::Report(DocumentDiagnosticReport::Full(
        RelatedFullDocumentDiagnosticReport { related_documents: None, full_document_diagnostic_report },
    ))
}

fn unchanged_report(result_id: String) -> DocumentDiagnosticReportResult {
    let unchanged_document_diagnostic_report = UnchangedDocumentDiagnosticReport { result_id };
    DocumentDiagnosticReportResult::Report(DocumentDiagnosticReport::Unchanged(
        RelatedUnchangedDocumentDiagnosticReport {
            related_documents: None,
            unchanged_document_diagnostic_report,
        },
    ))
}
