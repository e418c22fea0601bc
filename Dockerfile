# The same steps as `make install`, on a slim image, as a user without rights.
FROM python:3.12-slim-bookworm
RUN apt-get update && apt-get install -y --no-install-recommends espeak-ng make && rm -rf /var/lib/apt/lists/*
RUN useradd --create-home --uid 10001 dime && mkdir /app /data && chown dime /app /data
WORKDIR /app
USER dime
ENV DIME_HOME=/data DIME_CACHE=/app/.cache DIME_HOST=0.0.0.0 PIP_NO_CACHE_DIR=1
COPY --chown=dime . .
RUN make install
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=3s --start-period=60s \
    CMD [".venv/bin/python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/readyz', timeout=2)"]
CMD [".venv/bin/dime", "serve"]
