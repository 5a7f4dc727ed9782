//! Who may be asked, at which address, and with what.
//!
//! Everything here comes from the user's own settings and environment; a file in a workspace has no say
//! ([`Door::Workspace`](crate::config::Door::Workspace)), as an untrusted repository must not make this machine call an
//! address of its choosing.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use reqwest::Url;

use crate::analysis::image::reference::DOCKER_HUB;
use crate::config::Settings;

/// Public registries that everybody's base images come from.
const WELL_KNOWN: &[&str] = &[
    DOCKER_HUB,
    "ghcr.io",
    "quay.io",
    "mcr.microsoft.com",
    "gcr.io",
    "mirror.gcr.io",
    "public.ecr.aws",
    "registry.gitlab.com",
    "registry.access.redhat.com",
    "registry.k8s.io",
];

const TIMEOUT: Duration = Duration::from_secs(10);

/// The user's word on look-ups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// No socket is ever opened.
    pub is_offline: bool,
    /// Of Docker Hub's JSON API, without a slash at the end; so are the others.
    pub hub: String,
    /// Of Docker Hub's registry.
    pub hub_registry: String,
    /// Where Docker Hub's registry sends for tokens.
    pub hub_auth: String,
    pub allowed: Vec<String>,
    pub insecure: Vec<String>,
    pub uses_credentials: bool,
    /// `None`: the platform's cache folder.
    pub cache_folder: Option<PathBuf>,
    /// Certificates (PEM) to trust beside the usual ones.
    pub ca_file: Option<PathBuf>,
    /// For one request, its body included.
    pub timeout: Duration,
}

impl Policy {
    pub fn new(settings: &Settings) -> Policy {
        let registry = &settings.registry;
        let address = |text: &str, default: &str| {
            let text = if text.is_empty() { default } else { text };
            text.trim_end_matches('/').to_owned()
        };
        let path = |text: &str| (!text.is_empty()).then(|| PathBuf::from(text));
        Policy {
            is_offline: settings.offline || !settings.trusted,
            hub: address(&registry.hub_url, "https://hub.docker.com"),
            hub_registry: address(&registry.hub_registry_url, "https://registry-1.docker.io"),
            hub_auth: address(&registry.hub_auth_url, "https://auth.docker.io"),
            allowed: registry.allow.clone(),
            insecure: registry.insecure.clone(),
            uses_credentials: registry.use_docker_credentials,
            cache_folder: path(&registry.cache_dir),
            ca_file: path(&registry.ca_file),
            timeout: match registry.timeout_ms {
                0 => TIMEOUT,
                milliseconds => Duration::from_millis(milliseconds),
            },
        }
    }

    /// Takes what the environment says: addresses, the folder, and whether to stay offline.
    pub fn with_environment(mut self, variable: impl Fn(&str) -> Option<String>) -> Policy {
        let address = |name: &str, value: &mut String| {
            if let Some(text) = variable(name).filter(|it| !it.is_empty()) {
                *value = text.trim_end_matches('/').to_owned();
            }
        };
        address("DOCKWRIGHT_HUB_URL", &mut self.hub);
        address("DOCKWRIGHT_HUB_REGISTRY_URL", &mut self.hub_registry);
        let is_no = |it: &String| {
            ["", "0", "false", "no", "off", "n", "f"].contains(&it.to_ascii_lowercase().as_str())
        };
        self.is_offline |= variable("DOCKWRIGHT_OFFLINE").is_some_and(|it| !is_no(&it));
        if let Some(folder) = variable("DOCKWRIGHT_CACHE_DIR").filter(|it| !it.is_empty()) {
            self.cache_folder = Some(folder.into());
        }
        self
    }

    /// Whether the registry may be asked without a login of the user's being at stake.
    pub fn allows(&self, host: &str) -> bool {
        WELL_KNOWN.contains(&host) || self.is_chosen(host)
    }

    /// The user named the host in the settings.
    fn is_chosen(&self, host: &str) -> bool {
        self.allowed.iter().chain(&self.insecure).any(|it| it.eq_ignore_ascii_case(host))
    }

    /// Where the registry `host` (as references name it) is.
    pub fn registry_address(&self, host: &str) -> Option<Url> {
        if host == DOCKER_HUB {
            return Url::parse(&self.hub_registry).ok();
        }
        let scheme = if self.takes_http(host) { "http" } else { "https" };
        let url = Url::parse(&format!("{scheme}://{host}")).ok()?;
        // What the reference names is a host and a port, nothing that a URL could hide beside them.
        let is_plain = url.path() == "/" && url.username().is_empty() && url.password().is_none();
        is_plain.then_some(url)
    }

