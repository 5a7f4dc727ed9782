ARG BASE=scratch
FROM ${BASE} AS builder
COPY busybox /bin/sh
WORKDIR /src
ENV A=b
RUN echo built > /out

FROM builder AS test
RUN cat /out

FROM scratch
COPY --from=builder /out /out
LABEL a=b
