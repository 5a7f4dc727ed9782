//! Which distribution a base image is made of, as far as its name tells, and how packages are
//! installed there.
//!
//! The official images say it in their documentation (<https://github.com/docker-library/docs>):
//! Debian unless the tag says otherwise. Unknown images stay unknown: nothing here guesses.

/// A family of distributions with one package manager.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Distribution {
    /// Debian, Ubuntu and all that is made of them.
    Debian,
    /// Alpine, Wolfi, Chainguard.
    Alpine,
    /// Fedora, Red Hat UBI, Rocky, Alma, Oracle, CentOS Stream, Amazon Linux 2023.
    RedHat,
    /// UBI minimal and images with `microdnf` only.
    RedHatMinimal,
    /// CentOS 7, Amazon Linux 2.
    OldRedHat,
    Suse,
    Arch,
    /// Azure Linux, CBL-Mariner, Photon.
    Tdnf,
    /// distroless, `scratch`, BusyBox, chiseled: nothing can be installed.
    WithoutPackages,
    Windows,
}

/// How packages are installed on a distribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PackageManager {
    pub distribution: Distribution,
    /// The program: `apt-get`.
    pub command: &'static str,
    /// A whole `RUN` body that installs `{packages}` and leaves no waste.
    pub install: &'static str,
    /// The same with cache mounts: flags of `RUN`, then the command.
    pub install_with_cache: &'static str,
    /// The flags that belong to an install in an image, in their usual order.
    pub usual_flags: &'static [&'static str],
    /// Folders to cache.
    pub cache_folders: &'static [&'static str],
    /// How a user without rights named `{user}` is created.
    pub create_user: &'static str,
}

/// The distribution of an image.
///
/// `repository` is the name without tag and digest (`node`, `library/node`,
/// `mcr.microsoft.com/dotnet/sdk`), `tag` may be empty. `None` where the name does not tell.
pub fn distribution(repository: &str, tag: &str) -> Option<Distribution> {
    let repository = repository.trim_start_matches("docker.io/").trim_start_matches("library/");
    if let Some(found) = by_repository(repository) {
        return Some(found);
    }
    by_tag(tag).or_else(|| official(repository, tag))
}

/// The release that a tag names: `Debian 13 (trixie)` for `3.14-slim-trixie`, `Alpine 3.24` for `24-alpine3.24`. `None`
/// if it names none, or one that is not known here.
pub fn release(tag: &str) -> Option<String> {
    tag.split(['-', '_']).find_map(|part| {
        let named = RELEASES.iter().find(|(name, _)| *name == part);
        let alpine = || part.strip_prefix("alpine").filter(|it| it.starts_with(|c: char| c.is_ascii_digit()));
        named
            .map(|(name, release)| format!("{release} ({name})"))
            .or_else(|| Some(format!("Alpine {}", alpine()?)))
    })
}

/// Code names (<https://www.debian.org/releases/>, <https://releases.ubuntu.com/>).
const RELEASES: &[(&str, &str)] = &[
    ("jessie", "Debian 8"),
    ("stretch", "Debian 9"),
    ("buster", "Debian 10"),
    ("bullseye", "Debian 11"),
    ("bookworm", "Debian 12"),
    ("trixie", "Debian 13"),
    ("forky", "Debian 14"),
    ("sid", "Debian unstable"),
    ("trusty", "Ubuntu 14.04"),
    ("xenial", "Ubuntu 16.04"),
    ("bionic", "Ubuntu 18.04"),
    ("focal", "Ubuntu 20.04"),
    ("jammy", "Ubuntu 22.04"),
    ("noble", "Ubuntu 24.04"),
    ("resolute", "Ubuntu 26.04"),
];

/// The package manager of `distribution`; `None` where nothing can be installed.
pub fn package_manager(distribution: Distribution) -> Option<&'static PackageManager> {
    PACKAGE_MANAGERS.iter().find(|it| it.distribution == distribution)
}

