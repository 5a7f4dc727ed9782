FROM scratch
COPY busybox /bin/sh
COPY nothing*/x /opt/
