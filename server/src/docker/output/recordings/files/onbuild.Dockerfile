FROM dw-onbuildbase
RUN false
