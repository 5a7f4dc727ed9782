//! Users that images bring with them.
//!
//! Names and numbers are those of the images' own Dockerfiles and of Debian's and Alpine's base
//! packages; what an image really has, only its `/etc/passwd` says.

/// A user that may exist in an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UserDoc {
    pub name: &'static str,
    /// The usual number, where it is the same everywhere.
    pub id: Option<u32>,
    /// Images (the last part of the name, without tag) that have it; empty: nearly all.
    pub images: &'static [&'static str],
    /// One sentence.
    pub summary: &'static str,
    pub url: &'static str,
}

const fn user(
    name: &'static str,
    id: Option<u32>,
    images: &'static [&'static str],
    url: &'static str,
    summary: &'static str,
) -> UserDoc {
    UserDoc { name, id, images, summary, url }
}

/// The users, in the order to offer them.
pub static USERS: &[UserDoc] = &[
    user(
        "nonroot",
        Some(65532),
        &["static", "base", "cc", "distroless"],
        "https://github.com/GoogleContainerTools/distroless",
        "The user without rights of distroless and Chainguard images.",
    ),
    user(
        "node",
        Some(1000),
        &["node"],
        "https://github.com/nodejs/docker-node/blob/main/docs/BestPractices.md",
        "The user without rights of the official Node.js images.",
    ),
    user(
        "app",
        Some(1654),
        &["aspnet", "runtime", "sdk", "runtime-deps"],
        "https://learn.microsoft.com/en-us/dotnet/core/docker/container-images",
        "The user without rights of .NET images since .NET 8; `$APP_UID` has its number.",
    ),
    user(
        "nginx",
        Some(101),
        &["nginx"],
        "https://hub.docker.com/_/nginx",
        "The user that nginx's workers run as; for a whole image without root take `nginxinc/nginx-unprivileged`.",
    ),
    user(
        "www-data",
        Some(33),
        &["php", "httpd", "wordpress", "debian", "ubuntu"],
        "https://wiki.debian.org/SystemGroups",
        "The web server's user of Debian and Ubuntu; in Alpine its number is 82.",
    ),
    user(
        "postgres",
        Some(999),
        &["postgres"],
        "https://hub.docker.com/_/postgres",
        "The user of PostgreSQL; in the Alpine variant its number is 70.",
    ),
    user(
        "mysql",
        Some(999),
        &["mysql", "mariadb"],
        "https://hub.docker.com/_/mysql",
        "The user of MySQL and MariaDB.",
    ),
    user("redis", Some(999), &["redis", "valkey"], "https://hub.docker.com/_/redis", "The user of Redis."),
    user("mongodb", Some(999), &["mongo"], "https://hub.docker.com/_/mongo", "The user of MongoDB."),
    user(
        "elasticsearch",
        Some(1000),
        &["elasticsearch"],
        "https://www.elastic.co/docs/deploy-manage/deploy/self-managed/install-elasticsearch-docker-basic",
        "The user of Elasticsearch.",
    ),
    user(
        "grafana",
        Some(472),
        &["grafana"],
        "https://grafana.com/docs/grafana/latest/setup-grafana/installation/docker/",
        "The user of Grafana.",
    ),
    user("jenkins", Some(1000), &["jenkins"], "https://github.com/jenkinsci/docker", "The user of Jenkins."),
    user(
        "gradle",
        Some(1000),
        &["gradle"],
        "https://hub.docker.com/_/gradle",
        "The user of the Gradle image.",
    ),
    user(
        "ubuntu",
        Some(1000),
        &["ubuntu"],
        "https://hub.docker.com/_/ubuntu",
        "The first user of Ubuntu images since 23.04; it has no password.",
    ),
    user(
        "deno",
        Some(1993),
        &["deno"],
        "https://hub.docker.com/r/denoland/deno",
        "The user of the Deno image.",
    ),
    user("bun", Some(1000), &["bun"], "https://hub.docker.com/r/oven/bun", "The user of the Bun image."),
    user(
        "nobody",
        Some(65534),
        &[],
        "https://wiki.debian.org/SystemGroups",
        "Exists nearly everywhere and owns nothing; it has no home folder.",
    ),
    user(
        "1000",
        Some(1000),
        &[],
        reference!("#user"),
        "A number needs no entry in `/etc/passwd`, so it works in every image; it has no home folder.",
    ),
    user(
        "10001",
        Some(10001),
        &[],
        reference!("#user"),
        "A high number collides with no user of the machine that runs the container.",
    ),
    user(
        "root",
        Some(0),
        &[],
        reference!("#user"),
        "All rights in the container. Only for installing; go back to another user afterwards.",
    ),
];

/// The users that `image` (last part of the name, without tag) has, then those that fit everywhere.
pub fn users_for(image: &str) -> impl Iterator<Item = &'static UserDoc> {
    let own: Vec<_> = USERS.iter().filter(|it| it.images.contains(&image)).collect();
    own.into_iter().chain(USERS.iter().filter(|it| it.images.is_empty()))
}

/// The user called `name`.
pub fn user_named(name: &str) -> Option<&'static UserDoc> {
    USERS.iter().find(|it| it.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_user_is_documented_once() {
        for it in USERS {
            assert!(it.summary.ends_with('.') && it.url.starts_with("https://"), "{}", it.name);
            assert_eq!(USERS.iter().filter(|other| other.name == it.name).count(), 1, "{}", it.name);
        }
    }

    #[test]
    fn the_user_of_the_image_comes_first() {
        let names: Vec<_> = users_for("node").map(|it| it.name).collect();
        assert_eq!(names, ["node", "nobody", "1000", "10001", "root"]);
    }
}
