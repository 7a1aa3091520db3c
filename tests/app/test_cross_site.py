"""Pages of other sites cannot act with the cookies of whoever looks at them."""

import pytest

from flasklogin_tutorial.visit import in_process

from .conftest import PAGE, credentials, csrf_token, send_form, snapshot, who

FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:8000"},
    {"Origin": "http://127.0.0.1.evil.example"},
    {"Origin": "https://127.0.0.1"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "nonsense"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1"},
]
OWN = [
    {},
    {"Origin": "http://127.0.0.1"},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "http://127.0.0.1"},
]
WRITES = [
    ("POST", "/", {"name": "bob", "email": "mallory@example.org"}),
    ("DELETE", "/", {"name": "bob"}),
    ("POST", "/login", credentials("cy")),
    ("POST", "/logout", None),
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
@pytest.mark.parametrize(("method", "path", "body"), WRITES)
def test_a_request_from_another_site_is_refused_even_with_the_cookie(
    bob, method, path, body, headers
):
    before = snapshot()
    answer = bob.request(method, path, json=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")
    assert snapshot() == before
    assert who(bob) == "bob"


@pytest.mark.parametrize("headers", OWN, ids=str)
def test_a_json_caller_needs_no_token(bob, headers):
    body = {"name": "bob", "email": "new@example.org"}
    assert bob.post("/", json=body, headers=headers).status_code == 200


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_reading_is_open_to_links_from_everywhere(bob, headers):
    assert bob.get("/?name=bob", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"],
)
@pytest.mark.parametrize("path", ["/", "/login", "/logout", "/user_info"])
def test_what_a_form_can_send_without_asking_is_no_json(bob, path, kind):
    before = snapshot()
    body = b'{"name": "bob", "email": "mallory@example.org"}'
    answer = bob.post(path, data=body, headers={"Content-Type": kind})
    # Without a content type there is nothing that a page of today could have sent unnoticed: the
    # two checks above name it. A logout and a question take no body at all.
    if kind == "" and path in ("/logout", "/user_info"):
        return
    assert answer.status_code in (400, 415)
    assert snapshot() == before
    assert who(bob) == "bob"


PATHS = [
    "/login",
    "/logout",
    "/account/email",
    "/account/password",
    "/account/tokens",
    "/account/sign-out-everywhere",
    "/account/devices/000000000000000000000000/sign-out",
    "/account/tokens/000000000000000000000000/revoke",
    "/people/000000000000000000000000/disable",
]


@pytest.mark.parametrize("token", [None, "", "wrong", "another session's"])
@pytest.mark.parametrize("path", PATHS)
def test_a_form_without_its_token_is_refused(app, ada, path, token):
    if token == "another session's":
        token = csrf_token(in_process(app).get("/login", headers=PAGE))
    before = snapshot()
    form = {"email": "m@example.org", "label": "x"} | (
        {} if token is None else {"csrf_token": token}
    )
    answer = ada.post(path, data=form, headers=PAGE, allow_redirects=False)
    assert answer.status_code == 400
    assert "Form expired" in answer.text
    assert snapshot() == before


@pytest.mark.parametrize("path", PATHS[2:])
def test_no_form_at_all_is_no_way_around_its_token(ada, path):
    before = snapshot()
    for more in ({}, {"data": b"x"}, {"json": {}}):
        assert ada.post(path, headers=PAGE, allow_redirects=False, **more).status_code == 415
    assert snapshot() == before


def test_a_form_with_its_token_works(bob):
    answer = send_form(bob, "/account/email", {"email": "new@example.org"})
    assert answer.is_redirect
    assert bob.post("/user_info").json()["data"]["email"] == "new@example.org"


def test_a_page_takes_no_json(bob):
    answer = bob.post("/account/email", json={"email": "new@example.org"})
    assert answer.status_code == 415
    assert bob.post("/user_info").json()["data"]["email"] == "bob@example.org"


def test_cookies_are_not_sent_along_from_other_sites(app):
    answer = app.test_client().post("/login", json=credentials("bob") | {"remember": True})
    cookies = answer.headers.getlist("Set-Cookie")
    assert len(cookies) == 3
    for cookie in cookies:
        assert "SameSite=Lax" in cookie
        assert "HttpOnly" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie


def test_on_https_every_cookie_is_secure_and_named_for_this_host(make_app):
    from .conftest import populate

    app = populate(make_app(HTTPS=True))
    answer = app.test_client().post(
        "/login", json=credentials("bob") | {"remember": True}, base_url="https://localhost"
    )
    cookies = answer.headers.getlist("Set-Cookie")
    assert len(cookies) == 3
    for cookie in cookies:
        assert cookie.startswith("__Host-")
        assert "Secure" in cookie
