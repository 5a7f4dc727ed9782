# check=skip=JSONArgsRecommended
FROM scratch as base
MAINTAINER me
COPY busybox /bin/sh
ENV API_TOKEN=x
RUN echo $UNDEFINED \
  more
WORKDIR rel
FROM scratch AS Base2
FROM base AS last
CMD echo hi
CMD ["a"]