/// Images that are one distribution whatever their tag.
fn by_repository(repository: &str) -> Option<Distribution> {
    let last = repository.rsplit('/').next().unwrap_or(repository);
    Some(match repository {
        "scratch" | "busybox" | "hello-world" | "nats" => Distribution::WithoutPackages,
        "alpine" | "docker" | "registry" | "caddy" | "traefik" | "wolfi-base" => Distribution::Alpine,
        "debian" | "ubuntu" | "buildpack-deps" | "gcc" | "r-base" => Distribution::Debian,
        "fedora" | "rockylinux" | "almalinux" => Distribution::RedHat,
        "mysql" => Distribution::RedHatMinimal,
        "archlinux" => Distribution::Arch,
        "photon" => Distribution::Tdnf,
        _ if repository.contains("distroless/") => Distribution::WithoutPackages,
        _ if repository.starts_with("cgr.dev/chainguard/") => Distribution::Alpine,
        _ if repository.starts_with("opensuse/") || repository.starts_with("registry.suse.com/") => {
            Distribution::Suse
        }
        _ if repository.starts_with("mcr.microsoft.com/windows/") => Distribution::Windows,
        _ if repository.starts_with("mcr.microsoft.com/azurelinux/") => Distribution::Tdnf,
        _ if repository.starts_with("mcr.microsoft.com/cbl-mariner/") => Distribution::Tdnf,
        _ if last.starts_with("ubi") && (last.ends_with("-minimal") || last.contains("/ubi-minimal")) => {
            Distribution::RedHatMinimal
        }
        _ if last.starts_with("ubi") && last.ends_with("-micro") => Distribution::WithoutPackages,
        "ubi8" | "ubi9" | "ubi10" => Distribution::RedHat,
        _ if repository.ends_with("/ubi") || last == "ubi8" || last == "ubi9" || last == "ubi10" => {
            Distribution::RedHat
        }
        _ => return None,
    })
}

/// Endings that official and Microsoft images have in their tags.
fn by_tag(tag: &str) -> Option<Distribution> {
    let has = |words: &[&str]| {
        tag.split(['-', '_']).any(|part| {
            let word = part.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
            words.contains(&word)
        })
    };
    if has(&["nanoserver", "windowsservercore"]) {
        Some(Distribution::Windows)
    } else if has(&["chiseled", "distroless"]) {
        Some(Distribution::WithoutPackages)
    } else if has(&["alpine"]) {
        Some(Distribution::Alpine)
    } else if has(&["bullseye", "bookworm", "trixie", "forky", "focal", "jammy", "noble", "resolute"]) {
        Some(Distribution::Debian)
    } else if has(&["ubi", "oraclelinux", "ol"]) {
        Some(Distribution::RedHat)
    } else if has(&["azurelinux", "mariner"]) {
        Some(Distribution::Tdnf)
    } else {
        None
    }
}

/// Official images that are Debian or Ubuntu unless the tag says otherwise.
fn official(repository: &str, tag: &str) -> Option<Distribution> {
    const DEBIAN: &[&str] = &[
        "elixir",
        "erlang",
        "golang",
        "gradle",
        "groovy",
        "haproxy",
        "haskell",
        "httpd",
        "influxdb",
        "jetty",
        "julia",
        "mariadb",
        "maven",
        "memcached",
        "mongo",
        "nginx",
        "node",
        "perl",
        "php",
        "postgres",
        "pypy",
        "python",
        "rabbitmq",
        "rakudo-star",
        "redis",
        "ruby",
        "rust",
        "solr",
        "swift",
        "tomcat",
        "wordpress",
        "eclipse-temurin",
        "ibmjava",
        "drupal",
        "joomla",
        "nextcloud",
        "ghost",
        "cassandra",
        "denoland/deno",
        "oven/bun",
        "nvidia/cuda",
        "mcr.microsoft.com/dotnet/sdk",
        "mcr.microsoft.com/dotnet/aspnet",
        "mcr.microsoft.com/dotnet/runtime",
        "mcr.microsoft.com/dotnet/runtime-deps",
    ];
    match repository {
        "amazonlinux" if tag == "2" => Some(Distribution::OldRedHat),
        "amazonlinux" => Some(Distribution::RedHat),
        "centos" if tag.starts_with('8') => Some(Distribution::RedHat),
        "centos" => Some(Distribution::OldRedHat),
        "oraclelinux" if tag.starts_with(['5', '6', '7']) => Some(Distribution::OldRedHat),
        "oraclelinux" if tag.ends_with("-slim") => Some(Distribution::RedHatMinimal),
        "oraclelinux" => Some(Distribution::RedHat),
        _ => DEBIAN.contains(&repository).then_some(Distribution::Debian),
    }
}

