FROM scratch
COPY busybox /bin/
RUN ["/bin/busybox", "mkdir", "/data"]
RUN ["/bin/busybox", "echo", "hello"]
CMD ["/bin/busybox", "sh"]
