"""Things that are no Flask app."""

app = "a text"


def nothing():
    """Forget to return the app."""


def broken():
    raise RuntimeError("no database today")


def wsgi(environ, start_response):
    start_response("200 OK", [])
    return []
