//! Something could not be reached.

use super::{Cause, CauseKind, Evidence};

const NAMES: &[&str] = &[
    "Temporary failure resolving",
    "Temporary failure in name resolution",
    "Could not resolve host",
    "could not resolve host",
    "Name or service not known",
    "no such host",
    "bad address",
    "EAI_AGAIN",
    "ENOTFOUND",
    "nodename nor servname",
    "unable to resolve host address",
    "Name does not resolve",
    "server misbehaving",
];
const CERTIFICATES: &[&str] = &[
    "x509: ",
    "SSL certificate problem",
    "certificate verify failed",
    "CERTIFICATE_VERIFY_FAILED",
    "unable to get local issuer certificate",
];
const CONNECTIONS: &[&str] = &[
    "connection refused",
    "Connection refused",
    "i/o timeout",
    "TLS handshake timeout",
    "Connection timed out",
    "connection timed out",
    "network is unreachable",
    "Network is unreachable",
    "Network unreachable",
    "no route to host",
    "Could not connect to",
    "Failed to connect to",
    "connection reset by peer",
    "ETIMEDOUT",
    "ECONNREFUSED",
    "temporary error (try again later)",
];

pub fn explain(evidence: &Evidence<'_>) -> Option<Cause> {
    if evidence.has_any(NAMES) {
        return Some(Cause::new(
            CauseKind::NameResolution,
            "a host name could not be resolved: no network, a wrong name, or a DNS server that builds cannot reach",
            "check the network of this machine and the engine's DNS; behind a VPN `--network=host` often helps",
        ));
    }
    if evidence.has_any(CERTIFICATES) {
        return Some(Cause::new(
            CauseKind::Certificate,
            "a certificate was not trusted: a proxy that looks into the traffic, a private registry, or an image without `ca-certificates`",
            "install `ca-certificates` in the image, or give the engine (for images) or the build (for downloads) your \
             company's certificate",
        ));
    }
    evidence.has_any(CONNECTIONS).then(|| {
        Cause::new(
            CauseKind::Network,
            "a connection could not be made: nothing answers there, or a firewall or proxy is in between",
            "try again; behind a proxy set `HTTP_PROXY` and `HTTPS_PROXY` as build arguments. In a build, `localhost` is \
             the build itself, not your machine",
        )
    })
}
