FROM scratch
COPY busybox /bin/sh
USER 1000
RUN echo x > /etc-file
