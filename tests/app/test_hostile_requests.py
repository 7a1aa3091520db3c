"""No request reaches an error, whatever stands in its headers and its body, and each is answered.

Requests are made by a grammar for each part of them that something parses: the host, the referer,
cookies, other headers, the query and the body, whole or broken off. They go to the app as a WSGI
server hands them over, so nothing on the way makes them well-formed.
"""

import io
import json
import re
import sys
from collections import Counter
from random import Random
from urllib.parse import quote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from werkzeug.test import Client

from flasklogin_tutorial.app.headers import (
    CONTENT_SECURITY_POLICY,
    HEADERS,
    STRICT_TRANSPORT_SECURITY,
)
from flasklogin_tutorial.visit.soft_key import SoftKey

from .conftest import ALL_THERE_IS, PROPERTY, credentials, populate
from .phones import give_factor

#: How many requests Hypothesis makes, and how many a loop makes of their parts. Each is sent to
#: every one of APPS: more than 20,000 together.
DRAWN, MADE = 400, 6400

#: The settings that decide what is parsed.
APPS = {
    "plain": {},
    "https": {"HTTPS": True},
    "behind a proxy": {"HTTPS": True, "TRUSTED_PROXIES": 1, "TRUSTED_HOSTS": ["localhost"]},
}
NO_LIMITS = dict.fromkeys(
    [
        "SIGN_IN_LIMIT_PER_NAME",
        "SIGN_IN_LIMIT_PER_ADDRESS",
        "MAIL_LIMIT_PER_RECIPIENT",
        "MAIL_LIMIT_PER_ADDRESS",
        "CODE_LIMIT",
    ],
    "1000000 per hour",
)

SHAPE = {"status", "code", "error", "reason", "advice"}

# ---- the grammar; WSGI hands every byte over as the Latin-1 character with its number

BYTES = st.characters(max_codepoint=255, exclude_characters="\r\n\x00")
NOISE = st.text(BYTES, max_size=12)
MARKS = st.text("=;,:/\\\"'[]()<>{}@?&%*.-_|+ \täÿ\x80\x1f0aZ", max_size=8)


def one_of(*words, odd=NOISE | MARKS):
    """Choose one of some words, and sometimes what is none of them."""
    return st.sampled_from(words) | odd


LABEL = one_of(
    "localhost", "app", "example", "evil", "xn--", "xn--zzzz99", "xn--bcher-kva", "a" * 64
)
HOST = st.one_of(
    st.lists(LABEL, max_size=4).map(".".join),
    one_of("127.0.0.1", "1.2.3.4.5", "0x7f.1", "256.1.1.1", "1" * 300),
    one_of(
        "[::1]",
        "[::1",
        "::1]",
        "[",
        "]",
        "[]",
        "[zz]",
        "[::1%25eth0]",
        "[v1.a]",
        "[::ffff:1.2.3.4]",
    ),
)
PORT = one_of("", ":80", ":443", ":", ":0", ":65536", ":99999", ":-1", ":x", ":8O", ":80:80", ":٣")
PLACE = st.builds("".join, st.tuples(one_of("", "", "a@", "a:b@", "@"), HOST, PORT))
PORT = PORT.map(lambda port: port.encode().decode("latin-1"))
HOSTS = st.sampled_from(["localhost"] * 3) | st.builds("{}{}".format, HOST, PORT) | PLACE
ADDRESS = st.builds(
    "".join,
    st.tuples(
        one_of("https://", "http://", "", "//", "javascript:", "https:", "file://", "HTTPS://"),
        HOSTS,
        one_of("", "/", "/login", "/?a=b#c", "\\", "/%zz"),
    ),
)

