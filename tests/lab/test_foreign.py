"""The page of another site: it sends what a browser sends, and a real browser says so."""

import sys
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask, request

from flasklogin_tutorial.attacks import web
from flasklogin_tutorial.attacks.families.cross_site import NEXT_FORMS
from flasklogin_tutorial.lab import encode_form, expect, foreign_page, serve
from flasklogin_tutorial.lab.foreign import NotSent

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / "tools"))

from lab_browser import NO_CHROMIUM, chromium, find_chromium

COOKIES = [
    "plain=1; Path=/",
    "lax=1; Path=/; SameSite=Lax",
    "strict=1; Path=/; SameSite=Strict",
    "none=1; Path=/; SameSite=None; Secure",
]
#: Name, content type, and how the browser has to write two fields.
FORMS = {
    "text/plain": '{"a": "=é"}\r\nb=1 & 2\r\n',
    "application/x-www-form-urlencoded": urlencode({'{"a": "': 'é"}', "b": "1 & 2"}),
}


def form_of(address, enctype):
    return f"""<meta charset="utf-8"><form action="{address}" method="post" enctype="{enctype}">
    <input name='{{"a": "' value='é"}}'><input name="b" value="1 &amp; 2"></form>"""


@pytest.fixture
def app():
    app = Flask("app")
    app.seen = []

    @app.get("/start")
    def start():
        return "", 200, [("Set-Cookie", cookie) for cookie in COOKIES]

    @app.get("/away")
    def away():
        return "", 302, {"Location": "/target", "Set-Cookie": "away=1; Path=/"}

    @app.route("/target", methods=["GET", "POST", "PUT", "DELETE"])
    def target():
        app.seen.append(
            {
                "method": request.method,
                "cookies": sorted(request.cookies),
                "body": request.get_data(as_text=True),
                "type": request.mimetype,
                "site": request.headers.get("Sec-Fetch-Site"),
                "origin": request.headers.get("Origin"),
            }
        )
        return "", 200, {"Set-Cookie": "planted=1; Path=/; SameSite=Lax"}

    @app.after_request
    def allow(response):
        if "allowed" in app.config and request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Origin"] = request.headers["Origin"]
            response.headers["Access-Control-Allow-Credentials"] = "true"
            response.headers["Access-Control-Allow-Methods"] = app.config["allowed"]
            response.headers["Access-Control-Allow-Headers"] = "Content-Type"
        return response

    return app


@pytest.fixture
def reader(app):
    with serve(app) as browser:
        browser.get("/start")
        yield browser


@pytest.mark.parametrize(("enctype", "body"), FORMS.items())
def test_a_form_is_sent_without_the_cookies_that_stay_at_home(app, reader, enctype, body):
    with foreign_page(app, reader) as page:
        page.post("/target", **encode_form(form_of("/target", enctype)))
    assert app.seen == [
        {
            "method": "POST",
            "cookies": ["none", "plain"],
            "body": body,
            "type": enctype,
            "site": "cross-site",
            "origin": "https://evil.example",
        }
    ]


def test_a_link_takes_more_cookies_along_and_says_no_origin(app, reader):
    with foreign_page(app, reader) as page:
        page.get("/target")
    assert app.seen[0]["cookies"] == ["lax", "none", "plain"]
    assert (app.seen[0]["site"], app.seen[0]["origin"]) == ("cross-site", None)


def test_a_redirect_is_shown_and_not_followed(app, reader):
    with foreign_page(app, reader) as page:
        assert page.get("/away").status_code == 302
    assert app.seen == []
    assert "away" in reader.cookies.keys()  # noqa: SIM118  `in` a jar asks for cookies


def test_another_port_of_the_same_host_is_the_same_site(app, reader):
    with foreign_page(app, reader, "http://127.0.0.1:9") as page:
        page.post("/target", data="x")
    assert app.seen[0]["cookies"] == ["lax", "none", "plain", "strict"]
    assert (app.seen[0]["site"], app.seen[0]["origin"]) == ("same-site", "http://127.0.0.1:9")


def test_cookies_of_the_answer_are_the_readers(app, reader):
    with foreign_page(app, reader) as page:
        page.post("/target", data="x")
    assert "planted" in reader.cookies.keys()  # noqa: SIM118  `in` a jar asks for cookies


