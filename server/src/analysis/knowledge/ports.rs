//! Well-known ports, and what `EXPOSE` takes.

use super::Choice;

/// What usually listens on a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PortDoc {
    pub port: u16,
    pub protocol: &'static str,
    /// The service, in a few words.
    pub service: &'static str,
    /// What usually listens there, or what to know; a phrase.
    pub note: &'static str,
}

/// Where port numbers are registered.
pub const PORTS_URL: &str = "https://www.iana.org/assignments/service-names-port-numbers/";

/// Lower ports could only be used by root; Docker allows them to everybody since 20.10.
pub const FIRST_UNPRIVILEGED_PORT: u16 = 1024;

/// The protocols after `/` in `EXPOSE`; without one it is `tcp`.
pub static PROTOCOLS: &[Choice] = &[
    Choice { value: "tcp", doc: "Connections: web servers, databases and nearly all else. The default." },
    Choice { value: "udp", doc: "Single packets: DNS, HTTP/3, logging, games." },
    Choice { value: "sctp", doc: "Telephone networks." },
];

const fn tcp(port: u16, service: &'static str, note: &'static str) -> PortDoc {
    PortDoc { port, protocol: "tcp", service, note }
}

const fn udp(port: u16, service: &'static str, note: &'static str) -> PortDoc {
    PortDoc { port, protocol: "udp", service, note }
}

/// The ports, by number.
pub static PORTS: &[PortDoc] = &[
    tcp(21, "FTP", "file transfer without encryption"),
    tcp(22, "SSH", "rarely needed in a container: `docker exec` gives a shell"),
    tcp(25, "SMTP", "mail between servers"),
    tcp(53, "DNS", "names; most questions go over udp"),
    udp(53, "DNS", "names"),
    tcp(80, "HTTP", "nginx, Apache, Caddy"),
    udp(123, "NTP", "time"),
    tcp(143, "IMAP", "reading mail"),
    tcp(389, "LDAP", "directories"),
    tcp(443, "HTTPS", "web servers with a certificate"),
    udp(443, "HTTP/3", "web servers with a certificate"),
    udp(514, "syslog", "logs"),
    tcp(587, "SMTP submission", "mail from programs"),
    tcp(1025, "test mail", "Mailpit, MailHog"),
    tcp(1433, "SQL Server", "Microsoft's database"),
    tcp(1521, "Oracle Database", "Oracle's database"),
    tcp(1883, "MQTT", "Mosquitto, messages of devices"),
    tcp(2181, "ZooKeeper", "coordination, older Kafka"),
    tcp(2375, "Docker", "without encryption: whoever reaches it owns the machine"),
    tcp(2379, "etcd", "clients"),
    tcp(3000, "web applications", "Node.js, Rails, Grafana in development"),
    tcp(3306, "MySQL", "MySQL, MariaDB"),
    tcp(4200, "Angular", "development server"),
    tcp(4222, "NATS", "messages"),
    tcp(4317, "OpenTelemetry", "gRPC"),
    tcp(4318, "OpenTelemetry", "HTTP"),
    tcp(5000, "web applications", "Flask, the image registry"),
    tcp(5173, "Vite", "development server"),
    tcp(5432, "PostgreSQL", "the database"),
    tcp(5601, "Kibana", "web page"),
    tcp(5671, "AMQP", "RabbitMQ with encryption"),
    tcp(5672, "AMQP", "RabbitMQ"),
    tcp(6379, "Redis", "Redis, Valkey"),
    tcp(6443, "Kubernetes", "its interface"),
    tcp(7077, "Spark", "master"),
    tcp(8000, "web applications", "Django, FastAPI, uvicorn"),
    tcp(8080, "HTTP, second choice", "Tomcat, Spring Boot, .NET, servers without root"),
    udp(8125, "StatsD", "measurements"),
    tcp(8443, "HTTPS, second choice", "servers without root"),
    tcp(8500, "Consul", "interface and web page"),
    tcp(8888, "Jupyter", "notebooks"),
    tcp(9000, "FastCGI", "PHP-FPM; also MinIO, SonarQube, Portainer"),
    tcp(9042, "Cassandra", "clients"),
    tcp(9090, "Prometheus", "web page and interface"),
    tcp(9092, "Kafka", "clients"),
    tcp(9100, "Prometheus node exporter", "measurements"),
    tcp(9200, "Elasticsearch", "Elasticsearch, OpenSearch"),
    tcp(9229, "Node.js debugger", "only for development"),
    tcp(11211, "memcached", "cache"),
    tcp(15672, "RabbitMQ", "web page"),
    tcp(25565, "Minecraft", "game server"),
    tcp(27017, "MongoDB", "the database"),
    tcp(50051, "gRPC", "a habit of its examples"),
];

/// What usually listens on `port`; `protocol` in lower case.
pub fn port(port: u16, protocol: &str) -> Option<&'static PortDoc> {
    PORTS.iter().find(|it| it.port == port && it.protocol == protocol)
}

/// Whether `EXPOSE` takes `protocol`, in any case.
pub fn is_protocol(protocol: &str) -> bool {
    PROTOCOLS.iter().any(|it| it.value.eq_ignore_ascii_case(protocol))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_in_order_without_repetition() {
        assert!(PORTS.windows(2).all(|two| (two[0].port, two[0].protocol) < (two[1].port, two[1].protocol)));
        for it in PORTS {
            assert!(!it.service.is_empty() && !it.note.is_empty() && is_protocol(it.protocol), "{}", it.port);
        }
    }

    #[test]
    fn a_port_is_found_by_number_and_protocol() {
        assert_eq!(port(5432, "tcp").map(|it| it.service), Some("PostgreSQL"));
        assert_eq!(port(5432, "udp"), None);
        assert!(is_protocol("UDP") && !is_protocol("http"));
    }
}
