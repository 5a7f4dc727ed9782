//! One message of the wire, sorted by who has to deal with it.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, error::Category};
use tower_lsp::jsonrpc::{Error, ErrorCode, Id, Request, Response};

#[derive(Debug)]
pub enum Message {
    Request(Id, Request),
    Notification(Request),
    /// An answer to a request of ours.
    Reply(Response),
    /// The client no longer wants the answer to this request.
    Cancel(Id),
    Exit,
    /// Not a message of the protocol; the answer says why.
    Invalid(Response),
}

/// Every field that a message can have. `jsonrpc` is not looked at: nothing depends on it.
#[derive(Deserialize)]
struct Fields {
    id: Option<Value>,
    method: Option<String>,
    params: Option<Value>,
    result: Option<Value>,
    error: Option<Value>,
}

impl Message {
    pub fn parse(body: &[u8]) -> Message {
        // serde would take an array for the fields in their order.
        let is_object = body.trim_ascii_start().starts_with(b"{");
        let read = if is_object {
            serde_json::from_slice::<Fields>(body).map(Fields::sort)
        } else {
            serde_json::from_slice(body).map(|IgnoredAny| {
                Message::invalid(Id::Null, ErrorCode::InvalidRequest, "a message must be an object")
            })
        };
        read.unwrap_or_else(|error| Message::invalid(Id::Null, code_of(&error), error.to_string()))
    }

    pub fn invalid(id: Id, code: ErrorCode, message: impl Into<String>) -> Message {
        let message = message.into().into();
        Message::Invalid(Response::from_error(id, Error { code, message, data: None }))
    }
}

fn code_of(error: &serde_json::Error) -> ErrorCode {
    match error.classify() {
        Category::Data => ErrorCode::InvalidRequest,
        Category::Io | Category::Syntax | Category::Eof => ErrorCode::ParseError,
    }
}

impl Fields {
    fn sort(self) -> Message {
        let id = match self.id.clone().map(Id::deserialize).transpose() {
            Ok(id) => id.filter(|id| *id != Id::Null),
            Err(_) => {
                let problem = "`id` is neither a whole number nor a string";
                return Message::invalid(Id::Null, ErrorCode::InvalidRequest, problem);
            }
        };
        match (self.method.as_deref(), id) {
            (Some("exit"), _) => Message::Exit,
            (Some("$/cancelRequest"), None) => self.cancel(),
            (Some(method), Some(id)) if method.starts_with("$/") => {
                Message::invalid(id, ErrorCode::MethodNotFound, format!("`{method}` is not known"))
            }
            (Some(_), Some(id)) => Message::Request(id.clone(), self.request(Some(id))),
            (Some(_), None) => Message::Notification(self.request(None)),
            (None, Some(id)) => Message::Reply(self.reply(id)),
            (None, None) => {
                Message::invalid(Id::Null, ErrorCode::InvalidRequest, "neither `method` nor `id` is given")
            }
        }
    }

    fn cancel(self) -> Message {
        let id = self.params.as_ref().and_then(|params| params.get("id")).cloned();
        match id.map(Id::deserialize) {
            Some(Ok(id)) => Message::Cancel(id),
            _ => Message::invalid(Id::Null, ErrorCode::InvalidParams, "`$/cancelRequest` without an `id`"),
        }
    }

    fn request(self, id: Option<Id>) -> Request {
        let method = self.method.unwrap_or_default();
        // tower-lsp refuses any parameters here, but clients do send `null` or `{}`.
        let takes_none = method == "shutdown";
        let request = Request::build(method);
        // `null` stands for "none" (it was read into `None`).
        let request = match self.params.filter(|_| !takes_none) {
            Some(params) => request.params(params),
            None => request,
        };
        match id {
            Some(id) => request.id(id).finish(),
            None => request.finish(),
        }
    }

    fn reply(self, id: Id) -> Response {
        match self.error {
            Some(error) => {
                Response::from_error(id, Error::deserialize(error).unwrap_or_else(|_| unreadable()))
            }
            None => Response::from_ok(id, self.result.unwrap_or_default()),
        }
    }
}

fn unreadable() -> Error {
    Error { code: ErrorCode::InternalError, message: "an error that cannot be read".into(), data: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error_code(body: &str) -> i64 {
        match Message::parse(body.as_bytes()) {
            Message::Invalid(response) => response.error().expect("an error").code.code(),
            message => panic!("{message:?}"),
        }
    }

    #[test]
    fn a_body_that_is_no_json_is_a_parse_error() {
        assert_eq!(error_code("{"), -32700);
        assert_eq!(error_code("\u{0}"), -32700);
        assert_eq!(error_code(&"[".repeat(10_000)), -32700);
        assert_eq!(error_code(&format!("{{\"id\":{}", "[".repeat(10_000))), -32700);
    }

    #[test]
    fn json_that_is_no_message_is_an_invalid_request() {
        assert_eq!(error_code("7"), -32600);
        assert_eq!(error_code("[1,\"exit\"]"), -32600);
        assert_eq!(error_code("{}"), -32600);
        assert_eq!(error_code(r#"{"id": 1.5, "method": "a"}"#), -32600);
        assert_eq!(error_code(r#"{"method": 7}"#), -32600);
    }

    #[test]
    fn an_unknown_request_of_the_protocol_itself_is_answered() {
        assert_eq!(error_code(r#"{"id": 1, "method": "$/other"}"#), -32601);
    }

    #[test]
    fn parameters_of_null_are_no_parameters() {
        let Message::Request(id, request) =
            Message::parse(br#"{"jsonrpc":"2.0","id":"a","method":"shutdown","params":null}"#)
        else {
            panic!("a request");
        };
        assert_eq!((id, request.params()), (Id::String("a".into()), None));
    }

    #[test]
    fn a_reply_keeps_its_error() {
        let Message::Reply(reply) = Message::parse(br#"{"id":3,"error":{"code":-32601,"message":"no"}}"#)
        else {
            panic!("a reply");
        };
        assert_eq!(reply.error().map(|error| error.code.code()), Some(-32601));
        assert!(
            matches!(Message::parse(br#"{"id":3,"result":null}"#), Message::Reply(reply) if reply.is_ok())
        );
    }

    #[test]
    fn a_cancellation_names_its_request() {
        let body = br#"{"method":"$/cancelRequest","params":{"id":7}}"#;
        assert!(matches!(Message::parse(body), Message::Cancel(Id::Number(7))));
    }
}
