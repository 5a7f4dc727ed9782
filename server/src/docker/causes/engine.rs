//! The engine itself: not running, not reachable, too old, or asked for too much.

use super::{Cause, CauseKind, Evidence};

pub fn explain(evidence: &Evidence<'_>) -> Option<Cause> {
    socket_denied(evidence)
        .or_else(|| no_daemon(evidence))
        .or_else(|| no_buildx(evidence))
        .or_else(|| no_dockerfile(evidence))
        .or_else(|| large_context(evidence))
}

fn socket_denied(evidence: &Evidence<'_>) -> Option<Cause> {
    let marks = ["permission denied while trying to connect to the Docker", "dial unix", "docker.sock"];
    let is_denied =
        evidence.said.contains("permission denied") && marks.iter().any(|it| evidence.said.contains(it));
    is_denied.then(|| {
        Cause::new(
            CauseKind::SocketDenied,
            "you may not speak to Docker: its socket belongs to root and the group `docker`",
            "join the group (`sudo usermod -aG docker $USER`, then log in again; the group can do all that root can), or \
             use Docker's rootless mode or Podman",
        )
    })
}

fn no_daemon(evidence: &Evidence<'_>) -> Option<Cause> {
    let marks = [
        "Cannot connect to the Docker daemon",
        "Is the docker daemon running",
        "error during connect",
        "Cannot connect to Podman",
        "unable to connect to Podman socket",
        "failed to dial \"/run/containerd",
        "docker_engine: The system cannot find the file",
    ];
    marks.iter().any(|it| evidence.said.contains(it)).then(|| {
        Cause::new(
            CauseKind::NoDaemon,
            "no container engine answers: it is not running, or `DOCKER_HOST` or the context names the wrong one",
            "start it (Docker Desktop, or `sudo systemctl start docker`), or choose another one with `docker context use`",
        )
    })
}

fn no_buildx(evidence: &Evidence<'_>) -> Option<Cause> {
    let marks = [
        "'buildx' is not a docker command",
        "unknown command: docker buildx",
        "BuildKit is enabled but the buildx component is missing",
        "buildx component is missing or broken",
    ];
    marks.iter().any(|it| evidence.said.contains(it)).then(|| {
        Cause::new(
            CauseKind::NoBuildx,
            "this Docker has no buildx, the part that builds with BuildKit",
            "install it (Debian and Ubuntu: `docker-buildx`; Docker's own packages: `docker-buildx-plugin`), or build with \
             the old builder: `DOCKER_BUILDKIT=0`",
        )
    })
}

fn no_dockerfile(evidence: &Evidence<'_>) -> Option<Cause> {
    let said = evidence.said;
    let is_missing =
        said.contains("no such file or directory") && said.contains("open ") && !said.contains("stat ");
    let is_it = said.contains("unable to prepare context")
        || said.contains("the specified Containerfile or Dockerfile not found")
        || (is_missing && said.to_lowercase().contains("dockerfile"));
    is_it.then(|| {
        Cause::new(
            CauseKind::NoDockerfile,
            "the Dockerfile or the context is not where the command looks for it",
            "check both paths: `docker build -f PATH/TO/Dockerfile CONTEXT`",
        )
    })
}

fn large_context(evidence: &Evidence<'_>) -> Option<Cause> {
    let marks = [
        "ResourceExhausted",
        "context too large",
        "larger than max",
        "grpc: received message larger",
        "archive/tar: write too long",
    ];
    marks.iter().any(|it| evidence.said.contains(it)).then(|| {
        Cause::new(
            CauseKind::ContextTooLarge,
            "the build context is too large for the builder",
            "write what the build does not need (`.git`, `node_modules`, build results) into `.dockerignore`, or build with a \
             smaller folder as context",
        )
    })
}
