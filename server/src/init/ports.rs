//! Where a program listens, as its sources tell.

use super::recipe::Recipe;
use super::text::number;

/// What a source says about listening.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Listening {
    pub port: Option<u16>,
    /// On the machine itself only: nothing outside of a container reaches it.
    pub is_local: bool,
}

/// Marks behind which a number is a port, the surest first.
const MARKS: &[&str] = &[
    "PORT ||",
    "PORT ??",
    "PORT) ||",
    "PORT) ??",
    "PORT!) ||",
    "'PORT',",
    "\"PORT\",",
    ".listen(",
    "Listen(\"",
    "ListenAndServe(\"",
    ".Run(\"",
    ".Start(\"",
    "Addr:",
    "0.0.0.0:",
    "127.0.0.1:",
    "localhost:",
    "\"0.0.0.0\",",
    "\"127.0.0.1\",",
    "'0.0.0.0',",
    "'127.0.0.1',",
    "port=",
    "port =",
    "port:",
    "set :port,",
    "PORT = ",
    "bind(",
    "htons(",
    "InetSocketAddress(",
    "ServerSocket(",
    "Server((\"\",",
    "Server(('',",
];

/// Reads what a source in any language says; the first mark with a port behind it counts.
pub fn listening(source: &str) -> Listening {
    let port = MARKS.iter().find_map(|mark| {
        let mut places = source.split(mark).skip(1);
        places.find_map(|rest| port_at(rest.lines().next().unwrap_or_default()))
    });
    // Gin's own port, where none is said.
    let is_gin = source.contains("gin.") && source.contains(".Run()");
    Listening { port: port.or(is_gin.then_some(8080)), is_local: is_local(source) }
}

/// The port at the start of `line`, behind quotes, colons and a host.
fn port_at(line: &str) -> Option<u16> {
    let near: String = line.chars().take(24).collect();
    let start = near.find(|it: char| it.is_ascii_digit())?;
    let is_behind_name = near[..start].contains(|it: char| it.is_alphabetic() || it == ')' || it == ';');
    let value = number(&near).filter(|it| (80..=65_535).contains(it))?;
    let is_address = near[start..].split(|it: char| !it.is_ascii_digit() && it != '.').next()?.contains('.');
    if is_behind_name || is_address { None } else { u16::try_from(value).ok() }
}

fn is_local(source: &str) -> bool {
    let is_listening = |line: &str| {
        let names_host =
            ["\"127.0.0.1", "'127.0.0.1", "\"localhost", "'localhost"].iter().any(|it| line.contains(it));
        let listens = ["listen(", "Listen", "run(", "Run(", "bind(", "bind =", "Addr", "host="]
            .iter()
            .any(|it| line.contains(it));
        names_host && listens
    };
    source.lines().any(is_listening)
}

/// Tells that the program would not be reachable.
pub fn note_local(recipe: &mut Recipe, path: &str, listening: Listening) {
    if listening.is_local {
        recipe.note(format!(
            "`{path}` listens on localhost, so nothing outside of the container reaches it: let it listen on 0.0.0.0"
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_found_in_several_languages() {
        let port = |source: &str| listening(source).port;
        assert_eq!(port("app.listen(3000, () => {})"), Some(3000));
        assert_eq!(port("const port = process.env.PORT || 8080\napp.listen(port)"), Some(8080));
        assert_eq!(port("http.ListenAndServe(\":9090\", nil)"), Some(9090));
        assert_eq!(port("app.run(host='127.0.0.1', port=5001)"), Some(5001));
        assert_eq!(port("TcpListener::bind(\"0.0.0.0:7878\")"), Some(7878));
        assert_eq!(port("os.environ.get('PORT', 4000)"), Some(4000));
        assert_eq!(port(".bind((\"0.0.0.0\", 8088))?"), Some(8088));
        assert_eq!(port("app.listen(Number(process.env.PORT) || 8081)"), Some(8081));
        assert_eq!(port("address.sin_port = htons(8091);\nlisten(s, 5);"), Some(8091));
        assert_eq!(port("HttpServer.create(new InetSocketAddress(8092), 0)"), Some(8092));
        assert_eq!(port("HTTPServer(('0.0.0.0', 8123), Page)"), Some(8123));
        assert_eq!(port("socketserver.TCPServer((\"\", 8000), Page)"), Some(8000));
        assert_eq!(port("r := gin.Default()\nr.Run()"), Some(8080));
        assert_eq!(port("app.listen(port); x(2000)"), None);
        assert_eq!(port("print('hello 2024')"), None);
    }

    #[test]
    fn localhost_is_seen_where_something_listens() {
        assert!(listening("app.run(host='127.0.0.1')").is_local);
        assert!(listening("r.Run(\"localhost:8080\")").is_local);
        assert!(!listening("connect('localhost')\napp.listen(1)").is_local);
    }
}
