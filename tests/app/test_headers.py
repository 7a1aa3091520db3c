"""The response headers that keep a browser from doing more than the pages need."""

import pytest

from flasklogin_tutorial.visit import in_process

from .conftest import PAGE


@pytest.mark.parametrize(
    "path", ["/login", "/account", "/?name=ada", "/nowhere", "/static/style.css", "/healthz"]
)
def test_every_response_carries_them(ada, path):
    headers = ada.get(path, headers=PAGE).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self'" in policy
    assert "base-uri 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers


def test_on_https_browsers_are_told_to_stay_there(make_app):
    answer = make_app(HTTPS=True).test_client().get("/login", base_url="https://localhost")
    assert "max-age=" in answer.headers["Strict-Transport-Security"]


def test_the_health_is_told_to_everybody(app):
    answer = in_process(app).get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "Set-Cookie" not in answer.headers
