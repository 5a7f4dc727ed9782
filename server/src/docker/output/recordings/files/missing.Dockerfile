FROM scratch
COPY busybox /bin/sh
COPY busybox \
     nothere /opt/
RUN echo x
