"""What the lessons say that a browser does, seen in Chromium.

Two hosts that are foreign to each other are needed: 127.0.0.1 and localhost count as two sites.
"""

import sys
from pathlib import Path

import pytest
import requests
from flask import Flask, redirect, request
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from flasklogin_tutorial.visit import serve

sys.path.insert(0, str(Path(__file__).parent.parent.parent / "tools"))

from lab_browser import CHROMIUM_FLAGS, NO_CHROMIUM, chromium, find_chromium

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_chromium() is None, reason=NO_CHROMIUM),
]


@pytest.fixture(scope="module")
def context():
    with chromium() as context:
        yield context


@pytest.fixture
def page(context):
    page = context.new_page()
    yield page
    page.close()
    context.clear_cookies()


@pytest.fixture
def site():
    """Serve an app with a login by GET, a logout by GET, and a redirect; it notes its requests."""
    app, seen = Flask(__name__), []
    app.secret_key = "for this test"
    manager = LoginManager(app)

    @manager.user_loader
    def load(name):
        user = UserMixin()
        user.id = name
        return user

    @app.before_request
    def note():
        if request.path != "/favicon.ico":  # Chromium asks for it when it likes
            seen.append((request.method, request.path, "session" in request.cookies))

    @app.route("/", methods=["GET", "POST", "DELETE"])
    def home():
        return redirect("/login") if request.method != "GET" else "<!doctype html>home"

    @app.route("/login", methods=["GET", "POST", "DELETE"])
    def login():
        return "<!doctype html>log in"

    app.add_url_rule("/in", view_func=lambda: (login_user(load("ada")), "in")[1], endpoint="in")
    app.add_url_rule("/logout", view_func=lambda: (logout_user(), "out")[1], endpoint="logout")
    app.add_url_rule("/who", view_func=lambda: current_user.get_id() or "nobody", endpoint="who")
    with serve(app) as browser:
        app.seen, app.address = seen, browser.base_url
        yield app


SEND = """async verb => {
    const answer = await fetch("/", {method: verb});
    return answer.url;
}"""


@pytest.mark.parametrize(("verb", "after"), [("DELETE", "DELETE"), ("POST", "GET")])
def test_a_redirect_repeats_a_delete_and_makes_a_get_of_a_post(page, site, verb, after):
    page.goto(f"{site.address}/")
    site.seen.clear()
    page.evaluate(SEND, verb)
    assert [one[:2] for one in site.seen] == [(verb, "/"), (after, "/login")]


def test_requests_makes_a_get_of_both(site):
    for verb in ("DELETE", "POST"):
        site.seen.clear()
        requests.request(verb, f"{site.address}/", timeout=10)
        assert [one[:2] for one in site.seen] == [(verb, "/"), ("GET", "/login")]


def who(page, site):
    page.goto(f"{site.address}/who")
    return page.inner_text("body")


@pytest.fixture
def other_site():
    """Serve a page of another site, with what stands in `body`."""
    app = Flask("other")
    app.body = ""
    app.add_url_rule("/", view_func=lambda: f"<!doctype html><title>x</title>{app.body}")
    with serve(app) as browser:
        app.address = browser.base_url.replace("127.0.0.1", "localhost")
        yield app


def test_an_image_on_another_site_sends_no_cookie_and_logs_nobody_out(page, site, other_site):
    page.goto(f"{site.address}/in")
    assert who(page, site) == "ada"
    other_site.body = f'<img src="{site.address}/logout" alt="">'
    site.seen.clear()
    page.goto(other_site.address, wait_until="networkidle")
    assert ("GET", "/logout", False) in site.seen
    assert who(page, site) == "ada"


def test_a_link_on_another_site_logs_out_whoever_follows_it(page, site, other_site):
    page.goto(f"{site.address}/in")
    other_site.body = f'<a href="{site.address}/logout">kittens</a>'
    page.goto(other_site.address)
    site.seen.clear()
    page.click("a")
    page.wait_for_url("**/logout")
    assert ("GET", "/logout", True) in site.seen
    assert who(page, site) == "nobody"


@pytest.mark.parametrize(("rule", "goes_along"), [(None, True), ("Lax", False), ("Strict", False)])
def test_a_form_takes_along_a_new_cookie_that_says_nothing(
    page, site, other_site, rule, goes_along
):
    site.config["SESSION_COOKIE_SAMESITE"] = rule
    page.goto(f"{site.address}/in")
    other_site.body = f'<form method="post" action="{site.address}/"><button>x</button></form>'
    page.goto(other_site.address)
    site.seen.clear()
    page.click("button")
    page.wait_for_url("**/login")
    assert site.seen[0] == ("POST", "/", goes_along)


def test_a_script_takes_along_no_cookie_that_says_nothing(page, site, other_site):
    page.goto(f"{site.address}/in")
    page.goto(other_site.address)
    site.seen.clear()
    page.evaluate(
        """address => fetch(address, {method: "POST", mode: "no-cors", credentials: "include"})""",
        f"{site.address}/",
    )
    assert site.seen[0] == ("POST", "/", False)


@pytest.mark.parametrize(("rule", "goes_along"), [("Lax", True), ("Strict", False)])
def test_a_followed_link_takes_along_a_lax_cookie_and_no_strict_one(
    page, site, other_site, rule, goes_along
):
    site.config["SESSION_COOKIE_SAMESITE"] = rule
    page.goto(f"{site.address}/in")
    other_site.body = f'<a href="{site.address}/who">kittens</a>'
    page.goto(other_site.address)
    site.seen.clear()
    page.click("a")
    page.wait_for_url("**/who")
    assert site.seen[0] == ("GET", "/who", goes_along)


