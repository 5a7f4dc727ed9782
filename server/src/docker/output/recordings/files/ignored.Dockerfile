FROM scratch
COPY busybox /bin/sh
COPY secret.txt /opt/
