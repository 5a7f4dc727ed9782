FROM localhost:1/nope/nope:1
RUN echo x
