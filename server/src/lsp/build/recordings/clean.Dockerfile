FROM scratch
COPY busybox /b
