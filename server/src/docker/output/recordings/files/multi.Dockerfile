ARG BASE=scratch
FROM ${BASE} AS builder
COPY busybox /bin/sh
RUN echo built > /out

FROM scratch AS unused
COPY busybox /bin/sh
RUN echo unused; exit 9

FROM scratch
COPY busybox /bin/sh
COPY --from=builder /out /out
RUN cat /out; exit 7
