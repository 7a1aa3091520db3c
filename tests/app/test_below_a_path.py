"""The app below a path of its host, as a proxy says: links, redirects, cookies and its document."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.test import Client

from flasklogin_tutorial.app.config import BadConfig

from .conftest import PAGE, PASSWORDS, credentials, csrf_token, populate, stored

BELOW = {"TRUSTED_PROXIES": 1, "PREFIX_PROXIES": 1}


class Proxied(Client):
    """A browser that reaches an app below /shop, through a proxy that says so to the app."""

    def __init__(self, app, said="/shop"):
        self.said = said

        def proxy(environ, start_response):
            environ["PATH_INFO"] = environ["PATH_INFO"].removeprefix("/shop")
            if self.said is not None:
                environ["HTTP_X_FORWARDED_PREFIX"] = self.said
            return app(environ, start_response)

        super().__init__(proxy)

    def open(self, path, **more):
        return super().open(f"/shop{path}", headers=PAGE | more.pop("headers", {}), **more)

    def log_in(self, **more):
        form = {"username": "ada", "password": PASSWORDS["ada"], **more}
        form["csrf_token"] = csrf_token(self.get("/login"))
        return self.post("/login", data=form)


@pytest.fixture
def browser(make_app):
    return Proxied(populate(make_app(**BELOW)))


def addresses(page):
    return re.findall(r'(?:href|src|action)="([^"#]*)"', page.text)


def test_every_link_and_every_form_leads_below_the_path(browser):
    seen = {*addresses(browser.get("/login"))}
    browser.log_in()
    for path in ("/account", "/people", f"/people/{stored('bob')['_id']}/delete", "/nowhere"):
        seen |= {*addresses(browser.get(path))}
    assert len(seen) > 15
    assert {one for one in seen if not one.startswith("/shop/")} == set()


def test_the_navigation_knows_the_page_that_it_is_on(browser):
    browser.log_in()
    assert re.search('href="/shop/people" aria-current="page"', browser.get("/people").text)


def test_every_redirect_leads_below_the_path(browser):
    assert browser.get("/").location == "/shop/account"
    asked = urlsplit(browser.get("/account").location)
    assert asked.path == "/shop/login"
    assert parse_qs(asked.query) == {"next": ["/shop/account"]}
    assert browser.log_in(next="/shop/people").location == "/shop/people"
    form = {"csrf_token": csrf_token(browser.get("/account"))}
    assert browser.post("/logout", data=form).location == "/shop/login"


@pytest.mark.parametrize(
    "wanted",
    [
        "/other",
        "/shop",
        "/shopping/list",
        "/shop/../other",
        "/shop/%2e%2E/other",
        "/shop/.%2e/other",
        "/shop/./../other",
        "/shop/..",
        "/shop/..#x",
        "/shop/%2e.#",
        "//evil.example/shop/",
        "/",
    ],
)
def test_after_the_login_nobody_is_sent_to_a_neighbour(browser, wanted):
    assert browser.log_in(next=wanted).location == "/shop/account"


def test_what_follows_the_question_mark_is_no_part_of_the_path(browser):
    assert browser.log_in(next="/shop/people?x=/../").location == "/shop/people?x=/../"
    assert browser.log_in(next="/shop/people#/../").location == "/shop/people#/../"


def test_a_new_record_is_said_to_be_below_the_path(browser):
    browser.log_in()
    body = {"name": "grace", "password": "compilers are my hobby", "email": "g@example.org"}
    assert browser.put("/", json=body).location == "/shop/?name=grace"


def test_the_document_names_the_server_below_the_path(browser):
    assert browser.get("/openapi.json").json["servers"] == [{"url": "/shop"}]
    browser.said = None
    assert browser.get("/openapi.json").json["servers"] == [{"url": "/"}]


def paths_of_cookies(answer):
    said = answer.headers.getlist("Set-Cookie")
    return {one.partition("=")[0]: re.search("Path=([^;]*)", one)[1] for one in said}


def test_the_cookies_are_for_the_path(browser):
    answer = browser.log_in(remember="y")
    assert paths_of_cookies(answer) == {name: "/shop" for name in ("session", "remember", "device")}
    assert browser.get("/account").status_code == 200
    left = browser.post("/logout", data={"csrf_token": csrf_token(browser.get("/account"))})
    assert paths_of_cookies(left) == {"session": "/shop", "remember": "/shop"}
    assert browser.get_cookie("remember", path="/shop") is None


def test_on_https_they_are_for_the_whole_host_because_of_their_names(make_app):
    """A browser takes a cookie whose name begins with __Host- only for the path /."""
    browser = Proxied(populate(make_app(HTTPS=True, **BELOW)))
    given = credentials("ada") | {"remember": True}
    answer = browser.post("/login", json=given, headers={"X-Forwarded-Proto": "https"})
    names = ("session", "remember", "device")
    assert paths_of_cookies(answer) == {f"__Host-{name}": "/" for name in names}


def test_two_apps_below_one_host_can_have_cookies_of_their_own(make_app):
    names = {f"{kind}_COOKIE_NAME": f"shop-{kind}" for kind in ("SESSION", "REMEMBER", "DEVICE")}
    browser = Proxied(populate(make_app(**BELOW, **names)))
    assert paths_of_cookies(browser.log_in(remember="y")).keys() == set(names.values())
    assert browser.get("/account").status_code == 200


# ---- who is believed


@pytest.mark.parametrize("settings", [{}, {"TRUSTED_PROXIES": 1}])
def test_nobody_is_believed_about_the_path_unless_the_settings_say_so(make_app, settings):
    browser = Proxied(populate(make_app(**settings)))
    assert browser.get("/").location == "/account"
    assert paths_of_cookies(browser.log_in())["session"] == "/"


def test_what_a_visitor_writes_before_the_proxy_does_is_ignored(browser):
    browser.said = "//evil.example, /shop"
    assert browser.get("/").location == "/shop/account"


@pytest.mark.parametrize("prefix_proxies", [2, -1, True, "one"])
def test_a_number_of_proxies_without_meaning_is_refused(make_app, prefix_proxies):
    with pytest.raises(BadConfig, match="PREFIX_PROXIES"):
        make_app(TRUSTED_PROXIES=1, PREFIX_PROXIES=prefix_proxies)


@pytest.mark.parametrize(
    "prefix",
    [
        "//evil.example",
        "https://evil.example",
        "x-shop",
        "/shop/",
        "/shop//x",
        "/..",
        "/shop/./x",
        "/\\evil.example",
        "/<b>",
        "/a b",
        "/%2e%2e",
        "/\xe9",
        "/" + "x" * 200,
    ],
)
@pytest.mark.parametrize("path", ["/", "/account", "/nowhere"])
def test_what_is_no_path_is_refused_and_appears_nowhere(browser, events, prefix, path):
    events()
    browser.said = prefix
    answer = browser.get(path)
    assert (answer.status_code, answer.json["code"]) == (400, "bad_prefix")
    assert "Content-Security-Policy" in answer.headers
    assert prefix not in answer.text + str(answer.headers)
    (line,) = events()
    assert line["code"] == "bad_prefix"


def test_a_longer_path_is_taken(browser):
    browser.said = "/a-b/c_d/e.f~1"
    assert browser.get("/").location == "/a-b/c_d/e.f~1/account"


def test_without_a_header_the_app_is_at_the_top(browser):
    browser.said = None
    assert browser.get("/").location == "/account"
