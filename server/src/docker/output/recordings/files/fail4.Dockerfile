FROM scratch
COPY busybox /bin/sh
SHELL ["/bin/sh", "-c"]
RUN echo one; echo two >&2; exit 3
CMD ["/bin/sh"]
