//! Ports of this machine for the ports of a container: the same number if it is free, else a free one.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener, UdpSocket};

use super::command::{Port, option, options};

/// Ports of one image that are published; a longer list is a range that nobody meant.
const MOST: usize = 20;

/// Publishes `exposed` (number, whether it is UDP) on this machine, unless the user's words say it themselves.
pub fn publish(exposed: &[(u16, bool)], words: &[String]) -> Vec<Port> {
    if network(words).is_some_and(|it| it != "bridge") || publishes_all(words) {
        return Vec::new();
    }
    let own = published_by_user(words);
    let mut ports: Vec<Port> = Vec::new();
    for &(container, is_udp) in exposed.iter().filter(|it| !own.contains(it)).take(MOST) {
        let taken: Vec<u16> = ports.iter().map(|it| it.host).collect();
        let host = host_port(container, is_udp, &taken);
        ports.extend(host.map(|host| Port { container, host, is_udp }));
    }
    ports
}

/// What the user says about the network.
pub fn network(words: &[String]) -> Option<&str> {
    option(words, &["--network", "--net"])
}

fn publishes_all(words: &[String]) -> bool {
    words.iter().any(|it| it == "-P" || it == "--publish-all")
}

/// `-p [address:][host:]container[/protocol]` in the user's words.
fn published_by_user(words: &[String]) -> Vec<(u16, bool)> {
    let read = |value: &str| {
        let (port, protocol) = value.split_once('/').unwrap_or((value, "tcp"));
        Some((port.rsplit(':').next()?.parse().ok()?, protocol == "udp"))
    };
    options(words, &["-p", "--publish"]).into_iter().filter_map(read).collect()
}

fn host_port(container: u16, is_udp: bool, taken: &[u16]) -> Option<u16> {
    // Low ports are not for everybody; the usual stand-ins are 8080 and 8443.
    let candidates = [Some(container), container.checked_add(8000)];
    let is_usable = |it: &u16| *it != 0 && !taken.contains(it) && is_free(*it, is_udp);
    candidates.into_iter().flatten().find(is_usable).or_else(|| any_free(is_udp))
}

fn is_free(port: u16, is_udp: bool) -> bool {
    let address = (Ipv4Addr::LOCALHOST, port);
    let bound =
        if is_udp { UdpSocket::bind(address).map(drop) } else { TcpListener::bind(address).map(drop) };
    match bound {
        Ok(()) => true,
        // We may not, but an engine that runs as root may: then it is free if nobody answers.
        Err(error) if error.kind() == ErrorKind::PermissionDenied && !is_udp => {
            std::net::TcpStream::connect_timeout(&address.into(), std::time::Duration::from_millis(200))
                .is_err()
        }
        Err(_) => false,
    }
}

fn any_free(is_udp: bool) -> Option<u16> {
    let address = (Ipv4Addr::LOCALHOST, 0);
    let bound = if is_udp {
        UdpSocket::bind(address).and_then(|it| it.local_addr())
    } else {
        TcpListener::bind(address).and_then(|it| it.local_addr())
    };
    bound.ok().map(|it| it.port())
}

/// How a published port is reached, for people to click on.
pub fn address(port: &Port) -> String {
    let (host, is_web) = (port.host, !port.is_udp && !is_known_to_be_other(port.container));
    match port.container {
        443 | 8443 if is_web => format!("https://localhost:{host}"),
        _ if is_web => format!("http://localhost:{host}"),
        _ => format!("localhost:{host}"),
    }
}

/// Mail, databases, brokers and the like do not speak HTTP.
fn is_known_to_be_other(port: u16) -> bool {
    let others =
        [21, 22, 23, 25, 53, 110, 143, 389, 465, 587, 636, 993, 995, 1433, 1521, 1883, 2181, 3306, 3389];
    let more = [4222, 5432, 5672, 6379, 6432, 8883, 9042, 9092, 11211, 26379, 27017];
    others.contains(&port) || more.contains(&port)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn a_taken_port_is_replaced_by_a_free_one() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let number = taken.local_addr().unwrap().port();
        let ports = publish(&[(number, false)], &[]);
        assert_eq!((ports.len(), ports[0].container), (1, number));
        assert_ne!(ports[0].host, number);
    }

    #[test]
    fn a_free_port_keeps_its_number() {
        let number = any_free(false).unwrap();
        assert_eq!(
            publish(&[(number, false)], &[]),
            [Port { container: number, host: number, is_udp: false }]
        );
    }

    #[test]
    fn what_the_user_says_about_ports_counts() {
        let left = |options: &str| publish(&[(61234, false)], &words(options)).len();
        for options in [
            "--network=host",
            "--net none",
            "-P",
            "-p 9000:61234",
            "-p127.0.0.1:1:61234/tcp",
            "--publish=61234",
        ] {
            assert_eq!(left(options), 0, "{options}");
        }
        for options in ["", "-p 61234:80", "-p 61234:61234/udp", "-v a:/b"] {
            assert_eq!(left(options), 1, "{options}");
        }
    }

    #[test]
    fn addresses_can_be_clicked() {
        let port = |container, is_udp| address(&Port { container, host: 8080, is_udp });
        assert_eq!(port(80, false), "http://localhost:8080");
        assert_eq!(port(443, false), "https://localhost:8080");
        assert_eq!(port(5432, false), "localhost:8080");
        assert_eq!(port(80, true), "localhost:8080");
    }
}
