from scratch AS Build
COPY busybox /bin/sh
ENV a b
MAINTAINER me