PARAMETER = st.builds(
    "".join,
    st.tuples(
        one_of(";", "; ", ";;"),
        one_of("q", "charset", "boundary", "name", "q*", "a*0"),
        one_of("=", "", "=="),
        one_of("0.5", "1", "nan", "1e999", "-1", '"', '"b', "utf-7", "zz''%ff", "b"),
    ),
)
MEDIA = st.builds(
    "{}{}".format,
    one_of("text/html", "*/*", "application/json", "text/*", "/", "a", "multipart/form-data"),
    st.lists(PARAMETER, max_size=2).map("".join),
)
LIST = st.lists(MEDIA, max_size=3).map(", ".join)
RANGE = st.builds(
    "{}{}".format,
    one_of("bytes=", "bytes", "items="),
    one_of("0-", "-1", "0-0,2-3", "9-1", "99999999999999999999-", "a-b", "0--1", ","),
)
DATE = one_of(
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "Thu, 99 Foo 0000",
    "Mon, 01 Jan 0001 00:00:00 +9999",
    "Fri, 31 Dec 9999 23:59:59 -9999",
    "Thu, 01 Jan 99999 00:00:00 GMT",
)
TAG = one_of('"a"', 'W/"a"', 'W/"', '"', "*", "a, b", '"a", W/"b')
CREDENTIALS = st.builds(
    "{}{}{}".format,
    one_of("Bearer", "bearer", "Basic", "Digest", "Negotiate"),
    one_of(" ", "", "  ", "\t"),
    one_of("abc", "YTpi", "////", 'a="', "a=b, c", "flasklogin_x"),
)
FORWARDED = st.lists(
    one_of("203.0.113.1", "203.0.113.1:80", "[::1]:80", "unix:", "unknown"), max_size=3
).map(",".join)
HEADER = st.one_of(
    st.tuples(
        st.sampled_from(["ACCEPT", "ACCEPT_LANGUAGE", "ACCEPT_ENCODING", "ACCEPT_CHARSET"]), LIST
    ),
    st.tuples(st.just("RANGE"), RANGE),
    st.tuples(
        st.sampled_from(["IF_MODIFIED_SINCE", "IF_RANGE", "IF_UNMODIFIED_SINCE", "DATE"]),
        DATE | TAG,
    ),
    st.tuples(st.sampled_from(["IF_NONE_MATCH", "IF_MATCH"]), TAG),
    st.tuples(st.just("AUTHORIZATION"), CREDENTIALS),
    st.tuples(st.sampled_from(["X_FORWARDED_FOR", "X_FORWARDED_PORT", "FORWARDED"]), FORWARDED),
    st.tuples(st.just("X_FORWARDED_HOST"), st.lists(HOSTS, max_size=2).map(", ".join)),
    st.tuples(st.just("X_FORWARDED_PROTO"), one_of("https", "http", "https,http", "ftp", "")),
    st.tuples(st.just("X_FORWARDED_PREFIX"), one_of("/a", "a", "/", "//", "/ä")),
    st.tuples(st.sampled_from(["ORIGIN", "REFERER"]), ADDRESS | st.just("null")),
    st.tuples(st.just("SEC_FETCH_SITE"), one_of("same-origin", "none", "cross-site")),
    st.tuples(
        st.sampled_from(
            [
                "USER_AGENT",
                "X_CSRFTOKEN",
                "EXPECT",
                "TE",
                "CONTENT_ENCODING",
                "X_HTTP_METHOD_OVERRIDE",
            ]
        ),
        NOISE,
    ),
)
SIGNED = one_of(".eJw.a.b", "e30.a.b", "a.b", ".", "|", "1|a", "ÿ|ÿ", '"\\400"', '"\\', "=" * 50)
COOKIE = st.builds(
    "".join,
    st.tuples(
        one_of("session", "remember", "device", "__Host-session", "__Host-device", ""),
        one_of("=", "", "=="),
        SIGNED,
    ),
)
COOKIES = st.lists(COOKIE, max_size=3).map("; ".join)

