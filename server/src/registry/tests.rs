//! The client against servers that behave, and against those that do not.

use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::stand_in::{Asked, Reply, Server};
use super::*;
use crate::config::Settings;

const DIGEST: &str = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

fn run<T>(test: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(test)
}

/// A client for whom `server` is Docker Hub, and a registry that may be asked.
fn client(server: &Server) -> Client {
    Client::with_environment(policy(server), |_| None)
}

fn policy(server: &Server) -> Policy {
    let address = format!("http://{}", server.host);
    let mut settings = Settings::default();
    settings.registry.hub_url = address.clone();
    settings.registry.hub_registry_url = address.clone();
    settings.registry.hub_auth_url = address;
    settings.registry.allow = vec![server.host.clone()];
    Policy::new(&settings)
}

/// `repository:tag` on `server`.
fn image(server: &Server, name: &str) -> ImageReference {
    ImageReference::parse(&format!("{}/{name}", server.host))
}

fn tags_of(text: &str) -> Question {
    Question::Tags(ImageReference::parse(text))
}

fn tags_on(server: &Server, name: &str) -> Question {
    Question::Tags(image(server, name))
}

fn whole(image: ImageReference) -> Question {
    Question::Image { image, platform: None, with_config: true }
}

/// The tags' names, or why there are none.
fn names(outcome: Result<Known, LookupError>) -> Vec<String> {
    match outcome.map(|it| it.tags().expect("tags were asked for").value) {
        Ok(Answer::Found(repository)) => repository.tags.iter().map(|it| it.name.to_string()).collect(),
        Ok(Answer::Missing) => vec!["missing".to_owned()],
        Err(error) => vec![error.to_string()],
    }
}

fn list(tags: &[&str]) -> Reply {
    Reply::new(200, serde_json::json!({ "name": "x", "tags": tags }).to_string())
}

#[test]
fn docker_hub_is_read_page_by_page() {
    run(async {
        let server = Server::start(|asked| {
            assert!(asked.path.starts_with("/v2/namespaces/library/repositories/python/tags?"), "{asked:?}");
            let (tag, next) = match asked.path.contains("page=2") {
                false => ("3.14", serde_json::json!("/v2/namespaces/library/repositories/python/tags?page=2")),
                true => ("3.13", serde_json::Value::Null),
            };
            let image = serde_json::json!({ "architecture": "arm64", "os": "linux", "variant": "v8", "size": 7 });
            let unknown = serde_json::json!({ "architecture": "unknown", "os": "unknown", "size": 1 });
            let tag = serde_json::json!({
                "name": tag, "digest": DIGEST, "tag_last_pushed": "2026-08-21T10:00:00Z", "images": [image, unknown],
            });
            Reply::new(200, serde_json::json!({ "next": next, "results": [tag] }).to_string())
        })
        .await;
        let client = client(&server);
        let known = client.ask(&tags_of("python")).await.expect("an answer");
        let Some(Fact { value: Answer::Found(found), .. }) = known.tags() else { panic!("{known:?}") };
        let first = &found.tags[0];
        assert_eq!((found.tags.len(), found.is_complete, first.name.as_str()), (2, true, "3.14"));
        assert_eq!(first.pushed.map(|it| it.to_string()).as_deref(), Some("2026-08-21"));
        assert_eq!((first.platforms.len(), first.platforms[0].size), (1, Some(7)));
        assert_eq!(first.platforms[0].platform.to_string(), "linux/arm64");
        assert_eq!((server.count(), client.requests_sent()), (2, 2));
        client.ask(&tags_of("docker.io/library/python:3")).await.expect("it is known");
        assert_eq!(client.requests_sent(), 2, "another spelling of the same is not asked for again");
    });
}

#[test]
fn other_registries_are_read_page_by_page() {
    run(async {
        let server = Server::start(|asked| match asked.path.as_str() {
            "/v2/a/b/tags/list?n=1000" => {
                list(&["1", "2"]).with("link", "</v2/a/b/tags/list?last=2>; rel=\"next\"")
            }
            "/v2/a/b/tags/list?last=2" => list(&["3"]),
            _ => Reply::new(404, ""),
        })
        .await;
        let client = client(&server);
        assert_eq!(names(client.ask(&tags_on(&server, "a/b:1")).await), ["1", "2", "3"]);
        assert_eq!(names(client.ask(&tags_on(&server, "a/c")).await), ["missing"]);
        assert_eq!((server.count(), client.requests_sent()), (3, 3));
    });
}

