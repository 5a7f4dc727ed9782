# check=error=true
FROM scratch as x
COPY busybox /b
