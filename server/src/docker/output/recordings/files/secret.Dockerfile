FROM scratch
COPY busybox /bin/sh
RUN --mount=type=secret,id=token,required=true cat /run/secrets/token
