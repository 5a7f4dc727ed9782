FROM scratch
COPY busybox /bin/sh
RUN <<EOF
echo one
nosuchcommand
exit 5
EOF