#[test]
fn pages_end_even_if_the_registry_goes_on_for_ever() {
    run(async {
        let page = AtomicUsize::new(0);
        let server = Server::start(move |_| {
            let number = page.fetch_add(1, Ordering::Relaxed);
            list(&[&number.to_string()])
                .with("link", format!("</v2/a/tags/list?last={number}>; rel=\"next\""))
        })
        .await;
        let client = client(&server);
        let known = client.ask(&tags_on(&server, "a")).await.expect("an answer");
        let found = known.tags().and_then(|it| it.value.found().cloned()).expect("tags");
        assert_eq!((found.tags.len(), found.is_complete, server.count()), (MAX_PAGES, false, MAX_PAGES));
    });
}

/// Docker Hub's first page of `acme/api`, of which there is a second one.
fn first_page(tags: &[&str]) -> Reply {
    let results: Vec<_> = tags.iter().map(|it| serde_json::json!({ "name": it })).collect();
    let next = "/v2/namespaces/acme/repositories/api/tags?page=2";
    Reply::new(200, serde_json::json!({ "next": next, "results": results }).to_string())
}

#[test]
fn what_has_come_of_a_list_is_there_before_the_rest() {
    run(async {
        let server = Server::start(|asked| match asked.path.contains("page=2") {
            false => first_page(&["2", "1"]),
            true => Reply::silent(),
        })
        .await;
        let lookups = Lookups::over(client(&server));
        let image = ImageReference::parse("acme/api");
        let first = lookups.tags(&image);
        assert!(first.fact.is_none() && first.is_pending);
        lookups.wait_for_some(Question::Tags(image.clone())).await;
        let part = lookups.tags(&image);
        assert!(part.is_pending, "the second page is on its way");
        let Some(Fact { value: Answer::Found(found), .. }) = part.fact else { panic!("{part:?}") };
        assert_eq!((found.tags.len(), found.is_complete), (2, false));
        assert!(lookups.known_tags(&image).is_none(), "for findings a part is not enough");
    });
}

#[test]
fn a_page_that_fails_does_not_lose_those_before() {
    run(async {
        let server = Server::start(|asked| match asked.path.as_str() {
            it if it.contains("page=2") => Reply::new(500, ""),
            it if it.contains("namespaces") => first_page(&["2", "1"]),
            _ => Reply::new(500, ""),
        })
        .await;
        let client = client(&server);
        let question = tags_of("acme/api");
        let known = client.ask(&question).await.expect("the first page");
        assert!(!known.is_fresh);
        assert_eq!(names(Ok(known)), ["2", "1"]);
        assert!(client.known(&question).is_none(), "it is no answer to keep");
    });
}

#[test]
fn the_next_page_is_never_somewhere_else() {
    run(async {
        let elsewhere = Server::start(|_| list(&["evil"])).await;
        let link = format!("<http://{}/v2/a/tags/list>; rel=\"next\"", elsewhere.host);
        let server = Server::start(move |_| list(&["1"]).with("link", link.clone())).await;
        assert_eq!(names(client(&server).ask(&tags_on(&server, "a")).await), ["1"]);
        assert_eq!(elsewhere.count(), 0);
    });
}

