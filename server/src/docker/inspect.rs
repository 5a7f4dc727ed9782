//! Reader of `inspect` for containers: docker, podman and nerdctl print nearly the same. Pure; tolerant of what is missing.

use serde_json::Value;

use super::command::Port;

/// A container as the engine sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub id: String,
    pub name: String,
    pub is_running: bool,
    /// Of one that has ended.
    pub exit_code: Option<i32>,
    /// Published ports, in order.
    pub ports: Vec<Port>,
    /// It has the network of this machine, so that its own ports are those of the machine.
    pub is_on_host: bool,
}

/// The containers in the output of `inspect`; `None` if it is no such output.
pub fn read(output: &str) -> Option<Vec<Seen>> {
    let all: Vec<Value> = serde_json::from_str(output.trim()).ok()?;
    Some(all.iter().filter_map(seen).collect())
}

fn seen(it: &Value) -> Option<Seen> {
    let text = |pointer: &str| it.pointer(pointer).and_then(Value::as_str);
    let id = text("/Id")?.to_owned();
    let name = text("/Name").unwrap_or(&id).trim_start_matches('/').to_owned();
    let status = text("/State/Status").unwrap_or_default();
    let is_running = match it.pointer("/State/Running").and_then(Value::as_bool) {
        Some(is_running) => is_running,
        None => matches!(status, "running" | "paused" | "restarting"),
    };
    let exit_code =
        it.pointer("/State/ExitCode").and_then(Value::as_i64).and_then(|it| i32::try_from(it).ok());
    let has_ended = !is_running && matches!(status, "exited" | "dead" | "stopped" | "");
    Some(Seen {
        id,
        name,
        is_running,
        exit_code: exit_code.filter(|_| has_ended),
        ports: it.pointer("/NetworkSettings/Ports").map(ports).unwrap_or_default(),
        is_on_host: text("/HostConfig/NetworkMode") == Some("host"),
    })
}

/// `{"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": "8080"}], "443/tcp": null}`
fn ports(it: &Value) -> Vec<Port> {
    let mut found: Vec<Port> = Vec::new();
    for (name, bindings) in it.as_object().into_iter().flatten() {
        let (number, protocol) = name.split_once('/').unwrap_or((name, "tcp"));
        let Ok(container) = number.parse() else { continue };
        for binding in bindings.as_array().into_iter().flatten() {
            let host = binding.get("HostPort").and_then(Value::as_str).and_then(|it| it.parse().ok());
            found.extend(host.map(|host| Port { container, host, is_udp: protocol == "udp" }));
        }
    }
    found.sort();
    // IPv4 and IPv6 are one address for people.
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_running_container_is_read_with_its_ports() {
        let output = r#"[{
            "Id": "4444", "Name": "/shop", "State": { "Status": "running", "Running": true, "ExitCode": 0 },
            "HostConfig": { "NetworkMode": "default" },
            "NetworkSettings": { "Ports": {
                "80/tcp": [{ "HostIp": "127.0.0.1", "HostPort": "8080" }, { "HostIp": "::1", "HostPort": "8080" }],
                "53/udp": [{ "HostIp": "127.0.0.1", "HostPort": "53" }], "443/tcp": null } }
        }]"#;
        let ports = vec![
            Port { container: 53, host: 53, is_udp: true },
            Port { container: 80, host: 8080, is_udp: false },
        ];
        let (id, name) = ("4444".to_owned(), "shop".to_owned());
        let expected = Seen { id, name, is_running: true, exit_code: None, ports, is_on_host: false };
        assert_eq!(read(output), Some(vec![expected]));
    }

    #[test]
    fn one_that_ended_has_an_exit_code() {
        let output = r#"[{ "Id": "1", "State": { "Status": "exited", "Running": false, "ExitCode": 137 } }]"#;
        let seen = &read(output).unwrap()[0];
        assert_eq!((seen.is_running, seen.exit_code, seen.name.as_str()), (false, Some(137), "1"));
        let created = r#"[{ "Id": "1", "State": { "Status": "created", "Running": false, "ExitCode": 0 } }]"#;
        assert_eq!(read(created).unwrap()[0].exit_code, None);
    }

    #[test]
    fn what_is_no_list_is_nothing() {
        assert_eq!(read(""), None);
        assert_eq!(read(r#"{"Status":"running"}"#), None);
        assert_eq!(read(r#"[1, {"Name": "x"}]"#), Some(Vec::new()));
    }
}
