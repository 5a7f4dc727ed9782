//! Images outside Docker Hub's official ones that many Dockerfiles are built on, and registries.
//!
//! Names as their publishers document them; tags are not known here.

/// (image without tag, what it is), in the order to offer them.
pub const WELL_KNOWN_IMAGES: &[(&str, &str)] = &[
    ("mcr.microsoft.com/dotnet/sdk", ".NET with compilers, for building"),
    ("mcr.microsoft.com/dotnet/aspnet", ".NET for web applications, for running"),
    ("mcr.microsoft.com/dotnet/runtime", ".NET for running"),
    ("mcr.microsoft.com/dotnet/runtime-deps", "what self-contained .NET programs need"),
    ("mcr.microsoft.com/playwright", "browsers for tests with Playwright"),
    ("mcr.microsoft.com/devcontainers/base", "a start for development containers"),
    ("mcr.microsoft.com/azurelinux/base/core", "Azure Linux"),
    ("mcr.microsoft.com/powershell", "PowerShell"),
    ("mcr.microsoft.com/windows/nanoserver", "the smallest Windows"),
    ("mcr.microsoft.com/windows/servercore", "Windows Server without a desktop"),
    ("gcr.io/distroless/static-debian13", "no shell: for static programs"),
    ("gcr.io/distroless/base-debian13", "no shell: with the C library"),
    ("gcr.io/distroless/cc-debian13", "no shell: with the C and C++ libraries"),
    ("gcr.io/distroless/nodejs24-debian13", "no shell: with Node.js"),
    ("gcr.io/distroless/python3-debian13", "no shell: with Python"),
    ("gcr.io/distroless/java21-debian13", "no shell: with Java"),
    ("registry.access.redhat.com/ubi9/ubi", "Red Hat Enterprise Linux, free to pass on"),
    ("registry.access.redhat.com/ubi9/ubi-minimal", "the same with `microdnf` only"),
    ("registry.access.redhat.com/ubi9/ubi-micro", "the same without a package manager"),
    ("ghcr.io/astral-sh/uv", "uv, for Python packages"),
    ("ghcr.io/linuxserver/baseimage-alpine", "the base of LinuxServer's images"),
    ("cgr.dev/chainguard/static", "no shell: for static programs"),
    ("cgr.dev/chainguard/wolfi-base", "Wolfi with a shell and `apk`"),
    ("public.ecr.aws/lambda/python", "AWS Lambda with Python"),
    ("public.ecr.aws/lambda/nodejs", "AWS Lambda with Node.js"),
    ("quay.io/jupyter/base-notebook", "JupyterLab"),
    ("quay.io/centos/centos", "CentOS Stream"),
    ("nvidia/cuda", "CUDA of NVIDIA"),
    ("pytorch/pytorch", "PyTorch with CUDA"),
    ("tensorflow/tensorflow", "TensorFlow"),
    ("oven/bun", "Bun"),
    ("denoland/deno", "Deno"),
    ("bitnami/minideb", "a small Debian"),
    ("nginxinc/nginx-unprivileged", "nginx that does not need root"),
    ("condaforge/miniforge3", "conda with the channel conda-forge"),
    ("grafana/grafana", "Grafana"),
    ("prom/prometheus", "Prometheus"),
    ("jenkins/jenkins", "Jenkins"),
    ("hadolint/hadolint", "the linter hadolint"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::image::ImageReference;

    #[test]
    fn every_name_is_a_reference_without_tag_and_stands_once() {
        for (name, detail) in WELL_KNOWN_IMAGES {
            let image = ImageReference::parse(name);
            assert!(image.errors.is_empty() && image.tag().is_absent() && !image.is_official(), "{name}");
            assert!(!detail.is_empty() && !detail.ends_with('.'), "{name}");
            assert_eq!(WELL_KNOWN_IMAGES.iter().filter(|(it, _)| it == name).count(), 1, "{name}");
        }
    }
}