FIELD = st.builds(
    "".join,
    st.tuples(
        one_of("username", "password", "email", "next", "again", "csrf_token", "label", "token"),
        one_of("=", "", "=="),
        one_of("ada", "%", "%ff", "%zz", "%00", "+", "a%20"),
    ),
)
QUERY = st.lists(FIELD, max_size=3).map("&".join) | NOISE
DISPOSITION = st.builds(
    "".join,
    st.tuples(
        one_of("Content-Disposition: ", "Content-Disposition:", "content-disposition", ": ", ""),
        one_of("form-data", "attachment", ""),
        one_of(
            "; name=username",
            '; name="csrf_token"',
            "",
            "; name",
            '; name="',
            "; name=",
            "; name*=utf-8''%ff",
            "; name*=zz''a",
            "; name*0=a; name*2=b",
            "; filename=x",
            '; filename="\\',
        ),
    ),
)
PART_TYPE = one_of(
    "",
    "\r\nContent-Type: text/plain; charset=utf-16",
    "\r\nContent-Type: ;",
    "\r\nContent-Length: zz",
    "\r\nContent-Transfer-Encoding: base64",
)
PART = st.builds(
    "".join,
    st.tuples(
        one_of("--b\r\n", "\r\n--b\r\n", "--b\n", "--b--", "--b"),
        DISPOSITION,
        PART_TYPE,
        one_of("\r\n\r\n", "\r\n", "\n\n", ""),
        one_of("ada", "ÿ", "--b", ""),
        one_of("\r\n", ""),
    ),
)
MULTIPART = st.builds(
    "{}{}".format, st.lists(PART, max_size=3).map("".join), one_of("--b--\r\n", "--b--", "--b", "")
)
VALUE = one_of('"ada"', "null", "1e999", "NaN", '"\\ud800"', "[]", "{}", "-0", "1" * 20, '"ÿ"')
JSON_BODY = st.one_of(
    st.lists(
        st.builds(
            "{}:{}".format,
            one_of('"username"', '"name"', '"email"', '"token"', '"\\ud800"', "a"),
            VALUE,
        ),
        max_size=3,
    ).map(lambda all: "{" + ",".join(all) + "}"),
    VALUE,
    st.sampled_from(["[" * 5000, '{"a":' * 3000, "", "\xef\xbb\xbf{}", "{\x00}"]),
)
URLENCODED = "application/x-www-form-urlencoded"
TYPED = st.one_of(
    st.tuples(st.just(URLENCODED), QUERY),
    st.tuples(
        st.builds(
            "multipart/form-data{}{}".format,
            one_of(
                "; boundary=b",
                '; boundary="b"',
                "; boundary=",
                "",
                "; boundary=ä",
                "; boundary*=utf-7''b",
                '; boundary="b',
                "; boundary=" + "b" * 300,
                "; boundary=b b",
            ),
            st.lists(PARAMETER, max_size=1).map("".join),
        ),
        MULTIPART,
    ),
    st.tuples(st.just("application/json"), JSON_BODY),
    st.tuples(MEDIA | NOISE, MULTIPART | JSON_BODY | NOISE),
)
#: The length that is claimed, where it is not the true one.
LENGTH = one_of("", "-1", "0", "1.5", "+2", "9" * 30, "70000", "zz", odd=MARKS)
#: After how many bytes the client, or the server's parser of chunks, gives up.
BREAKS = st.integers(0, 40)

PATHS = ["/", "/login", "/logout", "/user_info", "/healthz", "/openapi.json", "/account", "/people"]
PATHS += ["/account/email", "/account/password", "/account/sign-out-everywhere", "/account/tokens"]
PATHS += ["/forgot", "/reset", "/confirm", "/register", "/welcome"] * 2
PATHS += ["/login/code", "/account/second-factor", "/account/second-factor/begin"]
PATHS += ["/account/second-factor/recovery-codes", "/account/second-factor/remove"]
PATHS += ["/login/passkey", "/account/passkeys", "/account/passkeys/new"]
PATHS += [f"/account/passkeys/{one}/remove" for one in ("x", "0" * 24)]
PATHS += [f"/people/{one}/delete" for one in ("x", "0" * 24, "ÿ")] + ["/people/x/promote"]
PATHS += ["/static/style.css", "/static/", "/static/..", "/static/%2e%2e/app.py", "/nowhere", ""]
PATH = st.sampled_from(PATHS * 2) | st.builds("/{}".format, NOISE | MARKS)
#: These would end the login that later requests come with.
ENDS_LOGIN = {"/logout", "/account/sign-out-everywhere"}
METHOD = st.sampled_from(["GET"] * 4 + ["POST"] * 6 + ["PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"])
METHOD |= one_of("get", "TRACE", "CONNECT", odd=st.text("AZaz!~", max_size=5))