/// A registry that wants a token `good` for reading `a`.
fn with_token(asked: &Asked, realm: &str) -> Reply {
    if asked.path.starts_with("/token") {
        return Reply::new(200, r#"{"token": "good", "expires_in": 300}"#);
    }
    match asked.header("authorization") {
        Some("Bearer good") => list(&["1"]),
        _ => Reply::new(401, "").with(
            "www-authenticate",
            format!(r#"Bearer realm="{realm}",service="s",scope="repository:a:pull,push,delete""#),
        ),
    }
}

/// The address of a server is known only when it runs.
async fn with_own_realm() -> Server {
    let address: Arc<std::sync::OnceLock<String>> = Arc::default();
    let realm = address.clone();
    let server = Server::start(move |asked| {
        with_token(asked, realm.get().expect("it is set before the first request"))
    })
    .await;
    address.set(format!("http://{}/token", server.host)).expect("it is set once");
    server
}

#[test]
fn a_token_is_fetched_once_and_for_reading_only() {
    run(async {
        let server = with_own_realm().await;
        let client = client(&server);
        assert_eq!(names(client.ask(&tags_on(&server, "a")).await), ["1"]);
        let paths: Vec<String> = server.asked().into_iter().map(|it| it.path).collect();
        let list = "/v2/a/tags/list?n=1000";
        assert_eq!(paths, [list, "/token?scope=repository%3Aa%3Apull&service=s", list]);
        // The token that worked is used again.
        let _ = client.ask(&whole(image(&server, "a:1"))).await;
        assert_eq!(server.asked()[3].header("authorization"), Some("Bearer good"));
    });
}

#[test]
fn tokens_are_not_fetched_from_strangers() {
    run(async {
        let server = Server::start(|asked| with_token(asked, "https://evil.example/token")).await;
        let client = client(&server);
        let outcome = client.ask(&tags_on(&server, "a")).await;
        assert!(matches!(outcome, Err(LookupError::Unsafe { .. })), "{outcome:?}");
        assert_eq!(client.requests_sent(), 1);
    });
}

/// A folder with a Docker configuration that has the login `me`, `hunter2` for `server`, and a client that may use it.
fn logged_in(server: &Server) -> (tempfile::TempDir, Client) {
    let folder = tempfile::tempdir().expect("a folder");
    let auths = serde_json::json!({ "auths": { &server.host: { "auth": "bWU6aHVudGVyMg==" } } });
    std::fs::write(folder.path().join("config.json"), auths.to_string()).expect("a file");
    let mut policy = policy(server);
    policy.uses_credentials = true;
    policy.allowed.clear();
    let path = folder.path().to_owned();
    let client = Client::with_environment(policy, |name| (name == "DOCKER_CONFIG").then(|| path.clone()));
    (folder, client)
}

#[test]
fn a_login_is_used_for_its_own_registry_if_the_user_said_so() {
    run(async {
        let server = Server::start(|asked| match asked.header("authorization") {
            Some("Basic bWU6aHVudGVyMg==") => list(&["1"]),
            _ => Reply::new(401, "").with("www-authenticate", "Basic realm=\"x\""),
        })
        .await;
        let (_folder, client) = logged_in(&server);
        assert_eq!(names(client.ask(&tags_on(&server, "a")).await), ["1"]);
        let outcome = super::tests::client(&server).ask(&tags_on(&server, "a")).await;
        assert!(matches!(outcome, Err(LookupError::Unauthorized { .. })), "{outcome:?}");
    });
}

#[test]
fn secrets_stay_out_of_logs_errors_and_redirects() {
    let log: Arc<Mutex<Vec<u8>>> = Arc::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || Tee(writer.clone()))
        .finish();
    // With one subscriber alone, `tracing` asks the thread that first comes to a line whether anybody wants it, for all
    // threads: another test would silence it here.
    let _second = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::default());
    tracing::subscriber::with_default(subscriber, || {
        run(async {
            let elsewhere = Server::start(|_| Reply::new(404, "")).await;
            let target = format!("http://{}/blob", elsewhere.host);
            let server = Server::start(move |asked| match asked.header("authorization") {
                None => Reply::new(401, "").with("www-authenticate", "Basic realm=\"x\""),
                Some(_) => Reply::new(307, "").with("location", target.clone()),
            })
            .await;
            let (_folder, client) = logged_in(&server);
            let outcome = client.ask(&whole(image(&server, "a:1"))).await;
            assert_eq!((server.count(), elsewhere.count()), (2, 1), "{outcome:?}");
            assert_eq!(elsewhere.asked()[0].header("authorization"), None);
            assert!(!format!("{outcome:?} {client:?}").contains("bWU6"), "{outcome:?}");
        });
    });
    let log = String::from_utf8_lossy(&lock(&log)).into_owned();
    assert!(log.contains("asking a registry"), "{log}");
    assert!(!log.contains("bWU6") && !log.contains("hunter2"), "{log}");
}