@pytest.fixture
def opened(context, tmp_path):
    """Give a function that opens a Chromium with the profile of before, and with more flags."""

    def open_again(*flags):
        return context.browser.browser_type.launch_persistent_context(
            tmp_path / "profile",
            executable_path=find_chromium(),
            headless=True,
            args=[*CHROMIUM_FLAGS, *flags],
            # As people's browsers have it: the page before this one is kept in memory.
            ignore_default_args=["--disable-back-forward-cache"],
        )

    return open_again


@pytest.mark.parametrize(("flags", "after"), [((), "nobody"), (("--restore-last-session",), "ada")])
def test_a_closed_browser_forgets_a_session_unless_it_opens_again_what_was_open(
    opened, site, flags, after
):
    browser = opened(*flags)
    page = browser.new_page()
    page.goto(f"{site.address}/in")
    assert who(page, site) == "ada"
    page.wait_for_timeout(2_000)  # Chromium writes its cookies down now and then
    browser.close()
    browser = opened(*flags)
    try:
        assert who(browser.new_page(), site) == after
    finally:
        browser.close()


@pytest.mark.parametrize(
    ("cookie", "kept"),
    [
        ("__Host-x=1; Path=/; Secure", True),
        ("__Host-x=1; Path=/; Secure; Domain=localhost", False),
        ("__Host-x=1; Path=/there; Secure", False),
        ("__Host-x=1; Path=/", False),
        ("x=1; Path=/", True),
    ],
)
def test_a_cookie_named_host_is_taken_from_the_host_alone(page, other_site, cookie, kept):
    other_site.after_request(lambda answer: (answer.headers.add("Set-Cookie", cookie), answer)[1])
    page.goto(other_site.address)
    names = [one["name"] for one in page.context.cookies()]
    assert (cookie.partition("=")[0] in names) == kept


SAY = """address => fetch(address, {
    mode: "no-cors",
    headers: {"Sec-Fetch-Site": "same-origin", "Origin": "http://127.0.0.1"},
    method: "POST",
})"""


def test_a_page_cannot_change_what_is_said_of_where_a_request_comes_from(page, site, other_site):
    said = []
    site.before_request(lambda: said.append({**request.headers}) if request.path == "/" else None)
    page.goto(other_site.address)
    page.evaluate(SAY, f"{site.address}/")
    assert said[0]["Sec-Fetch-Site"] == "cross-site"
    assert said[0]["Origin"] == other_site.address


def test_another_port_is_another_origin_of_the_same_site(page, site, other_site):
    said = []
    site.before_request(lambda: said.append({**request.headers}) if request.path == "/" else None)
    address = site.address.replace("127.0.0.1", "localhost")
    page.goto(other_site.address)
    page.evaluate(SAY, f"{address}/")
    assert said[0]["Sec-Fetch-Site"] == "same-site"


def test_a_secure_cookie_goes_without_encryption_to_this_machine(page, other_site):
    seen = []
    other_site.before_request(lambda: seen.append("x" in request.cookies))
    other_site.after_request(
        lambda answer: (answer.headers.add("Set-Cookie", "x=1; Path=/; Secure"), answer)[1]
    )
    page.goto(other_site.address)
    page.goto(other_site.address)
    assert seen[-1]


def test_a_form_that_gets_takes_along_a_lax_cookie(page, site, other_site):
    site.config["SESSION_COOKIE_SAMESITE"] = "Lax"
    page.goto(f"{site.address}/in")
    other_site.body = f'<form action="{site.address}/who"><button>x</button></form>'
    page.goto(other_site.address)
    site.seen.clear()
    page.click("button")
    page.wait_for_url("**/who?")
    assert site.seen[0] == ("GET", "/who", True)


SEND_JSON = """address => fetch(address, {
    method: "POST",
    headers: {"Content-Type": "application/json"},
    credentials: "include",
    body: "{}",
}).then(() => "sent", () => "not sent")"""


def test_a_script_of_another_site_asks_before_it_sends_json(page, site, other_site):
    page.goto(other_site.address)
    site.seen.clear()
    assert page.evaluate(SEND_JSON, f"{site.address}/") == "not sent"
    assert [one[:2] for one in site.seen] == [("OPTIONS", "/")]


READ = """address => fetch(address, {credentials: "include"})
    .then(answer => answer.text(), () => "not for you")"""


@pytest.mark.parametrize(("allowed", "read"), [(True, "ada"), (False, "not for you")])
def test_a_script_of_another_origin_reads_no_answer_without_permission(
    page, site, other_site, allowed, read
):
    address = site.address.replace("127.0.0.1", "localhost")  # the same site: the cookie goes along
    permission = {
        "Access-Control-Allow-Origin": other_site.address,
        "Access-Control-Allow-Credentials": "true",
    }
    site.after_request(
        lambda answer: (answer.headers.update(permission if allowed else {}), answer)[1]
    )
    page.goto(f"{address}/in")
    page.goto(other_site.address)
    site.seen.clear()
    assert page.evaluate(READ, f"{address}/who") == read
    assert site.seen == [("GET", "/who", True)]


@pytest.mark.parametrize(("says", "shown"), [(None, "ada"), ("no-store", "nobody")])
def test_the_back_button_shows_a_page_after_the_logout_unless_no_copy_may_be_stored(
    opened, site, says, shown
):
    @site.after_request
    def add(answer):
        if says:
            answer.headers["Cache-Control"] = says
        return answer

    browser = opened()
    try:
        page = browser.new_page()
        page.goto(f"{site.address}/in")
        assert who(page, site) == "ada"
        page.goto(f"{site.address}/logout")
        page.evaluate("history.back()")
        page.wait_for_function("location.pathname === '/who'")
        assert page.inner_text("body") == shown
    finally:
        browser.close()