class Broken(io.BytesIO):
    """A body that breaks off with an error that no library has promised."""

    def __init__(self, body, after):
        super().__init__(body)
        self.left = after

    def read(self, size=-1):
        """Give what is left before the break, and fail at it."""
        read = super().read(min(self.left, size) if size >= 0 else self.left)
        self.left -= len(read)
        if not read:
            raise RuntimeError("the chunk has no size")
        return read

    readline = read


class Visitors:
    """The apps, and the cookies and form tokens of who visits them."""

    def __init__(self, make_app):
        self.apps, self.known = {}, {}
        for name, more in APPS.items():
            app = self.apps[name] = make_app(**NO_LIMITS, **ALL_THERE_IS, **more)
        populate(app)
        give_factor(app, "cy")
        for name, app in self.apps.items():
            for who in ("visitor", "bob", "half of cy"):
                client = Client(app)
                base = "https://localhost" if app.config["HTTPS"] else "http://localhost"
                forwarded = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}
                more = {"base_url": base, "headers": forwarded}
                if who == "bob":
                    assert client.post("/login", json=credentials("bob"), **more).status_code == 200
                if who == "half of cy":
                    assert client.post("/login", json=credentials("cy"), **more).status_code == 202
                page = client.get("/login", **more).text
                token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
                prefix = "__Host-" if app.config["HTTPS"] else ""
                session = client.get_cookie(f"{prefix}session").value
                self.known[name, who] = f"{prefix}session={session}", token

    def send(self, name, asked):
        """Send a request to one of the apps; return status, headers and body."""
        app, environ = self.apps[name], environment(asked)
        environ["wsgi.url_scheme"] = "https" if app.config["HTTPS"] else "http"
        who = asked["who"]
        if who != "visitor" and asked["path"] in ENDS_LOGIN:
            who = "visitor"
        if who is not None:
            cookie, token = self.known[name, who]
            environ["HTTP_COOKIE"] = f"{cookie}; {environ.get('HTTP_COOKIE', '')}"
            environ.setdefault("HTTP_X_CSRFTOKEN", token)
        started = []
        answer = app(environ, lambda status, headers, _=None: started.append((status, headers)))
        body = b"".join(answer)
        getattr(answer, "close", lambda: None)()
        [(status, headers)] = started
        return int(status.split()[0]), dict(headers), body


