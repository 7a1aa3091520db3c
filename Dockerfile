# The finished app behind gunicorn, for compose.yaml: its folder, copied as docs/app.md says, and
# nothing else of the course. Where this was written there was no Docker engine, so it was never
# built there; the commands that it runs were, one by one.
FROM python:3.13-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /srv

# The layer that takes minutes comes first: it stays while only the app changes.
# --no-deps: everything that the packages require is in the lock, so pip has nothing to look for.
COPY requirements/production.txt requirements/
RUN pip install --no-deps --require-hashes -r requirements/production.txt

COPY LICENSE ./
COPY flasklogin_tutorial/app myapp
RUN useradd --system --no-create-home app
USER app

EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]

# --preload makes the app once, before the workers are forked. It opens no connection until a worker
# answers its first request. No --forwarder-headers: gunicorn would take SCRIPT_NAME, the path of the
# app, from whatever speaks from its own machine.
CMD ["gunicorn", "--preload", "--workers", "3", "--forwarder-headers", "", "--bind", "0.0.0.0:8000", "--access-logfile", "-", "myapp:create_app()"]
