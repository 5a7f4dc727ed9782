FROM scratch
COPY busybox /bin/sh
RUNN echo x
