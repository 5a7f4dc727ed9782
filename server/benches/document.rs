//! The documents that the benches run on: realistic stages, as many as the wanted length needs.

/// A Dockerfile of about `lines` lines.
pub fn document(lines: usize) -> String {
    let mut text = String::from("# syntax=docker/dockerfile:1\nARG VERSION=3.13\nARG REGISTRY=docker.io\n\n");
    let mut count = 4;
    let mut stage = 0;
    while count < lines {
        let part = STAGE.replace("{n}", &stage.to_string());
        count += part.lines().count();
        text.push_str(&part);
        stage += 1;
    }
    text
}

const STAGE: &str = r#"# ---- service {n} ----
FROM ${REGISTRY}/library/python:${VERSION}-slim AS service{n}
ARG APP_UID=10001
ENV PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1
ENV NAME_{n}=orders
LABEL org.opencontainers.image.title="service {n}" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN --mount=type=cache,target=/var/cache/apt \
    apt-get update && apt-get install -y --no-install-recommends \
      # the headers of the database
      libpq-dev \
      curl \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY src/ ./src/
RUN useradd --uid "$APP_UID" app && chown -R app /app
USER app
EXPOSE 8000/tcp
HEALTHCHECK --interval=30s CMD curl -f http://localhost:8000/ || exit 1
CMD ["python", "-m", "service"]

"#;