/// The package managers.
pub static PACKAGE_MANAGERS: &[PackageManager] = &[
    PackageManager {
        distribution: Distribution::Debian,
        command: "apt-get",
        install: "apt-get update && apt-get install -y --no-install-recommends {packages} && rm -rf /var/lib/apt/lists/*",
        install_with_cache: "\
--mount=type=cache,target=/var/cache/apt,sharing=locked --mount=type=cache,target=/var/lib/apt,sharing=locked \
rm -f /etc/apt/apt.conf.d/docker-clean && apt-get update && apt-get install -y --no-install-recommends {packages}",
        usual_flags: &["-y", "--no-install-recommends"],
        cache_folders: &["/var/cache/apt", "/var/lib/apt"],
        create_user: "useradd --create-home --shell /usr/sbin/nologin {user}",
    },
    PackageManager {
        distribution: Distribution::Alpine,
        command: "apk",
        install: "apk add --no-cache {packages}",
        install_with_cache: "--mount=type=cache,target=/etc/apk/cache,sharing=locked apk add {packages}",
        usual_flags: &["--no-cache"],
        cache_folders: &["/etc/apk/cache"],
        create_user: "adduser -D -s /sbin/nologin {user}",
    },
    PackageManager {
        distribution: Distribution::RedHat,
        command: "dnf",
        install: "dnf install -y --setopt=install_weak_deps=False {packages} && dnf clean all",
        install_with_cache: "\
--mount=type=cache,target=/var/cache/dnf,sharing=locked dnf install -y --setopt=install_weak_deps=False \
--setopt=keepcache=True {packages}",
        usual_flags: &["-y", "--setopt=install_weak_deps=False", "--nodocs"],
        cache_folders: &["/var/cache/dnf"],
        create_user: "useradd --create-home --shell /sbin/nologin {user}",
    },
    PackageManager {
        distribution: Distribution::RedHatMinimal,
        command: "microdnf",
        install: "microdnf install -y --nodocs --setopt=install_weak_deps=0 {packages} && microdnf clean all",
        install_with_cache: "\
--mount=type=cache,target=/var/cache/yum,sharing=locked microdnf install -y --nodocs --setopt=install_weak_deps=0 \
{packages}",
        usual_flags: &["-y", "--nodocs", "--setopt=install_weak_deps=0"],
        cache_folders: &["/var/cache/yum"],
        create_user: "microdnf install -y shadow-utils && useradd --create-home --shell /sbin/nologin {user}",
    },
    PackageManager {
        distribution: Distribution::OldRedHat,
        command: "yum",
        install: "yum install -y {packages} && yum clean all && rm -rf /var/cache/yum",
        install_with_cache: "\
--mount=type=cache,target=/var/cache/yum,sharing=locked yum install -y --setopt=keepcache=1 {packages}",
        usual_flags: &["-y"],
        cache_folders: &["/var/cache/yum"],
        create_user: "useradd --create-home --shell /sbin/nologin {user}",
    },
    PackageManager {
        distribution: Distribution::Suse,
        command: "zypper",
        install: "zypper --non-interactive install --no-recommends {packages} && zypper clean --all",
        install_with_cache: "\
--mount=type=cache,target=/var/cache/zypp,sharing=locked zypper --non-interactive install --no-recommends {packages}",
        usual_flags: &["--non-interactive", "--no-recommends"],
        cache_folders: &["/var/cache/zypp"],
        create_user: "useradd --create-home --shell /sbin/nologin {user}",
    },
    PackageManager {
        distribution: Distribution::Arch,
        command: "pacman",
        install: "pacman -Syu --noconfirm --needed {packages} && rm -rf /var/cache/pacman/pkg/*",
        install_with_cache: "\
--mount=type=cache,target=/var/cache/pacman/pkg,sharing=locked pacman -Syu --noconfirm --needed {packages}",
        usual_flags: &["--noconfirm", "--needed"],
        cache_folders: &["/var/cache/pacman/pkg"],
        create_user: "useradd --create-home --shell /usr/bin/nologin {user}",
    },
    PackageManager {
        distribution: Distribution::Tdnf,
        command: "tdnf",
        install: "tdnf install -y {packages} && tdnf clean all",
        install_with_cache: "--mount=type=cache,target=/var/cache/tdnf,sharing=locked tdnf install -y {packages}",
        usual_flags: &["-y"],
        cache_folders: &["/var/cache/tdnf"],
        create_user: "tdnf install -y shadow-utils && useradd --create-home --shell /sbin/nologin {user}",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_is_known_by_its_name_in_the_tag() {
        for (tag, expected) in [
            ("3.14-slim-trixie", Some("Debian 13 (trixie)")),
            ("noble", Some("Ubuntu 24.04 (noble)")),
            ("24-alpine3.24", Some("Alpine 3.24")),
            ("24-alpine", None),
            ("3.14", None),
        ] {
            assert_eq!(release(tag).as_deref(), expected, "{tag}");
        }
    }

    #[test]
    fn official_images_are_debian_unless_the_tag_says_otherwise() {
        assert_eq!(distribution("node", ""), Some(Distribution::Debian));
        assert_eq!(distribution("library/python", "3.14-slim"), Some(Distribution::Debian));
        assert_eq!(distribution("docker.io/library/node", "24-alpine3.22"), Some(Distribution::Alpine));
        assert_eq!(distribution("golang", "1.25-windowsservercore"), Some(Distribution::Windows));
        assert_eq!(
            distribution("mcr.microsoft.com/dotnet/aspnet", "10.0-noble-chiseled"),
            Some(Distribution::WithoutPackages)
        );
    }

    #[test]
    fn distributions_are_known_by_their_name() {
        assert_eq!(distribution("alpine", "3.22"), Some(Distribution::Alpine));
        assert_eq!(
            distribution("registry.access.redhat.com/ubi9/ubi-minimal", ""),
            Some(Distribution::RedHatMinimal)
        );
        assert_eq!(distribution("registry.access.redhat.com/ubi9", ""), Some(Distribution::RedHat));
        assert_eq!(distribution("registry.access.redhat.com/ubi9/ubi", ""), Some(Distribution::RedHat));
        assert_eq!(
            distribution("gcr.io/distroless/static-debian12", "nonroot"),
            Some(Distribution::WithoutPackages)
        );
        assert_eq!(distribution("amazonlinux", "2"), Some(Distribution::OldRedHat));
        assert_eq!(distribution("amazonlinux", "2023"), Some(Distribution::RedHat));
        assert_eq!(distribution("scratch", ""), Some(Distribution::WithoutPackages));
    }

    #[test]
    fn other_images_stay_unknown() {
        for repository in ["ghcr.io/acme/node", "acme/app", "", "nodejs", "example.com/alpine-tools"] {
            assert_eq!(distribution(repository, ""), None, "{repository}");
        }
    }

    #[test]
    fn every_package_manager_installs_packages() {
        for it in PACKAGE_MANAGERS {
            assert!(it.install.starts_with(it.command), "{}", it.command);
            assert!(
                it.install.contains("{packages}") && it.install_with_cache.contains("{packages}"),
                "{}",
                it.command
            );
            assert!(it.create_user.ends_with("{user}"), "{}", it.command);
            assert!(
                it.cache_folders.iter().all(|folder| it.install_with_cache.contains(folder)),
                "{}",
                it.command
            );
        }
        assert!(package_manager(Distribution::WithoutPackages).is_none());
    }
}
