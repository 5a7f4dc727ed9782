//! What well-known official images start when a Dockerfile says nothing else.
//!
//! Read from the images' own Dockerfiles (<https://github.com/docker-library/official-images/tree/master/library> leads
//! to each), current versions; only images whose Linux variants agree are listed.

/// The settings that an image brings along for its containers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImageStart {
    /// The official image, without tag.
    pub name: &'static str,
    /// Empty for none.
    pub entrypoint: &'static [&'static str],
    pub cmd: &'static [&'static str],
    /// As `EXPOSE` has them.
    pub ports: &'static [&'static str],
    pub volumes: &'static [&'static str],
    /// Environment variables without which it does not start.
    pub needs: &'static [&'static str],
}

const fn shell(name: &'static str, cmd: &'static [&'static str]) -> ImageStart {
    ImageStart { name, entrypoint: &[], cmd, ports: &[], volumes: &[], needs: &[] }
}

const fn server(
    name: &'static str,
    entrypoint: &'static [&'static str],
    cmd: &'static [&'static str],
    ports: &'static [&'static str],
) -> ImageStart {
    ImageStart { name, entrypoint, cmd, ports, volumes: &[], needs: &[] }
}

const SCRIPT: &[&str] = &["docker-entrypoint.sh"];

/// The images, by name.
pub static IMAGE_STARTS: &[ImageStart] = &[
    shell("alpine", &["/bin/sh"]),
    shell("busybox", &["sh"]),
    shell("debian", &["bash"]),
    shell("fedora", &["/bin/bash"]),
    server("httpd", &[], &["httpd-foreground"], &["80"]),
    ImageStart {
        name: "mariadb",
        entrypoint: SCRIPT,
        cmd: &["mariadbd"],
        ports: &["3306"],
        volumes: &["/var/lib/mysql"],
        needs: &["MARIADB_ROOT_PASSWORD"],
    },
    server("memcached", SCRIPT, &["memcached"], &["11211"]),
    ImageStart {
        name: "mysql",
        entrypoint: SCRIPT,
        cmd: &["mysqld"],
        ports: &["3306", "33060"],
        volumes: &["/var/lib/mysql"],
        needs: &["MYSQL_ROOT_PASSWORD"],
    },
    server("nginx", &["/docker-entrypoint.sh"], &["nginx", "-g", "daemon off;"], &["80"]),
    server("node", SCRIPT, &["node"], &[]),
    ImageStart {
        name: "postgres",
        entrypoint: SCRIPT,
        cmd: &["postgres"],
        ports: &["5432"],
        volumes: &[],
        needs: &["POSTGRES_PASSWORD"],
    },
    shell("python", &["python3"]),
    ImageStart {
        name: "redis",
        entrypoint: SCRIPT,
        cmd: &["redis-server"],
        ports: &["6379"],
        volumes: &["/data"],
        needs: &[],
    },
    shell("ruby", &["irb"]),
    shell("ubuntu", &["/bin/bash"]),
];

/// What the official image `name` (`python`, not `library/python`) starts; `None` when it is not known here.
pub fn image_start(name: &str) -> Option<&'static ImageStart> {
    IMAGE_STARTS.iter().find(|it| it.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::image::index;

    #[test]
    fn every_image_is_an_official_one_and_stands_once() {
        assert!(IMAGE_STARTS.is_sorted_by_key(|it| it.name));
        for it in IMAGE_STARTS {
            assert!(index::image(it.name).is_some() && !it.cmd.is_empty(), "{}", it.name);
        }
        assert_eq!(image_start("scratch"), None);
    }
}
