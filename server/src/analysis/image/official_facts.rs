//! What the popular official images are for, how they are set up, and what replaces those that are gone.
//!
//! Purposes are our own words. Users and folders are what the images' Dockerfiles set
//! (<https://github.com/docker-library/official-images/tree/master/library> leads to each). Successors are those that an
//! image's notice names (`deprecated.md` in <https://github.com/docker-library/docs>), or the same project's image under
//! its new name; where neither exists, as for `centos`, there is none here. Variables, package managers and the users
//! that exist in an image are `knowledge`'s.

/// How an image sets up what is built on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Defaults {
    pub name: &'static str,
    /// The user of `RUN`, `CMD` and `ENTRYPOINT`; `None` for root.
    pub user: Option<&'static str>,
    /// `None` for `/`.
    pub workdir: Option<&'static str>,
}

/// One sentence about the official image `name`, or `None` for a less known one.
pub fn purpose(name: &str) -> Option<&'static str> {
    PURPOSES.iter().find(|(it, _)| *it == name).map(|(_, purpose)| *purpose)
}

/// User and folder of the official image `name` in its current versions. `None` if they are not known here: most images
/// without an entry stay at root and `/`, but nothing says so for certain.
///
/// `php` differs by variant and has no entry.
pub fn defaults(name: &str) -> Option<&'static Defaults> {
    DEFAULTS.iter().find(|it| it.name == name)
}

/// The images to use instead of the deprecated or removed official image `name`, the likeliest first, as one writes
/// them in `FROM`, without tag. Empty if its maintainers name none.
pub fn successors(name: &str) -> &'static [&'static str] {
    SUCCESSORS.iter().find(|(it, _)| *it == name).map_or(&[], |(_, successors)| successors)
}

