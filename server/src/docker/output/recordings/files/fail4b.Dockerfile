FROM scratch
COPY busybox /bin/
COPY busybox /bin/sh
RUN echo one; echo two >&2; exit 3
CMD ["/bin/sh"]
