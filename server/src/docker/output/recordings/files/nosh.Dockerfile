FROM scratch
COPY busybox /bin/busybox
RUN echo x