static PURPOSES: &[(&str, &str)] = &[
    ("adminer", "A database manager in the browser, written in PHP."),
    ("almalinux", "AlmaLinux, a free distribution compatible with Red Hat Enterprise Linux."),
    ("alpine", "Alpine Linux: a few megabytes, with musl instead of glibc, and `apk` for packages."),
    ("amazoncorretto", "Java: Amazon's long-supported OpenJDK, on Amazon Linux, Alpine or Debian."),
    ("amazonlinux", "Amazon Linux, the distribution of AWS, with `dnf`."),
    ("archlinux", "Arch Linux, always the newest packages, with `pacman`."),
    ("bash", "The Bash shell in any of its versions, on Alpine."),
    (
        "buildpack-deps",
        "Debian or Ubuntu with compilers and the usual development libraries, the base of many language images.",
    ),
    ("busybox", "About 2 MB of small Unix tools; no package manager."),
    ("caddy", "The Caddy web server, which gets its own TLS certificates."),
    ("cassandra", "The Apache Cassandra database, distributed and without a single master."),
    ("clickhouse", "The ClickHouse database, stored by column for fast analysis."),
    ("clojure", "Java with the tools for Clojure."),
    (
        "composer",
        "Composer, the dependency manager of PHP; good for `COPY --from=composer /usr/bin/composer`.",
    ),
    ("couchdb", "The Apache CouchDB database, JSON documents over HTTP."),
    ("dart", "The Dart SDK, to build programs that then run without it."),
    ("debian", "Debian; `-slim` leaves out documentation and translations."),
    ("docker", "The Docker command line (`cli`) or a whole Docker in a container (`dind`)."),
    ("drupal", "The Drupal content management system, on PHP."),
    ("eclipse-mosquitto", "The Mosquitto message broker for MQTT."),
    ("eclipse-temurin", "Java: the OpenJDK of the Adoptium project; `-jre` to run, `-jdk` to build."),
    ("elasticsearch", "The Elasticsearch search engine."),
    ("elixir", "The Elixir language on Erlang."),
    ("erlang", "The Erlang language and its runtime."),
    ("fedora", "Fedora Linux, with `dnf`."),
    ("flink", "Apache Flink, to process streams of data."),
    ("gcc", "The GNU compilers for C, C++, Fortran and Go, newer than the distribution's."),
    ("ghost", "The Ghost publishing system, on Node.js."),
    ("golang", "The Go toolchain, to build programs that then run on `scratch`, distroless or Alpine."),
    ("gradle", "Gradle with a Java development kit, to build Java and Kotlin projects."),
    ("groovy", "Java with the Groovy language."),
    ("haproxy", "The HAProxy load balancer and proxy."),
    ("haskell", "GHC, cabal and stack, to build Haskell programs."),
    ("hello-world", "A tiny program that says that Docker works."),
    ("httpd", "The Apache HTTP server."),
    ("ibm-semeru-runtimes", "Java: IBM's OpenJDK with the OpenJ9 virtual machine, which needs less memory."),
    ("influxdb", "The InfluxDB database for time series."),
    ("jetty", "The Jetty server for Java web applications."),
    ("joomla", "The Joomla content management system, on PHP."),
    ("jruby", "Ruby on the Java virtual machine."),
    ("julia", "The Julia language."),
    ("kibana", "Kibana, which shows what is in Elasticsearch."),
    ("kong", "The Kong gateway for APIs."),
    ("logstash", "Logstash, which collects and changes logs."),
    ("mariadb", "The MariaDB database, a successor of MySQL."),
    ("matomo", "Matomo, statistics about the visitors of web sites."),
    ("maven", "Maven with a Java development kit, to build Java projects."),
    ("mediawiki", "MediaWiki, the software of Wikipedia, on PHP."),
    ("memcached", "The Memcached cache, in memory."),
    ("mongo", "The MongoDB database, for documents."),
    ("mysql", "The MySQL database, on Oracle Linux."),
    ("nats", "The NATS messaging server: one program without a distribution."),
    ("neo4j", "The Neo4j graph database."),
    ("nextcloud", "Nextcloud, files, calendars and more on an own server."),
    ("nginx", "The nginx web server and proxy."),
    ("node", "Node.js with npm and Yarn; even versions are supported for long (`lts`)."),
    ("odoo", "Odoo, business applications on Python and PostgreSQL."),
    ("openjdk", "Early builds of coming Java versions; for released ones take `eclipse-temurin`."),
    ("oraclelinux", "Oracle Linux, compatible with Red Hat Enterprise Linux; `-slim` has `microdnf` only."),
    ("percona", "Percona Server, a MySQL with more tools."),
    ("perl", "The Perl language."),
    ("photon", "VMware's Photon OS, a small distribution with `tdnf`."),
    ("php", "PHP: for the command line (`cli`), with Apache (`apache`), or behind a web server (`fpm`)."),
    ("phpmyadmin", "phpMyAdmin, to manage MySQL and MariaDB in the browser."),
    ("postgres", "The PostgreSQL database."),
    ("pypy", "PyPy, a faster Python with a compiler at run time."),
    ("python", "Python with pip; `-slim` is the same without compilers."),
    ("r-base", "The R language for statistics, on Debian's testing release."),
    ("rabbitmq", "The RabbitMQ message broker; `-management` has its page for the browser."),
    ("redis", "The Redis store of keys and values, in memory."),
    ("redmine", "Redmine, project management on Ruby."),
    ("registry", "A registry of one's own for images."),
    (
        "rockylinux",
        "Rocky Linux, compatible with Red Hat Enterprise Linux; newer images are at `rockylinux/rockylinux`.",
    ),
    ("ruby", "Ruby with RubyGems and Bundler."),
    ("rust", "The Rust toolchain with Cargo, to build programs that then run without it."),
    ("sapmachine", "Java: SAP's OpenJDK."),
    ("solr", "The Apache Solr search server."),
    ("sonarqube", "SonarQube, which checks the quality of code."),
    ("spark", "Apache Spark, to work on large amounts of data."),
    ("swift", "The Swift compiler; `-slim` has only what built programs need to run."),
    ("telegraf", "Telegraf, which collects measurements for InfluxDB and others."),
    ("tomcat", "The Tomcat server for Java web applications."),
    ("traefik", "The Traefik proxy, which finds its services by itself."),
    ("ubuntu", "Ubuntu; even years' April releases (`24.04`) are supported for long."),
    ("varnish", "The Varnish cache for web servers."),
    ("wordpress", "WordPress, on PHP, with Apache or behind a web server (`fpm`)."),
    ("zookeeper", "Apache ZooKeeper, which coordinates distributed programs."),
];

const fn defaults_of(
    name: &'static str,
    user: Option<&'static str>,
    workdir: Option<&'static str>,
) -> Defaults {
    Defaults { name, user, workdir }
}