def environment(asked):
    """Return a request as a WSGI server hands it over."""
    kind, text = asked["typed"]
    body = text.encode("latin-1")
    breaks = asked["breaks"]
    environ = {
        "REQUEST_METHOD": asked["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": asked["path"],
        "QUERY_STRING": asked["query"],
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(len(body)),
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.input": io.BytesIO(body) if breaks is None else Broken(body, breaks),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if asked["length"] is not None:
        environ["CONTENT_LENGTH"] = asked["length"]
    if asked["chunked"]:
        del environ["CONTENT_LENGTH"]
        environ |= {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
    if asked["host"] is not None:
        environ["HTTP_HOST"] = asked["host"]
    if asked["cookies"]:
        environ["HTTP_COOKIE"] = asked["cookies"]
    return environ | {f"HTTP_{name}": value for name, value in asked["headers"]}


PLAIN = {
    "method": "GET",
    "path": "/login",
    "query": "",
    "host": "localhost",
    "headers": [],
    "cookies": "",
    "typed": ("", ""),
    "length": None,
    "chunked": False,
    "breaks": None,
    "who": None,
}
PAGE = ("ACCEPT", "text/html")
FORM = PLAIN | {"method": "POST", "typed": (URLENCODED, ""), "who": "visitor"}
JSON = "application/json"
EMAIL = '--b\r\nContent-Disposition: form-data; name="email"\r\n\r\nbob@example.net\r\n--b--\r\n'

#: Answers of a passkey, to a question that nobody asked.
_SITE = {"id": "app.example"}
_KEY = SoftKey(seed=1)
_NEW = {"rp": _SITE, "user": {"id": "AA"}, "challenge": "AAAA"}
NEW_KEY = json.dumps(_KEY.register(_NEW, "https://app.example"))
SIGNED = json.dumps(_KEY.sign({"rpId": _SITE["id"], "challenge": "AAAA"}, "https://app.example"))

#: Requests with nothing wrong about them.
ORDINARY = [
    PLAIN | {"headers": [PAGE]},
    PLAIN | {"path": "/account", "headers": [PAGE]},
    PLAIN | {"path": "/account", "headers": [PAGE], "who": "bob"},
    PLAIN | {"path": "/", "query": "name=bob", "who": "bob"},
    PLAIN | {"path": "/static/style.css"},
    PLAIN | {"path": "/people", "who": "bob"},
    PLAIN | {"path": "/nowhere", "headers": [PAGE]},
    FORM | {"path": "/user_info", "typed": ("", ""), "who": "bob"},
    FORM | {"path": "/login", "typed": (JSON, '{"username": "bob", "password": "wrong"}')},
    FORM | {"path": "/login/code", "typed": (JSON, '{"code": "000000"}'), "who": "half of cy"},
    FORM | {"path": "/login/code", "typed": (URLENCODED, "code=abc"), "who": "half of cy"},
    FORM | {"path": "/account/second-factor", "typed": (URLENCODED, ""), "who": "bob"},
    FORM
    | {
        "path": "/account/second-factor/begin",
        "typed": (URLENCODED, "code=000000"),
        "who": "bob",
    },
    PLAIN | {"path": "/login/passkey", "headers": [PAGE]},
    PLAIN | {"path": "/account/passkeys/new", "headers": [PAGE], "who": "bob"},
    FORM | {"path": "/login/passkey", "typed": (URLENCODED, f"answer={quote(SIGNED)}")},
    FORM
    | {
        "path": "/account/passkeys/new",
        "typed": (URLENCODED, f"label=x&answer={quote(NEW_KEY)}"),
        "who": "bob",
    },
    FORM | {"path": "/login", "typed": (URLENCODED, "username=bob&password=wrong")},
    FORM
    | {"path": "/", "typed": (JSON, '{"name": "bob", "email": "bob@example.net"}'), "who": "bob"},
    FORM | {"path": "/account/email", "typed": (URLENCODED, "email=bob@example.net"), "who": "bob"},
    FORM | {"path": "/forgot", "typed": (URLENCODED, "email=bob@example.net")},
    FORM | {"path": "/forgot", "typed": (JSON, '{"email": "bob@example.net"}')},
    PLAIN | {"path": "/reset", "query": "token=x", "headers": [PAGE]},
    FORM | {"path": "/reset", "typed": (URLENCODED, "token=x&new_password=y&again=y")},
    FORM | {"path": "/reset", "typed": (JSON, '{"token": "x", "password": "y"}')},
    FORM | {"path": "/register", "typed": (URLENCODED, "name=dora&email=dora@example.net")},
    FORM | {"path": "/welcome", "typed": (JSON, '{"token": "x", "password": "y"}')},
    FORM | {"path": "/confirm", "typed": (URLENCODED, "token=x"), "who": "bob"},
    FORM
    | {"path": "/account/email", "typed": ("multipart/form-data; boundary=b", EMAIL), "who": "bob"},
]

#: What can be odd about one.
PARTS = {
    "method": METHOD,
    "path": PATH,
    "query": QUERY,
    "host": st.none() | HOSTS,
    "headers": st.lists(HEADER, min_size=1, max_size=3),
    "cookies": COOKIES,
    "typed": TYPED,
    "length": LENGTH,
    "breaks": BREAKS,
    "chunked": st.just(True),
    "who": st.sampled_from([None, "visitor", "bob", "half of cy"]),
}


@st.composite
def requests(draw):
    """Make an ordinary request odd in up to three of its parts."""
    odd = draw(st.sets(st.sampled_from(sorted(PARTS)), min_size=1, max_size=3))
    return draw(st.sampled_from(ORDINARY)) | {part: draw(PARTS[part]) for part in sorted(odd)}


#: What a header says on the pages that need it.
ELSE_WHERE_MEANT = {
    "Referrer-Policy": {"no-referrer"},
    "Content-Security-Policy": {f"{CONTENT_SECURITY_POLICY}; script-src 'self'"},
}

NAMELESS = "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n"


def check(asked, status, headers, body, https):
    """Compare an answer with what holds for every one."""
    assert status < 500, (status, body)
    for name, value in HEADERS.items():
        right = {value, *ELSE_WHERE_MEANT.get(name, ())}
        assert headers.get(name) in right, (name, status, body)
    if https:
        assert headers["Strict-Transport-Security"] == STRICT_TRANSPORT_SECURITY["host"]
    if status < 400 or asked["method"] == "HEAD":
        return
    kind = headers["Content-Type"]
    if kind == "application/json":
        said = json.loads(body)
        assert said.keys() >= SHAPE
        assert said["status"] == status
    else:
        assert kind == "text/html; charset=utf-8"
        assert b"<h1>" in body


@pytest.fixture
def visitors(make_app):
    return Visitors(make_app)


@pytest.mark.slow
def test_thousands_of_hostile_requests_make_no_error_and_all_are_answered(visitors):
    answered, drawn = Counter(), {part: [] for part in PARTS}

    def send(asked):
        for name, app in visitors.apps.items():
            status, headers, body = visitors.send(name, asked)
            check(asked, status, headers, body, app.config["HTTPS"])
            answered[status] += 1

    @settings(PROPERTY, max_examples=DRAWN)
    @given(asked=requests())
    @example(asked=PLAIN | {"host": ".", "headers": [PAGE]})
    @example(asked=PLAIN | {"host": "xn--zzzz99", "path": "/account", "headers": [PAGE]})
    @example(asked=PLAIN | {"headers": [PAGE, ("X_FORWARDED_HOST", "a..b")]})
    @example(asked=FORM | {"headers": [("REFERER", "https://[")]})
    @example(asked=FORM | {"headers": [("REFERER", "https://localhost:99999/")]})
    @example(asked=FORM | {"typed": ("multipart/form-data; boundary=b", NAMELESS)})
    @example(asked=FORM | {"typed": (JSON, "{}"), "chunked": True, "breaks": 1})
    @example(asked=FORM | {"typed": (URLENCODED, "username=a"), "breaks": 3})
    def hammer(asked):
        for part, value in asked.items():
            drawn[part].append(value)
        send(asked)

    hammer()
    random = Random("hostile requests")
    for _ in range(MADE):
        odd = random.sample(sorted(PARTS), random.randint(1, 3))
        send(random.choice(ORDINARY) | {part: random.choice(drawn[part]) for part in odd})
    assert answered.total() >= 20_000
    # Not all of them are turned away at the door: the views and their forms are reached too.
    assert {200, 302, 400, 401, 403, 404, 405, 415, 422} <= set(answered), answered


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "app.example.org:8000",
        "[::1]:80",
        "xn--bcher-kva.example",
        "my_service",
        "a.",
        "",
    ],
)
def test_a_host_that_is_one_is_answered(visitors, host):
    status, _, _ = visitors.send("plain", PLAIN | {"host": host})
    assert status == 200


@pytest.mark.parametrize(
    "host",
    [
        ".",
        "a..b",
        "[",
        "[zz]",
        "a" * 64,
        "xn--zzzz99",
        "a b",
        "a@b",
        "localhost:x",
        "localhost:65536",
        "a/b",
    ],
)
def test_a_host_that_is_none_is_an_unknown_host(visitors, host):
    for name in ("plain", "https"):
        status, _, body = visitors.send(name, PLAIN | {"host": host, "headers": [PAGE]})
        assert status == 400
        assert json.loads(body)["code"] == "unknown_host"