struct Tee(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Tee {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        lock(&self.0).write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_host_that_wants_a_pause_gets_it() {
    run(async {
        let server = Server::start(|_| Reply::new(429, "").with("retry-after", "120")).await;
        let client = client(&server);
        for name in ["a", "b", "a"] {
            let outcome = client.ask(&tags_on(&server, name)).await;
            let Err(LookupError::RateLimited { retry_after, .. }) = outcome else { panic!("{outcome:?}") };
            assert!((100..=120).contains(&retry_after.as_secs()));
        }
        assert_eq!(server.count(), 1);
    });
}

/// Asks a server that always answers `reply`, once.
async fn failure(reply: Reply) -> LookupError {
    let server = Server::start(move |_| reply.clone()).await;
    let mut policy = policy(&server);
    policy.timeout = Duration::from_millis(1500);
    let client = Client::with_environment(policy, |_| None);
    client.ask(&tags_on(&server, "a")).await.expect_err("no answer makes sense")
}

#[test]
fn answers_that_are_none_are_errors_and_cost_little() {
    run(async {
        for (reply, expected) in [
            (Reply::new(200, "{\"tags\": ["), "makes no sense"),
            (Reply::new(200, "<html>"), "makes no sense"),
            (Reply::new(200, "{\"tags\": \"x\"}"), "makes no sense"),
            (Reply::new(200, format!("{{\"tags\": {}", "[".repeat(100_000))), "makes no sense"),
            (Reply::new(418, ""), "status 418"),
            (Reply::new(503, ""), "status 503"),
            (Reply::new(403, ""), "wants a login"),
            (Reply::cut("{\"tags\""), "cannot be reached"),
            (Reply::silent(), "no whole answer within 1.5 s"),
            (Reply::endless(), "more than 16 MB"),
            (Reply::new(200, vec![b' '; (16 << 20) + 1]), "more than 16 MB"),
            (gzip_bomb(), "more than 16 MB"),
        ] {
            let sentence = failure(reply).await.to_string();
            assert!(sentence.contains(expected), "{sentence:?} has no {expected:?}");
        }
    });
}

/// A small answer that becomes 40 MB.
fn gzip_bomb() -> Reply {
    let mut body = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    body.extend(miniz_oxide::deflate::compress_to_vec(&vec![b' '; 40 << 20], 1));
    body.extend([0; 8]);
    assert!(body.len() < 1 << 20);
    Reply::new(200, body).with("content-encoding", "gzip")
}

#[test]
fn a_host_that_fails_is_left_alone() {
    run(async {
        let server = Server::start(|_| Reply::new(500, "")).await;
        let client = client(&server);
        for name in ["a", "b", "c"] {
            let outcome = client.ask(&tags_on(&server, name)).await;
            assert!(matches!(outcome, Err(LookupError::Unreachable { .. })), "{outcome:?}");
        }
        let outcome = client.ask(&tags_on(&server, "d")).await;
        assert!(matches!(outcome, Err(LookupError::Resting { .. })), "{outcome:?}");
        assert_eq!(server.count(), 3);
    });
}

#[test]
fn a_failure_is_not_repeated_for_a_minute() {
    run(async {
        let server = Server::start(|_| Reply::new(500, "")).await;
        let client = client(&server);
        for _ in 0..5 {
            assert!(client.ask(&tags_on(&server, "a")).await.is_err());
        }
        assert_eq!(server.count(), 1);
    });
}

#[test]
fn redirects_are_few_and_only_for_what_may_lie_elsewhere() {
    run(async {
        let server =
            Server::start(|asked| Reply::new(302, "").with("location", asked.path.clone() + "x")).await;
        let client = client(&server);
        let outcome = client.ask(&tags_on(&server, "a")).await;
        assert!(matches!(outcome, Err(LookupError::Unsafe { .. })), "{outcome:?}");
        assert_eq!(server.count(), 1);
        let outcome = client.ask(&whole(image(&server, "a:1"))).await;
        assert!(matches!(outcome, Err(LookupError::Unsafe { .. })), "{outcome:?}");
        assert_eq!(server.count(), 1 + 4);
    });
}

#[test]
fn text_that_is_no_tag_is_dropped() {
    run(async {
        let server =
            Server::start(|_| list(&["1", "\u{1b}[31mred", "[x](http://evil)", "a\nb", "", "2-slim"])).await;
        assert_eq!(names(client(&server).ask(&tags_on(&server, "a")).await), ["1", "2-slim"]);
    });
}

#[test]
fn one_request_answers_all_who_ask_the_same() {
    run(async {
        let server = Server::start(|_| list(&["1"])).await;
        let client = client(&server);
        let question = tags_on(&server, "a");
        let all = futures::future::join_all((0..20).map(|_| client.ask(&question))).await;
        assert!(all.into_iter().all(|it| names(it) == ["1"]));
        assert_eq!(server.count(), 1);
    });
}

#[test]
fn a_slow_registry_delays_nobody_else() {
    run(async {
        let slow = Server::start(|_| Reply::silent()).await;
        let quick = Server::start(|_| list(&["1"])).await;
        let mut policy = policy(&slow);
        policy.allowed.push(quick.host.clone());
        let client = Client::with_environment(policy, |_| None);
        let questions: Vec<Question> = (0..10).map(|it| tags_on(&slow, &format!("a{it}"))).collect();
        let waiting = futures::future::join_all(questions.iter().map(|it| client.ask(it)));
        let question = tags_on(&quick, "a");
        let answered = client.ask(&question);
        let answered = async { names(answered.await) };
        tokio::select! {
            biased;
            _ = waiting => panic!("the slow registry does not answer"),
            found = answered => assert_eq!(found, ["1"]),
        }
        assert!(slow.count() <= 4, "no more than four requests at once: {}", slow.count());
    });
}

/// Puts an answer into the cache as if it came `age` ago.
fn remember(client: &Client, question: &Question, tag: &str, age: Duration) {
    let tags = vec![crate::analysis::facts::RemoteTag { name: tag.into(), ..Default::default() }];
    let value = Kept::Tags(Answer::Found(Arc::new(Repository { tags, is_complete: true })));
    let at = SystemTime::now() - age;
    let key = question.key().expect("it may be asked");
    client.cache.put(&key, Entry { value: Arc::new(value), at, etag: Some("\"1\"".to_owned()) });
}

#[test]
fn an_old_answer_is_confirmed_with_its_mark() {
    run(async {
        let server = Server::start(|asked| match asked.header("if-none-match") {
            Some("\"1\"") => Reply::new(304, ""),
            _ => list(&["new"]),
        })
        .await;
        let client = client(&server);
        let question = tags_on(&server, "a");
        remember(&client, &question, "old", FRESH * 2);
        assert!(client.known(&question).is_some_and(|it| !it.is_fresh));
        assert_eq!(names(client.ask(&question).await), ["old"]);
        assert!(client.known(&question).is_some_and(|it| it.is_fresh && it.age < FRESH));
        assert_eq!(server.count(), 1);
    });
}

#[test]
fn an_old_answer_is_better_than_none() {
    run(async {
        let server = Server::start(|_| Reply::new(500, "")).await;
        let client = client(&server);
        let question = tags_on(&server, "a");
        remember(&client, &question, "old", FRESH * 2);
        assert_eq!(names(client.ask(&question).await), ["old"]);
    });
}

#[test]
fn nothing_is_sent_that_must_not_be() {
    run(async {
        let server = Server::start(|_| list(&["1"])).await;
        let client = client(&server);
        let stranger = Server::start(|_| list(&["1"])).await;
        for question in
            [tags_on(&server, "$NAME"), tags_of("scratch"), tags_of("${REGISTRY}python"), tags_of("Python")]
        {
            assert_eq!(client.ask(&question).await, Err(LookupError::NotAskable), "{question:?}");
        }
        let outcome = client.ask(&tags_on(&stranger, "a")).await;
        assert!(matches!(outcome, Err(LookupError::NotAllowed { .. })), "{outcome:?}");
        let offline = Client::with_environment(Policy { is_offline: true, ..policy(&server) }, |_| None);
        assert_eq!(offline.ask(&tags_on(&server, "a")).await, Err(LookupError::Offline));
        assert_eq!((server.count(), stranger.count()), (0, 0));
        assert_eq!((client.requests_sent(), offline.requests_sent()), (0, 0));
    });
}

#[test]
fn an_image_is_followed_from_its_index_to_its_configuration() {
    run(async {
        let server = Server::start(|asked| {
            let other = format!("sha256:{}", "b".repeat(64));
            let config = format!("sha256:{}", "c".repeat(64));
            let of = |digest: &str, architecture: &str| {
                serde_json::json!({ "digest": digest, "size": 1, "platform": { "os": "linux", "architecture": architecture } })
            };
            let json = match asked.path.rsplit('/').next().unwrap_or_default() {
                "1" => serde_json::json!({ "manifests": [of(DIGEST, "amd64"), of(&other, "arm64"), of(&other, "unknown")] }),
                it if it == other => serde_json::json!({ "config": { "digest": config }, "layers": [{ "digest": DIGEST, "size": 40 }, { "digest": DIGEST, "size": 2 }] }),
                it if it == config => serde_json::json!({
                    "created": "2026-08-21T00:00:00Z", "os": "linux", "architecture": "arm64",
                    "config": { "User": "app", "WorkingDir": "/srv", "Env": ["A=1"], "Cmd": ["x"], "ExposedPorts": { "80/tcp": {} } },
                }),
                _ => return Reply::new(404, ""),
            };
            Reply::new(200, json.to_string()).with("docker-content-digest", DIGEST)
        })
        .await;
        let client = client(&server);
        let platform = Platform::parse("linux/arm64").ok();
        let question = Question::Image { image: image(&server, "a:1"), platform, with_config: true };
        let known = client.ask(&question).await.expect("an answer");
        let Some(Fact { value: Answer::Found(found), .. }) = known.image() else { panic!("{known:?}") };
        assert_eq!(found.digest, DIGEST);
        assert_eq!(found.platforms[1].size, Some(42));
        let config = found.config.expect("a configuration");
        assert_eq!((config.user.as_deref(), config.workdir.as_deref()), (Some("app"), Some("/srv")));
        assert_eq!(config.environment, [("A".to_owned(), "1".to_owned())]);
        assert_eq!(config.exposed_ports, ["80/tcp"]);
        let methods: Vec<String> = server.asked().into_iter().map(|it| it.method).collect();
        assert_eq!(methods, ["HEAD", "GET", "GET", "GET"]);
    });
}

#[test]
fn docker_hub_describes_a_tag_without_a_pull() {
    run(async {
        let server = Server::start(|asked| {
            assert_eq!(asked.path, "/v2/namespaces/bitnami/repositories/redis/tags/7");
            Reply::new(200, serde_json::json!({ "name": "7", "digest": DIGEST, "images": [] }).to_string())
        })
        .await;
        let image = ImageReference::parse("bitnami/redis:7");
        let question = Question::Image { image, platform: None, with_config: false };
        let known = client(&server).ask(&question).await.expect("an answer");
        assert_eq!(
            known.image().and_then(|it| it.value.found().map(|it| it.digest.clone())).as_deref(),
            Some(DIGEST)
        );
    });
}

#[test]
fn names_are_searched_on_docker_hub() {
    run(async {
        let server = Server::start(|asked| {
            assert_eq!(asked.path, "/v2/search/repositories/?query=red+is&page_size=25");
            let bad = serde_json::json!({ "repo_name": "a b" });
            let good = serde_json::json!({ "repo_name": "bitnami/redis", "short_description": "a\nb" });
            Reply::new(200, serde_json::json!({ "results": [bad, good] }).to_string())
        })
        .await;
        let known = client(&server).ask(&Question::Names("red is".to_owned())).await.expect("an answer");
        assert_eq!(known.names(), [("bitnami/redis".to_owned(), "a b".to_owned())]);
    });
}

#[test]
fn the_background_tells_when_more_is_known() {
    run(async {
        let server = Server::start(|_| list(&["1"])).await;
        let lookups = Lookups::over(client(&server));
        let mut news = lookups.subscribe();
        let image = image(&server, "a");
        let first = lookups.tags(&image);
        assert!(first.fact.is_none() && first.is_pending);
        assert!(lookups.tags(&image).is_pending, "it is still under way");
        assert_eq!(news.recv().await.ok(), Some(Question::Tags(image.clone())));
        let later = lookups.tags(&image);
        assert!(later.fact.is_some() && !later.is_pending);
        assert_eq!(server.count(), 1);
        assert!(lookups.known_tags(&image).is_some());
    });
}

#[test]
fn the_background_does_not_ask_in_vain_again_and_again() {
    run(async {
        let server = Server::start(|_| Reply::new(500, "")).await;
        let lookups = Lookups::over(client(&server));
        let (broken, stranger) = (tags_on(&server, "a"), ImageReference::parse("evil.example/a"));
        assert!(lookups.wait(broken).await.is_err());
        let again = lookups.tags(&image(&server, "a"));
        assert!(again.fact.is_none() && !again.is_pending);
        assert!(!lookups.tags(&stranger).is_pending);
        assert_eq!(server.count(), 1);
    });
}

#[test]
fn nothing_is_set_up_before_the_first_request() {
    let client = Client::with_environment(Policy::new(&Settings::default()), |_| None);
    assert!(client.known(&tags_of("python")).is_none());
    assert!(!client.transport.is_set_up());
}