def test_the_cookies_are_those_that_the_reader_has_now(app, reader):
    with foreign_page(app, reader) as page:
        reader.cookies.clear()
        page.post("/target", data="x")
    assert app.seen[0]["cookies"] == []


@pytest.mark.parametrize(
    ("verb", "body"), [("put", {}), ("delete", {}), ("post", {"json": {"a": 1}})]
)
def test_what_no_form_can_send_is_asked_for_and_not_sent(app, reader, verb, body):
    with foreign_page(app, reader) as page, expect(NotSent):
        getattr(page, verb)("/target", **body)
    assert app.seen == []


def test_what_the_app_allows_is_sent(app, reader):
    app.config["allowed"] = "PUT"
    with foreign_page(app, reader) as page:
        page.put("/target", json={"a": 1})
        with expect(NotSent):
            page.delete("/target")
    assert [one["method"] for one in app.seen] == ["PUT"]


def test_a_multipart_form_arrives(app, reader):
    sent = encode_form('<form enctype="multipart/form-data"><input name="x" value="1"></form>')
    with foreign_page(app, reader) as page:
        page.post("/target", **sent)
    assert app.seen[0]["type"] == "multipart/form-data"
    assert 'name="x"' in app.seen[0]["body"]


def test_an_enctype_that_does_not_exist_is_the_usual_one():
    sent = encode_form('<form enctype="application/json"><input name="x" value="1"></form>')
    assert sent == {
        "data": "x=1",
        "headers": {"Content-Type": "application/x-www-form-urlencoded"},
    }


def test_a_page_without_a_form_is_a_clear_error():
    with pytest.raises(LookupError, match="no <form>"):
        encode_form("<p>nothing</p>")


@pytest.mark.slow
@pytest.mark.skipif(find_chromium() is None, reason=NO_CHROMIUM)
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_chromium_sends_the_same(app, reader, host):
    pages = Flask("pages")
    address = f"{reader.base_url}/target"

    @pages.get("/form")
    def form():
        sends = "<script>document.forms[0].submit()</script>"
        return form_of(address, request.args["enctype"]) + sends

    @pages.get("/link")
    def link():
        return f"<a href='{address}'>here</a><script>document.links[0].click()</script>"

    @pages.get("/script")
    def script():
        asks = "{method: 'PUT', credentials: 'include', body: '{}'}"
        return f"<script>fetch('{address}', {asks}).catch(() => document.title = 'no')</script>"

    with serve(pages) as other, chromium() as context:
        origin = other.base_url.replace("127.0.0.1", host)
        window = context.new_page()
        window.goto(f"{reader.base_url}/start")
        for enctype in FORMS:
            window.goto(f"{origin}/form?{urlencode({'enctype': enctype})}")
            window.wait_for_url(address)
        window.goto(f"{origin}/link")
        window.wait_for_url(address)
        window.goto(f"{origin}/script")
        window.wait_for_function("document.title === 'no'")
        planted = {cookie["name"] for cookie in context.cookies(reader.base_url)}
    real, app.seen = app.seen, []
    with foreign_page(app, reader, origin) as page:
        for enctype in FORMS:
            page.post("/target", **encode_form(form_of(address, enctype)))
            reader.cookies.pop("planted")
        page.get("/target")
        with expect(NotSent):
            page.put("/target", data="{}")
    for one in real:
        one["cookies"] = [name for name in one["cookies"] if name != "planted"]
    assert len(real) == len(FORMS) + 1
    assert real == app.seen
    assert planted == {*reader.cookies.keys()}


@pytest.mark.slow
@pytest.mark.skipif(find_chromium() is None, reason=NO_CHROMIUM)
@pytest.mark.parametrize("base", ["http://127.0.0.1", "https://127.0.0.1"])
def test_chromium_reads_every_form_of_next_the_same(base):
    read = "([text, base]) => { const url = new URL(text, base); return url.host || url.protocol; }"
    with chromium() as context:
        window = context.new_page()
        seen = {text: window.evaluate(read, [text, base]) for text in NEXT_FORMS.values()}
    assert seen == {text: web.where_it_leads(text, base) for text in NEXT_FORMS.values()}
