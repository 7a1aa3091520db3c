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


@pytest.mark.parametrize(
    ("covers", "said"),
    [
        ("host", "max-age=63072000"),
        ("subdomains", "max-age=63072000; includeSubDomains"),
        ("preload", "max-age=63072000; includeSubDomains; preload"),
    ],
)
def test_the_subdomains_are_told_so_only_if_a_setting_says_so(make_app, covers, said):
    client = make_app(HTTPS=True, HSTS_COVERS=covers).test_client()
    answer = client.get("/login", base_url="https://localhost")
    assert answer.headers["Strict-Transport-Security"] == said
    client = make_app(HTTPS=False, HSTS_COVERS=covers).test_client()
    assert "Strict-Transport-Security" not in client.get("/login").headers


def test_without_the_setting_it_is_this_host_alone(make_app):
    answer = make_app(HTTPS=True).test_client().get("/login", base_url="https://localhost")
    assert answer.headers["Strict-Transport-Security"] == "max-age=63072000"


def test_the_health_is_told_to_everybody(app):
    answer = in_process(app).get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "Set-Cookie" not in answer.headers
