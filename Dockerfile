# L’image de production. Chaque étape est une cible de Makefile, essayée hors conteneur.
FROM python:3.12-slim-trixie AS socle
RUN apt-get update \
    && apt-get install -y --no-install-recommends make postgresql-client \
    && rm -rf /var/lib/apt/lists/*
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /application

FROM socle AS construction
COPY Makefile ./
COPY verrou verrou
RUN make production-installer
COPY . .
RUN make production-statiques

FROM socle AS service
RUN useradd --system --uid 10001 --user-group --home-dir /application --shell /usr/sbin/nologin dpd
COPY --from=construction /application /application
# Seul var/ s’écrit : pièces déposées, sauvegardes.
RUN mkdir -p var/pieces var/sauvegardes && chown -R dpd:dpd var
USER dpd
VOLUME ["/application/var/pieces", "/application/var/sauvegardes"]
EXPOSE 8000
ENV ADRESSE=0.0.0.0:8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD [".venv-production/bin/python", "-c", "import socket; socket.create_connection(('127.0.0.1', 8000), 3).close()"]
CMD ["make", "production-web"]
