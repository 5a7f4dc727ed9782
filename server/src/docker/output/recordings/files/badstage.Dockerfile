FROM scratch
COPY busybox /bin/sh
COPY --from=nostage /a /b
