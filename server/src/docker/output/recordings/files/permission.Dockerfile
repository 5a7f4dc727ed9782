FROM scratch
COPY busybox /bin/sh
COPY tool /bin/tool
RUN /bin/tool
