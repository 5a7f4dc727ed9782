FROM scratch
COPY --chwon=1 busybox /bin/sh
