//! Long answers go out as the text that their handler wrote.
//!
//! tower-lsp makes a tree of values of every answer before it is written. For the findings on 10,000 lines that took
//! as long as finding them. So the methods with long answers are registered once more under a name of our own, and
//! there the answer is written at once; to tower-lsp it is one string, which [`text`] knows by its first letter.

use serde::{Serialize, Serializer};
use serde_json::Value;
use tower_lsp::jsonrpc::{Error, Id, Request, Response, Result};
use tower_lsp::{LanguageServer, LspServiceBuilder};

use super::server::Server;

/// No answer of ours begins with it.
const MARK: &str = "\0";

/// The JSON of an answer, behind the mark.
#[derive(Debug)]
pub struct Written(String);

impl Serialize for Written {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl Written {
    fn of(answer: &impl Serialize) -> Result<Written> {
        let mut json = MARK.as_bytes().to_vec();
        serde_json::to_writer(&mut json, answer).map_err(|_| Error::internal_error())?;
        String::from_utf8(json).map(Written).map_err(|_| Error::internal_error())
    }
}

/// The message for an answer that is written already.
pub fn text(response: &Response) -> Option<Vec<u8>> {
    let json = response.result().and_then(Value::as_str)?.strip_prefix(MARK)?;
    Some(message(response.id(), json))
}

fn message(id: &Id, json: &str) -> Vec<u8> {
    let id = serde_json::to_string(id).unwrap_or_default();
    [r#"{"jsonrpc":"2.0","result":"#, json, r#","id":"#, &id, "}"].concat().into_bytes()
}

/// Registers a method of the protocol, answered by its method of `LanguageServer`, under the name of ours.
macro_rules! written {
    ($($method:literal as $name:literal => $handler:ident($params:ident),)*) => {
        const NAMES: &[(&str, &str)] = &[$(($method, $name)),*];

        pub fn register(builder: LspServiceBuilder<Server>) -> LspServiceBuilder<Server> {
            $(
                async fn $handler(server: &Server, params: tower_lsp::lsp_types::$params) -> Result<Written> {
                    Written::of(&LanguageServer::$handler(server, params).await?)
                }
                let builder = builder.custom_method($name, $handler);
            )*
            builder
        }
    };
}

written! {
    "textDocument/codeAction" as "written/codeAction" => code_action(CodeActionParams),
    "textDocument/codeLens" as "written/codeLens" => code_lens(CodeLensParams),
    "textDocument/completion" as "written/completion" => completion(CompletionParams),
    "textDocument/diagnostic" as "written/diagnostic" => diagnostic(DocumentDiagnosticParams),
    "textDocument/documentLink" as "written/documentLink" => document_link(DocumentLinkParams),
    "textDocument/documentSymbol" as "written/documentSymbol" => document_symbol(DocumentSymbolParams),
    "textDocument/foldingRange" as "written/foldingRange" => folding_range(FoldingRangeParams),
    "textDocument/formatting" as "written/formatting" => formatting(DocumentFormattingParams),
    "textDocument/inlayHint" as "written/inlayHint" => inlay_hint(InlayHintParams),
    "textDocument/semanticTokens/full" as "written/semanticTokens/full" => semantic_tokens_full(SemanticTokensParams),
    "workspace/diagnostic" as "written/workspaceDiagnostic" => workspace_diagnostic(WorkspaceDiagnosticParams),
    "workspace/symbol" as "written/workspaceSymbol" => symbol(WorkspaceSymbolParams),
}

/// The request under the name of ours, if it has one.
pub fn renamed(request: Request) -> Request {
    let Some((_, name)) = NAMES.iter().find(|(method, _)| *method == request.method()) else {
        return request;
    };
    let (_, id, params) = request.into_parts();
    let renamed = Request::build(*name);
    let renamed = id.into_iter().fold(renamed, |it, id| it.id(id));
    params.into_iter().fold(renamed, |it, params| it.params(params)).finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_goes_out_as_it_is() {
        let answer = Written::of(&["a\"b", "\0"]).unwrap();
        let response = Response::from_ok("x".to_owned().into(), serde_json::to_value(answer).unwrap());
        let message = String::from_utf8(text(&response).unwrap()).unwrap();
        assert_eq!(message, r#"{"jsonrpc":"2.0","result":["a\"b","\u0000"],"id":"x"}"#);
    }

    #[test]
    fn other_answers_are_left_to_tower_lsp() {
        assert_eq!(text(&Response::from_ok(1.into(), "plain".into())), None);
        assert_eq!(text(&Response::from_error(1.into(), Error::internal_error())), None);
    }

    #[test]
    fn a_request_keeps_its_id_and_parameters() {
        let request =
            |name: &'static str| Request::build(name).id(7).params(serde_json::json!({ "a": 1 })).finish();
        assert_eq!(renamed(request("textDocument/codeLens")), request("written/codeLens"));
        assert_eq!(renamed(request("textDocument/hover")), request("textDocument/hover"));
    }
}
