//! Environment variables that well-known images set, so that `$NODE_VERSION` after `FROM node` is not
//! taken for an undefined variable.
//!
//! Read from the images' own Dockerfiles; versions come and go, so this is the union of what they
//! have set over the years. `PATH` is in every image and not listed.

/// Variables of images whose name is one of `repositories`.
struct BaseVariables {
    repositories: &'static [&'static str],
    names: &'static [&'static str],
}

/// The names of the variables that the image sets besides `PATH`; empty for unknown images.
///
/// `repository` is without tag, with or without `docker.io/library/`.
pub fn base_image_variables(repository: &str) -> &'static [&'static str] {
    let repository = repository.trim_start_matches("docker.io/").trim_start_matches("library/");
    TABLE.iter().find(|it| it.repositories.contains(&repository)).map_or(&[], |it| it.names)
}

/// Whether `name` is set by the image.
pub fn is_set_by_base_image(repository: &str, name: &str) -> bool {
    name == "PATH" || base_image_variables(repository).contains(&name)
}

static TABLE: &[BaseVariables] = &[
    BaseVariables { repositories: &["node"], names: &["NODE_VERSION", "YARN_VERSION"] },
    BaseVariables {
        repositories: &["python"],
        names: &[
            "GPG_KEY",
            "LANG",
            "PYTHON_VERSION",
            "PYTHON_SHA256",
            "PYTHON_PIP_VERSION",
            "PYTHON_SETUPTOOLS_VERSION",
            "PYTHON_GET_PIP_URL",
            "PYTHON_GET_PIP_SHA256",
        ],
    },
    BaseVariables { repositories: &["pypy"], names: &["LANG", "PYPY_VERSION", "PYTHON_PIP_VERSION"] },
    BaseVariables { repositories: &["golang"], names: &["GOLANG_VERSION", "GOTOOLCHAIN", "GOPATH"] },
    BaseVariables { repositories: &["rust"], names: &["RUSTUP_HOME", "CARGO_HOME", "RUST_VERSION"] },
    BaseVariables {
        repositories: &["ruby"],
        names: &[
            "LANG",
            "RUBY_VERSION",
            "RUBY_MAJOR",
            "RUBY_DOWNLOAD_URL",
            "RUBY_DOWNLOAD_SHA256",
            "GEM_HOME",
            "BUNDLE_SILENCE_ROOT_WARNING",
            "BUNDLE_APP_CONFIG",
            "BUNDLE_PATH",
            "BUNDLE_BIN",
        ],
    },
    BaseVariables {
        repositories: &["php", "wordpress", "drupal", "nextcloud"],
        names: &[
            "PHPIZE_DEPS",
            "PHP_INI_DIR",
            "PHP_CFLAGS",
            "PHP_CPPFLAGS",
            "PHP_LDFLAGS",
            "PHP_EXTRA_CONFIGURE_ARGS",
            "PHP_EXTRA_BUILD_DEPS",
            "PHP_VERSION",
            "PHP_URL",
            "PHP_ASC_URL",
            "PHP_SHA256",
            "GPG_KEYS",
            "APACHE_CONFDIR",
            "APACHE_ENVVARS",
            "DRUPAL_VERSION",
            "NEXTCLOUD_VERSION",
            "PHP_MEMORY_LIMIT",
            "PHP_UPLOAD_LIMIT",
            "PHP_OPCACHE_MEMORY_CONSUMPTION",
        ],
    },
    BaseVariables {
        repositories: &["composer"],
        names: &[
            "COMPOSER_ALLOW_SUPERUSER",
            "COMPOSER_HOME",
            "COMPOSER_VERSION",
            "PHP_VERSION",
            "PHP_INI_DIR",
            "PHPIZE_DEPS",
        ],
    },
    BaseVariables {
        repositories: &["eclipse-temurin", "openjdk", "amazoncorretto", "ibmjava", "sapmachine"],
        names: &["JAVA_HOME", "JAVA_VERSION", "LANG", "LANGUAGE", "LC_ALL", "JAVA_TOOL_OPTIONS"],
    },
    BaseVariables {
        repositories: &["maven"],
        names: &["JAVA_HOME", "JAVA_VERSION", "LANG", "LANGUAGE", "LC_ALL", "MAVEN_HOME", "MAVEN_CONFIG"],
    },
    BaseVariables {
        repositories: &["gradle"],
        names: &["JAVA_HOME", "JAVA_VERSION", "LANG", "LANGUAGE", "LC_ALL", "GRADLE_HOME", "GRADLE_VERSION"],
    },
    BaseVariables {
        repositories: &["tomcat", "tomee"],
        names: &[
            "JAVA_HOME",
            "JAVA_VERSION",
            "LANG",
            "LANGUAGE",
            "LC_ALL",
            "CATALINA_HOME",
            "TOMCAT_NATIVE_LIBDIR",
            "LD_LIBRARY_PATH",
            "GPG_KEYS",
            "TOMCAT_MAJOR",
            "TOMCAT_VERSION",
            "TOMCAT_SHA512",
            "TOMEE_VER",
            "TOMEE_BUILD",
        ],
    },
    BaseVariables {
        repositories: &["jetty"],
        names: &["JAVA_HOME", "JAVA_VERSION", "JETTY_VERSION", "JETTY_HOME", "JETTY_BASE", "TMPDIR"],
    },
    BaseVariables {
        repositories: &["nginx", "nginxinc/nginx-unprivileged"],
        names: &[
            "NGINX_VERSION",
            "NJS_VERSION",
            "NJS_RELEASE",
            "PKG_RELEASE",
            "DYNPKG_RELEASE",
            "ACME_VERSION",
        ],
    },
    BaseVariables {
        repositories: &["httpd"],
        names: &["HTTPD_PREFIX", "HTTPD_VERSION", "HTTPD_SHA256", "HTTPD_PATCHES"],
    },
    BaseVariables {
        repositories: &["postgres", "postgis/postgis"],
        names: &[
            "GOSU_VERSION",
            "LANG",
            "PG_MAJOR",
            "PG_VERSION",
            "PG_SHA256",
            "PGDATA",
            "DOCKER_PG_LLVM_DEPS",
            "POSTGIS_MAJOR",
            "POSTGIS_VERSION",
        ],
    },
    BaseVariables {
        repositories: &["mysql"],
        names: &["GOSU_VERSION", "MYSQL_MAJOR", "MYSQL_VERSION", "MYSQL_SHELL_VERSION"],
    },
    BaseVariables { repositories: &["mariadb"], names: &["GOSU_VERSION", "LANG", "MARIADB_VERSION"] },
    BaseVariables {
        repositories: &["mongo"],
        names: &[
            "GOSU_VERSION",
            "JSYAML_VERSION",
            "JSYAML_CHECKSUM",
            "MONGO_PACKAGE",
            "MONGO_REPO",
            "MONGO_MAJOR",
            "MONGO_VERSION",
            "HOME",
            "GLIBC_TUNABLES",
        ],
    },
    BaseVariables {
        repositories: &["redis", "valkey/valkey"],
        names: &[
            "GOSU_VERSION",
            "REDIS_VERSION",
            "REDIS_DOWNLOAD_URL",
            "REDIS_DOWNLOAD_SHA",
            "VALKEY_VERSION",
        ],
    },
    BaseVariables {
        repositories: &["rabbitmq"],
        names: &[
            "ERLANG_INSTALL_PATH_PREFIX",
            "OPENSSL_INSTALL_PATH_PREFIX",
            "RABBITMQ_DATA_DIR",
            "RABBITMQ_VERSION",
            "RABBITMQ_PGP_KEY_ID",
            "RABBITMQ_HOME",
            "HOME",
            "LANG",
            "LANGUAGE",
            "LC_ALL",
        ],
    },
    BaseVariables {
        repositories: &["haproxy"],
        names: &["HAPROXY_VERSION", "HAPROXY_URL", "HAPROXY_SHA256"],
    },
    BaseVariables { repositories: &["caddy"], names: &["CADDY_VERSION", "XDG_CONFIG_HOME", "XDG_DATA_HOME"] },
    BaseVariables {
        repositories: &["docker"],
        names: &[
            "DOCKER_VERSION",
            "DOCKER_BUILDX_VERSION",
            "DOCKER_COMPOSE_VERSION",
            "DOCKER_TLS_CERTDIR",
            "DIND_COMMIT",
        ],
    },
    BaseVariables {
        repositories: &["jenkins/jenkins"],
        names: &[
            "JENKINS_HOME",
            "JENKINS_VERSION",
            "JENKINS_SLAVE_AGENT_PORT",
            "JENKINS_UC",
            "JENKINS_INCREMENTALS_REPO_MIRROR",
            "REF",
            "COPY_REFERENCE_FILE_LOG",
            "JAVA_HOME",
            "LANG",
            "JENKINS_UC_EXPERIMENTAL",
        ],
    },
    BaseVariables {
        repositories: &["elixir", "erlang"],
        names: &["OTP_VERSION", "REBAR_VERSION", "REBAR3_VERSION", "ELIXIR_VERSION", "LANG"],
    },
    BaseVariables { repositories: &["julia"], names: &["JULIA_PATH", "JULIA_GPG", "JULIA_VERSION"] },
    BaseVariables { repositories: &["haskell"], names: &["LANG", "STACK_RELEASE", "CABAL_INSTALL", "GHC"] },
    BaseVariables { repositories: &["r-base"], names: &["LC_ALL", "LANG", "R_BASE_VERSION"] },
    BaseVariables { repositories: &["perl"], names: &["PERL_VERSION"] },
    BaseVariables { repositories: &["gcc"], names: &["GPG_KEYS", "GCC_MIRRORS", "GCC_VERSION"] },
    BaseVariables {
        repositories: &["swift"],
        names: &["SWIFT_SIGNING_KEY", "SWIFT_PLATFORM", "SWIFT_BRANCH", "SWIFT_VERSION", "SWIFT_WEBROOT"],
    },
    BaseVariables {
        repositories: &["ghost"],
        names: &[
            "NODE_VERSION",
            "YARN_VERSION",
            "NODE_ENV",
            "GHOST_CLI_VERSION",
            "GHOST_INSTALL",
            "GHOST_CONTENT",
            "GHOST_VERSION",
            "GOSU_VERSION",
        ],
    },
    BaseVariables {
        repositories: &["memcached"],
        names: &["MEMCACHED_VERSION", "MEMCACHED_SHA1", "MEMCACHED_URL"],
    },
    BaseVariables {
        repositories: &[
            "mcr.microsoft.com/dotnet/sdk",
            "mcr.microsoft.com/dotnet/aspnet",
            "mcr.microsoft.com/dotnet/runtime",
            "mcr.microsoft.com/dotnet/runtime-deps",
        ],
        names: &[
            "APP_UID",
            "ASPNETCORE_HTTP_PORTS",
            "ASPNETCORE_URLS",
            "ASPNET_VERSION",
            "DOTNET_VERSION",
            "DOTNET_SDK_VERSION",
            "DOTNET_RUNNING_IN_CONTAINER",
            "DOTNET_GENERATE_ASPNET_CERTIFICATE",
            "DOTNET_NOLOGO",
            "DOTNET_USE_POLLING_FILE_WATCHER",
            "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT",
            "NUGET_XMLDOC_MODE",
            "POWERSHELL_DISTRIBUTION_CHANNEL",
        ],
    },
    BaseVariables {
        repositories: &["nvidia/cuda"],
        names: &[
            "NVARCH",
            "NVIDIA_REQUIRE_CUDA",
            "CUDA_VERSION",
            "NV_CUDA_CUDART_VERSION",
            "LD_LIBRARY_PATH",
            "LIBRARY_PATH",
            "NVIDIA_VISIBLE_DEVICES",
            "NVIDIA_DRIVER_CAPABILITIES",
            "NV_CUDA_LIB_VERSION",
            "NCCL_VERSION",
        ],
    },
    BaseVariables {
        repositories: &["oven/bun"],
        names: &["BUN_RUNTIME_TRANSPILER_CACHE_PATH", "BUN_INSTALL_BIN"],
    },
    BaseVariables {
        repositories: &["denoland/deno"],
        names: &["DENO_USE_CGROUPS", "DENO_DIR", "DENO_INSTALL_ROOT", "DENO_VERSION"],
    },
    BaseVariables {
        repositories: &["continuumio/miniconda3", "continuumio/anaconda3", "condaforge/miniforge3"],
        names: &["LANG", "LC_ALL", "CONDA_DIR"],
    },
    BaseVariables {
        repositories: &["mambaorg/micromamba"],
        names: &[
            "LANG",
            "LC_ALL",
            "ENV_NAME",
            "MAMBA_ROOT_PREFIX",
            "MAMBA_EXE",
            "MAMBA_USER",
            "MAMBA_USER_ID",
            "MAMBA_USER_GID",
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_image_stands_twice() {
        let mut all: Vec<_> = TABLE.iter().flat_map(|it| it.repositories).collect();
        let count = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), count);
    }

    #[test]
    fn variables_of_official_images_are_known_by_every_spelling() {
        for repository in ["node", "library/node", "docker.io/library/node"] {
            assert!(is_set_by_base_image(repository, "NODE_VERSION"), "{repository}");
        }
        assert!(is_set_by_base_image("acme/unknown", "PATH"));
        assert!(!is_set_by_base_image("acme/unknown", "NODE_VERSION"));
        assert!(!is_set_by_base_image("node", "node_version"));
    }
}
