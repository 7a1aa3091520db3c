"""One visitor of one app: addresses, cookies, and the end."""

import threading

import pytest
import requests

from flasklogin_tutorial.lab import serve
from flasklogin_tutorial.visit import Browser, in_process
from flasklogin_tutorial.visit import browser as browsers

from .visited import PATIENCE

# ---- addresses


def test_a_path_goes_to_the_app(visit, app):
    assert visit(app).get("/echo/here").json()["path"] == "/echo/here"


def test_a_whole_address_goes_to_the_app_if_it_is_the_apps(visit, app):
    browser = visit(app)
    assert browser.get(f"{browser.base_url}/echo/here").json()["path"] == "/echo/here"


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/echo/",
        "//example.org/echo/",
        "http://127.0.0.1.example.org/echo/",
        "http://127.0.0.1:1/echo/",
        "http://localhost/echo/",
        "http://127.0.0.1@example.org/echo/",
    ],
)
def test_an_address_elsewhere_is_refused_before_anything_is_sent(visit, app, address):
    with pytest.raises(ValueError, match=r"visits one app only.*browser\.get\('/'\)"):
        visit(app).get(address)
    assert app.received == []


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org",
        "http://0.0.0.0:5000",
        "http://192.168.0.1",
        "http://127.0.0.1.example.org",
        "http://127.0.0.1@example.org",
        "127.0.0.1:5000",
        "",
    ],
)
def test_a_browser_is_made_for_this_machine_only(address):
    with pytest.raises(ValueError, match="not a loopback address"):
        Browser(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_every_name_of_this_machine_will_do(host):
    with Browser(f"http://{host}:5000") as browser:
        assert browser.base_url == f"http://{host}:5000"


def test_a_redirect_within_the_app_is_followed_and_each_hop_has_its_visit(visit, app):
    answer = visit(app).get("/redirect?to=/boom")
    assert app.received == ["/redirect", "/boom"]
    assert [hop.status_code for hop in answer.history] == [302]
    assert answer.history[0].visit.error is None
    assert str(answer.visit.error) == "no more fuel\nand no oil"


@pytest.mark.parametrize("to", ["http://example.org/", "//example.org/", "https://127.0.0.1/"])
def test_a_redirect_that_leads_elsewhere_is_refused_and_says_how_to_look_at_it(visit, app, to):
    browser = visit(app)
    with pytest.raises(ValueError, match=r"is not on .*redirect led here.*allow_redirects=False"):
        browser.get("/redirect", params={"to": to})
    answer = browser.get("/redirect", params={"to": to}, allow_redirects=False)
    assert answer.headers["Location"] == to


def test_proxies_and_passwords_of_the_environment_are_left_alone(visit, app, monkeypatch, tmp_path):
    passwords = tmp_path / "netrc"
    passwords.write_text("machine 127.0.0.1 login ada password lovelace\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(passwords))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    assert "Authorization" not in visit(app).get("/echo/").json()["headers"]


def test_a_browser_stops_waiting_for_an_app_that_never_answers(app, monkeypatch):
    monkeypatch.setattr(browsers, "TIMEOUT_SECONDS", 0.1)
    go_on = threading.Event()

    @app.get("/slow")
    def slow():
        go_on.wait(PATIENCE)
        return "at last"

    with serve(app) as browser:
        with pytest.raises(requests.Timeout):
            browser.get("/slow")
        go_on.set()


# ---- cookies


def test_a_browser_keeps_its_cookies_and_shows_them_to_no_other(visit, app):
    ada, bob = visit(app), visit(app)
    ada.get("/cookies")
    kept = {"first": "1", "second": "2; with = signs"}
    assert ada.get("/echo/").json()["cookies"] == kept
    assert bob.get("/echo/").json()["cookies"] == {}


def test_a_browser_drops_a_cookie_that_the_app_deletes(visit, app):
    ada = visit(app)
    ada.get("/cookies")
    ada.get("/no-cookies")
    assert list(ada.get("/echo/").json()["cookies"]) == ["second"]


def test_a_cookie_for_https_only_comes_back_on_this_machine_as_real_browsers_do_it(visit, app):
    app.config["SESSION_COOKIE_SECURE"] = True
    ada = visit(app)
    ada.get("/login/ada")
    assert ada.get("/me").json() == {"user": "ada"}


def test_a_browser_shows_the_names_of_its_cookies_and_no_value(app):
    ada = in_process(app)
    assert repr(ada) == "<a browser, cookies: none>"
    ada.get("/cookies")
    assert repr(ada) == "<a browser, cookies: first, second>"


# ---- closing


def test_a_browser_in_a_with_statement_is_closed_at_its_end_and_only_once():
    closed = []
    with Browser("http://127.0.0.1", on_close=lambda: closed.append("closed")) as browser:
        assert closed == []
    assert closed == ["closed"]
    browser.close()
    assert closed == ["closed"]


def test_a_browser_is_closed_when_its_block_fails():
    closed = []
    with (
        pytest.raises(KeyError),
        Browser("http://127.0.0.1", on_close=lambda: closed.append("closed")),
    ):
        raise KeyError
    assert closed == ["closed"]