    /// `host` may have a port.
    fn takes_http(&self, host: &str) -> bool {
        let url = Url::parse(&format!("http://{host}")).ok();
        let is_loopback = url.as_ref().is_some_and(is_loopback);
        is_loopback || self.insecure.iter().any(|it| it.eq_ignore_ascii_case(host))
    }

    /// Encrypted, or on this machine, or the user said so.
    pub fn is_safe_address(&self, url: &Url) -> bool {
        match url.scheme() {
            "https" => true,
            "http" => {
                is_loopback(url) || self.insecure.iter().any(|it| it.eq_ignore_ascii_case(&authority(url)))
            }
            _ => false,
        }
    }

    /// The user named this very address: it may be in a private network.
    pub fn is_named(&self, url: &Url) -> bool {
        let is_hub = [&self.hub, &self.hub_registry, &self.hub_auth]
            .into_iter()
            .filter_map(|it| Url::parse(it).ok())
            .any(|it| it.origin() == url.origin());
        is_hub || self.is_chosen(&authority(url))
    }

    /// [`Policy::is_named`] for a host alone, as the resolver knows it.
    pub fn is_named_host(&self, host: &str) -> bool {
        let hubs =
            [&self.hub, &self.hub_registry, &self.hub_auth].into_iter().filter_map(|it| Url::parse(it).ok());
        let hosts = self
            .allowed
            .iter()
            .chain(&self.insecure)
            .filter_map(|it| Url::parse(&format!("https://{it}")).ok());
        hubs.chain(hosts).any(|it| it.host_str().is_some_and(|it| it.eq_ignore_ascii_case(host)))
    }

    /// Whether tokens for the registry at `registry` may be fetched from `realm`.
    pub fn allows_realm(&self, registry: &Url, realm: &Url) -> bool {
        let is_hub = Url::parse(&self.hub_registry).is_ok_and(|it| it.origin() == registry.origin());
        let is_hub_auth = is_hub && Url::parse(&self.hub_auth).is_ok_and(|it| it.origin() == realm.origin());
        let is_neighbour = match (registry.host_str(), realm.host_str()) {
            (Some(registry), Some(realm)) => {
                registry == realm || domain(registry).is_some_and(|it| Some(it) == domain(realm))
            }
            _ => false,
        };
        let stays_outside = !is_private(realm) || is_private(registry) || self.is_named(realm);
        self.is_safe_address(realm) && stays_outside && (is_hub_auth || is_neighbour)
    }
}

/// Host and port, as one writes them in a reference.
pub fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or(host.to_owned(), |port| format!("{host}:{port}"))
}

/// The part of a host name that somebody registered: `gitlab.com` of `registry.gitlab.com`; `None` for addresses.
///
/// Without the public suffix list this is a guess for short second levels (`co.uk`); it errs on the narrow side.
fn domain(host: &str) -> Option<&str> {
    let is_address = host.starts_with('[') || host.parse::<IpAddr>().is_ok();
    let mut dots = host.rmatch_indices('.').map(|(at, _)| at);
    let (last, second) = (dots.next().filter(|_| !is_address)?, dots.next());
    let Some(second) = second else { return Some(host) };
    let is_country = host.len() - last - 1 == 2 && last - second - 1 <= 3;
    let start = if is_country { dots.next() } else { Some(second) };
    host.get(start.map_or(0, |it| it + 1)..)
}

/// This machine itself.
pub fn is_loopback(url: &Url) -> bool {
    match address(url) {
        Some(address) => address.is_loopback(),
        None => url.host_str() == Some("localhost"),
    }
}

/// This machine or a network that the public cannot reach, as far as the name tells.
pub fn is_private(url: &Url) -> bool {
    match address(url) {
        Some(address) => is_private_address(address),
        None => {
            let host = url.host_str().unwrap_or_default();
            let is_local = [".localhost", ".local", ".internal", ".lan", ".home.arpa"]
                .iter()
                .any(|it| host.ends_with(it));
            is_local || !host.contains('.')
        }
    }
}

