"""Where a notebook keeps its data."""

import pytest

from flasklogin_tutorial import create_app
from flasklogin_tutorial.lab import new_app, practice_settings


def test_without_a_server_the_app_is_in_memory(monkeypatch):
    monkeypatch.delenv("MONGODB_URI", raising=False)
    assert practice_settings()["MONGODB_URI"] is None
    app = new_app(create_app, practice_settings())
    assert app.config["HTTPS"]
    assert app.config["TESTING"]


@pytest.mark.parametrize(
    ("server", "begin", "end"),
    [
        ("mongodb://there:27017", "mongodb://there:27017/flasklogin_course_", ""),
        ("mongodb://ada:x@there/others?tls=true", "mongodb://ada:x@there/flasklogin_course_",
         "?tls=true"),
    ],
)  # fmt: skip
def test_on_a_server_each_notebook_has_a_database_and_a_key_of_its_own(
    monkeypatch, server, begin, end
):
    monkeypatch.setenv("MONGODB_URI", server)
    first, second = practice_settings(), practice_settings()
    assert first["MONGODB_URI"].startswith(begin)
    assert first["MONGODB_URI"].endswith(end)
    assert first["MONGODB_URI"] != second["MONGODB_URI"]
    assert first["SECRET_KEY"] != second["SECRET_KEY"]