static DEFAULTS: &[Defaults] = &[
    defaults_of("adminer", Some("adminer"), Some("/var/www/html")),
    defaults_of("alpine", None, None),
    defaults_of("buildpack-deps", None, None),
    defaults_of("busybox", None, None),
    defaults_of("caddy", None, Some("/srv")),
    defaults_of("composer", None, Some("/app")),
    defaults_of("dart", None, Some("/root")),
    defaults_of("debian", None, None),
    defaults_of("docker", None, None),
    defaults_of("drupal", None, Some("/opt/drupal")),
    defaults_of("eclipse-temurin", None, None),
    defaults_of("elasticsearch", Some("1000:0"), Some("/usr/share/elasticsearch")),
    defaults_of("fluentd", Some("fluent"), None),
    defaults_of("ghost", None, Some("/var/lib/ghost")),
    defaults_of("golang", None, Some("/go")),
    defaults_of("gradle", None, Some("/home/gradle")),
    defaults_of("groovy", Some("groovy"), Some("/home/groovy")),
    defaults_of("haproxy", Some("haproxy"), Some("/var/lib/haproxy")),
    defaults_of("httpd", None, Some("/usr/local/apache2")),
    defaults_of("jetty", Some("jetty"), Some("/var/lib/jetty")),
    defaults_of("kibana", Some("1000"), Some("/usr/share/kibana")),
    defaults_of("kong", Some("kong"), None),
    defaults_of("logstash", Some("1000"), Some("/usr/share/logstash")),
    defaults_of("mariadb", None, None),
    defaults_of("maven", None, None),
    defaults_of("memcached", Some("memcache"), None),
    defaults_of("mongo", None, None),
    defaults_of("mysql", None, None),
    defaults_of("nginx", None, None),
    defaults_of("node", None, None),
    defaults_of("odoo", Some("odoo"), None),
    defaults_of("postgres", None, None),
    defaults_of("python", None, None),
    defaults_of("redis", None, Some("/data")),
    defaults_of("redmine", None, Some("/usr/src/redmine")),
    defaults_of("ruby", None, None),
    defaults_of("rust", None, None),
    defaults_of("tomcat", None, Some("/usr/local/tomcat")),
    defaults_of("tomee", None, Some("/usr/local/tomee")),
    defaults_of("ubuntu", None, None),
    defaults_of("varnish", Some("varnish"), Some("/etc/varnish")),
    defaults_of("wordpress", None, Some("/var/www/html")),
];

static SUCCESSORS: &[(&str, &[&str])] = &[
    ("adoptopenjdk", &["eclipse-temurin"]),
    ("celery", &["python"]),
    ("consul", &["hashicorp/consul"]),
    ("django", &["python"]),
    ("emqx", &["emqx/emqx"]),
    ("fsharp", &["mcr.microsoft.com/dotnet/sdk"]),
    ("iojs", &["node"]),
    // Its notice named `openjdk`, which has passed away since.
    ("java", &["eclipse-temurin", "amazoncorretto"]),
    ("jenkins", &["jenkins/jenkins"]),
    ("liquibase", &["liquibase/liquibase"]),
    ("mosquitto", &["eclipse-mosquitto"]),
    ("openjdk", &["eclipse-temurin", "amazoncorretto", "ibm-semeru-runtimes", "sapmachine"]),
    ("opensuse", &["opensuse/leap", "opensuse/tumbleweed"]),
    ("owncloud", &["owncloud/server"]),
    ("piwik", &["matomo"]),
    ("plone", &["plone/plone-backend"]),
    ("rails", &["ruby"]),
    ("rockylinux", &["rockylinux/rockylinux"]),
    ("ubuntu-debootstrap", &["ubuntu"]),
    ("vault", &["hashicorp/vault"]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::image::index::{self, Status};

    fn status(name: &str) -> Option<Status> {
        index::image(name).map(|it| it.status)
    }

    #[test]
    fn every_image_described_is_listed() {
        for (name, purpose) in PURPOSES {
            assert!(matches!(status(name), Some(Status::Current | Status::Deprecated)), "{name}");
            assert!(purpose.ends_with('.') && purpose.len() < 120, "{name}");
        }
        assert!(PURPOSES.is_sorted_by_key(|it| it.0) && DEFAULTS.is_sorted_by_key(|it| it.name));
        assert!(DEFAULTS.iter().all(|it| status(it.name).is_some()));
    }

    #[test]
    fn only_images_past_their_time_have_successors_and_these_are_alive() {
        for (name, successors) in SUCCESSORS {
            assert!(matches!(status(name), Some(Status::Deprecated | Status::Removed(_))), "{name}");
            for successor in successors.iter().filter(|it| !it.contains('/')) {
                assert_eq!(status(successor), Some(Status::Current), "{successor}");
            }
        }
        assert_eq!(successors("vault"), ["hashicorp/vault"]);
        assert!(successors("centos").is_empty());
    }

    #[test]
    fn users_and_folders_are_those_of_the_images() {
        assert_eq!(defaults("golang").and_then(|it| it.workdir), Some("/go"));
        assert_eq!(defaults("haproxy").and_then(|it| it.user), Some("haproxy"));
        assert_eq!(defaults("php"), None);
    }
}
