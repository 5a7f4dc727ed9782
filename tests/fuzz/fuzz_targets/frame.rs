//! Any bytes that a client could send come to an end, and a good frame behind them is still found.
#![no_main]

use dockwright::lsp::frame::{Frame, FrameReader, encode};
use dockwright::lsp::message::Message;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let mut reader = FrameReader::with_limit(input, 1 << 20);
    while let Ok(Some(frame)) = reader.next_frame() {
        if let Frame::Body(body) = frame {
            Message::parse(&body);
        }
    }
    let encoded = encode(input);
    let mut reader = FrameReader::new(encoded.as_slice());
    assert_eq!(reader.next_frame().ok().flatten(), Some(Frame::Body(input.to_vec())));
    assert_eq!(reader.next_frame().ok().flatten(), None);
});