fn address(url: &Url) -> Option<IpAddr> {
    let host = url.host_str()?;
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

pub fn is_private_address(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(it) => {
            let [first, second, ..] = it.octets();
            let is_shared = first == 100 && (64..128).contains(&second);
            it.is_loopback()
                || it.is_private()
                || it.is_link_local()
                || it.is_unspecified()
                || it.is_broadcast()
                || is_shared
        }
        IpAddr::V6(it) => {
            let first = it.segments().first().copied().unwrap_or_default();
            let is_local = first & 0xfe00 == 0xfc00 || first & 0xffc0 == 0xfe80;
            it.is_loopback() || it.is_unspecified() || is_local
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(allow: &[&str], insecure: &[&str]) -> Policy {
        let mut settings = Settings::default();
        settings.registry.allow = allow.iter().map(|it| (*it).to_owned()).collect();
        settings.registry.insecure = insecure.iter().map(|it| (*it).to_owned()).collect();
        Policy::new(&settings)
    }

    fn url(text: &str) -> Url {
        Url::parse(text).expect(text)
    }

    #[test]
    fn only_known_and_chosen_registries_are_asked() {
        let policy = policy(&["registry.acme.example:5000"], &[]);
        for host in ["docker.io", "ghcr.io", "registry.acme.example:5000"] {
            assert!(policy.allows(host), "{host}");
        }
        for host in ["evil.example", "localhost:5000", "registry.acme.example", "ghcr.io.evil.example"] {
            assert!(!policy.allows(host), "{host}");
        }
    }

    #[test]
    fn http_is_for_this_machine_and_for_hosts_the_user_named() {
        let policy = policy(&[], &["old.example:5000"]);
        let scheme = |host: &str| policy.registry_address(host).map(|it| it.scheme().to_owned());
        for host in ["localhost:5000", "127.0.0.1", "127.9.9.9:80", "[::1]:5000", "old.example:5000"] {
            assert_eq!(scheme(host).as_deref(), Some("http"), "{host}");
        }
        for host in ["ghcr.io", "old.example", "127.0.0.1.evil.example", "10.0.0.1"] {
            assert_eq!(scheme(host).as_deref(), Some("https"), "{host}");
        }
        assert_eq!(scheme("user@evil.example"), None);
    }

    #[test]
    fn tokens_are_fetched_near_the_registry_only() {
        let policy = policy(&[], &[]);
        let allows = |registry: &str, realm: &str| policy.allows_realm(&url(registry), &url(realm));
        assert!(allows("https://registry-1.docker.io", "https://auth.docker.io/token"));
        assert!(allows("https://ghcr.io", "https://ghcr.io/token"));
        assert!(allows("https://registry.gitlab.com", "https://gitlab.com/jwt/auth"));
        assert!(allows("http://127.0.0.1:5000", "http://127.0.0.1:5001/token"));
        assert!(!allows("https://ghcr.io", "http://ghcr.io/token"));
        assert!(!allows("https://ghcr.io", "https://evil.example/token"));
        assert!(!allows("https://a.co.uk", "https://b.co.uk/token"));
        assert!(!allows("https://ghcr.io", "https://127.0.0.1/token"));
        assert!(!allows("https://10.0.0.1", "https://10.0.0.2/token"));
    }

    #[test]
    fn private_places_are_told_from_public_ones() {
        for text in [
            "https://localhost",
            "https://10.1.2.3",
            "https://[::1]",
            "https://169.254.169.254",
            "https://[fd00::1]",
            "https://100.64.0.1",
            "https://[::ffff:127.0.0.1]",
            "https://nas.local",
            "https://intranet",
            "https://0.0.0.0",
        ] {
            assert!(is_private(&url(text)), "{text}");
        }
        assert!(!is_private(&url("https://ghcr.io")) && !is_private(&url("https://1.1.1.1")));
    }

    #[test]
    fn nothing_is_asked_when_offline_or_not_trusted() {
        assert!(!Policy::new(&Settings::default()).is_offline);
        assert!(Policy::new(&Settings { trusted: false, ..Settings::default() }).is_offline);
        assert!(Policy::new(&Settings { offline: true, ..Settings::default() }).is_offline);
    }

    #[test]
    fn the_environment_names_addresses() {
        let policy = policy(&[], &[]).with_environment(|name| {
            (name == "DOCKWRIGHT_HUB_URL").then(|| "http://127.0.0.1:1/".to_owned())
        });
        assert_eq!(policy.hub, "http://127.0.0.1:1");
        assert_eq!(policy.hub_registry, "https://registry-1.docker.io");
        let is_offline = |value: &str| {
            policy
                .clone()
                .with_environment(|name| (name == "DOCKWRIGHT_OFFLINE").then(|| value.to_owned()))
                .is_offline
        };
        assert_eq!([is_offline("1"), is_offline("0"), is_offline("")], [true, false, false]);
    }
}
