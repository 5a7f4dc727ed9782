FROM scratch
COPY busybox /bin/sh
RUN echo first && \
    # a comment
    make all && \
    echo never
