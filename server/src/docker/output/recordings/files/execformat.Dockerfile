FROM scratch
COPY script /bin/sh
RUN echo x
