"""Settings: where they come from, and which ones an app refuses to start with."""

import logging
import math
import subprocess
import sys
import traceback

import mongoengine
import pytest
from werkzeug.security import generate_password_hash
from werkzeug.test import Client

from flasklogin_tutorial import create_app
from flasklogin_tutorial.app import unsafe
from flasklogin_tutorial.app.config import BadConfig
from flasklogin_tutorial.app.models import Login, User

from .access import DORA
from .conftest import PAGE, SECRET, credentials, log_in, populate, send_form

SERVER = "mongodb://127.0.0.1:1/app"
LONG = "0123456789abcdef" * 4

#: Settings that are a span of time.
SPANS = [
    "LOGIN_HOURS",
    "REMEMBER_DAYS",
    "IDLE_MINUTES",
    "FRESH_MINUTES",
    "LAST_SEEN_MINUTES",
    "API_TOKEN_DAYS",
    "FIRST_PASSWORD_HOURS",
]

COOKIES = ["SESSION_COOKIE_NAME", "REMEMBER_COOKIE_NAME", "DEVICE_COOKIE_NAME"]


def test_without_any_setting_it_is_a_development_app(caplog):
    app = create_app()
    assert app.config["ENVIRONMENT"] == "development"
    assert "mongo_client_class" in app.config["MONGODB_SETTINGS"]
    assert app.config["SESSION_COOKIE_NAME"] == "session"
    assert not app.config["SESSION_COOKIE_SECURE"]
    assert app.test_client().get("/login").status_code == 200


def test_without_a_secret_a_random_one_is_used_and_said_so(caplog):
    first, second = create_app(), create_app()
    assert len(first.config["SECRET_KEY"]) >= 32
    assert first.config["SECRET_KEY"] != second.config["SECRET_KEY"]
    warnings = [one for one in caplog.records if one.levelno == logging.WARNING]
    assert any("SECRET_KEY" in one.getMessage() for one in warnings)
    assert first.config["SECRET_KEY"] not in caplog.text


def test_the_argument_wins_over_the_environment_and_the_environment_over_the_default(monkeypatch):
    monkeypatch.setenv("FLASKLOGIN_LOGIN_HOURS", "2")
    monkeypatch.setenv("FLASKLOGIN_REMEMBER_DAYS", "3")
    config = create_app({"TESTING": True, "REMEMBER_DAYS": 4}).config
    assert (config["LOGIN_HOURS"], config["REMEMBER_DAYS"], config["FRESH_MINUTES"]) == (2, 4, 15)
    assert config["REMEMBER_COOKIE_DURATION"].days == 4


def test_what_is_given_wins_over_what_is_derived():
    given = {"TESTING": True, "SESSION_COOKIE_NAME": "mine", "PASSWORD_METHOD": "scrypt:2048:8:1"}
    config = create_app(given).config
    assert config["SESSION_COOKIE_NAME"] == "mine"
    assert config["PASSWORD_METHOD"] == "scrypt:2048:8:1"


def test_a_secret_that_looks_like_a_number_stays_a_text(monkeypatch):
    monkeypatch.setenv("FLASKLOGIN_SECRET_KEY", "12345678901234567890123456789012")
    assert create_app().config["SECRET_KEY"] == "12345678901234567890123456789012"


@pytest.mark.parametrize(
    "settings",
    [{"MONGODB_URI": SERVER}, {"ENVIRONMENT": "production"}],
    ids=["a server is named", "production is named"],
)
def test_production_without_a_secret_does_not_start(settings):
    with pytest.raises(BadConfig, match="no SECRET_KEY"):
        create_app(settings)


def test_production_with_a_short_secret_does_not_start():
    with pytest.raises(BadConfig, match="guessed"):
        create_app({"MONGODB_URI": SERVER, "SECRET_KEY": "some key"})


def test_production_in_debug_mode_does_not_start(monkeypatch):
    monkeypatch.setenv("FLASK_DEBUG", "1")
    with pytest.raises(BadConfig, match="Debug"):
        create_app({"MONGODB_URI": SERVER, "SECRET_KEY": LONG})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SERVICE_NAME", 5),
        ("ENVIRONMENT", "staging"),
        ("MONGODB_URI", "mongodb://127.0.0.1"),
        ("MONGODB_URI", "nonsense/app"),
        ("MONGODB_URI", 5),
        ("TRUSTED_PROXIES", -1),
        ("TRUSTED_PROXIES", "one"),
        ("TRUSTED_PROXIES", True),
        ("LOGIN_HOURS", 0),
        ("REMEMBER_DAYS", "many"),
        ("IDLE_MINUTES", "half an hour"),
        ("HTTPS", "False"),
        ("SECRET_KEY", 5),
        ("SECRET_KEY_FALLBACKS", "old"),
        ("PASSWORD_WORDS", "planetarium"),
        ("PASSWORD_WORDS", ["planetarium", 7]),
        ("SIGN_IN_LIMIT_PER_NAME", "a few"),
        ("SIGN_IN_LIMIT_PER_ADDRESS", 5),
        ("RATELIMIT_STORAGE_URI", "nowhere://"),
        ("RATELIMIT_STORAGE_URI", 5),
        ("NEW_PASSWORD_LIMIT", "some"),
        ("PASSWORD_METHOD", "none"),
        ("PASSWORD_METHOD", "scrypt"),
        ("PASSWORD_METHOD", "scrypt:1000:8:1"),
        ("PASSWORD_METHOD", "scrypt:1073741824:8:1"),
        ("PASSWORD_METHOD", "scrypt:32768:8:0"),
        ("PASSWORD_METHOD", "pbkdf2:sha256"),
        ("PASSWORD_METHOD", "pbkdf2:nonsense:1000"),
        ("PASSWORD_METHOD", 5),
        ("FORMER_PASSWORD_METHODS", "scrypt:32768:8:1"),
        ("FORMER_PASSWORD_METHODS", ["scrypt"]),
        ("HSTS_COVERS", "everything"),
        ("HSTS_COVERS", True),
        ("HSTS_COVERS", ["host"]),
        # What no moment in time, no cookie and no host can be made of:
        *((name, value) for name in SPANS for value in (math.inf, math.nan, 1e9)),
        ("MAX_CONTENT_LENGTH", math.inf),
        ("MAX_CONTENT_LENGTH", 65536.5),
        *(
            (name, value)
            for name in COOKIES
            for value in ("", "two words", "a;b", "\u00fc", 5, None)
        ),
        ("SESSION_COOKIE_SAMESITE", "lax or strict"),
        ("REMEMBER_COOKIE_SAMESITE", 5),
        ("TRUSTED_HOSTS", 5),
        ("TRUSTED_HOSTS", ""),
        ("TRUSTED_HOSTS", ["example.org", 5]),
        ("TRUSTED_HOSTS", ["example.org", ""]),
    ],
)
def test_a_setting_without_meaning_is_refused_by_name(name, value):
    with pytest.raises(BadConfig) as caught:
        create_app({"SECRET_KEY": LONG, name: value})
    said = str(caught.value)
    assert name in said or "MongoDB's address" in said


@pytest.mark.parametrize("one", COOKIES)
@pytest.mark.parametrize("other", COOKIES)
def test_two_cookies_of_one_name_are_refused(one, other):
    """Each would be overwritten by the other, and nobody would stay logged in."""
    if one != other:
        with pytest.raises(BadConfig, match=one):
            create_app({"SECRET_KEY": LONG, one: "mine", other: "mine"})


@pytest.mark.parametrize("name", SPANS)
def test_the_longest_span_that_is_taken_breaks_nothing(make_app, name):
    longest = 1_000_000
    app = populate(make_app(**{"IDLE_MINUTES": longest, name: longest - 1}))
    bob = log_in(app, "bob", remember=True)
    assert send_form(bob, "/account/tokens", {"label": "x"}).status_code == 201
    assert send_form(log_in(app, "ada"), "/people", DORA, page="/people").status_code == 201
    assert log_in(app, "bob").get("/account", headers=PAGE).status_code == 200


@pytest.mark.parametrize("hosts", ["example.org", ["example.org", ".example.net"], None])
def test_hosts_are_one_or_a_list(hosts):
    assert create_app({"SECRET_KEY": LONG, "TRUSTED_HOSTS": hosts})


@pytest.mark.parametrize(
    "method",
    [f"scrypt:{n}:{r}:{p}" for n in (0, 1, 2, 3, 64, 128, 256) for r in (0, 1) for p in (0, 1, 9)]
    + [f"pbkdf2:{name}:{n}" for name in ("sha1", "sha512", "md5", "sha", "") for n in (0, 1)],
)
def test_a_method_is_taken_if_passwords_can_be_hashed_with_it(method):
    try:
        works = generate_password_hash("four words are enough", method).startswith(f"{method}$")
    except (ValueError, OverflowError):
        works = False
    assert unsafe.is_password_method(method) is works


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "a" * 40),
        ("SECRET_KEY", "ab" * 20),
        ("SECRET_KEY_FALLBACKS", ["a" * 40]),
        ("SECRET_KEY_FALLBACKS", [LONG, "short"]),
        ("WTF_CSRF_SECRET_KEY", "short"),
        ("WTF_CSRF_ENABLED", False),
        ("WTF_CSRF_METHODS", []),
        ("WTF_CSRF_METHODS", ["PUT"]),
        ("LOGIN_DISABLED", True),
        ("RATELIMIT_ENABLED", False),
        ("PROPAGATE_EXCEPTIONS", True),
        ("TRAP_HTTP_EXCEPTIONS", True),
        ("TRAP_BAD_REQUEST_ERRORS", True),
    ],
)
def test_production_does_not_start_with_what_is_never_right(name, value):
    live = {"MONGODB_URI": SERVER, "SECRET_KEY": LONG}
    assert create_app(live)
    with pytest.raises(BadConfig, match=name):
        create_app(live | {name: value})


SERVER_ONLY = "mongodb://127.0.0.1:1"


@pytest.mark.parametrize(
    "name",
    ["a.b", "a%2Eb", "app.", "a%20b", "a$b", "a%22b", "a%5Cb", "a%2Fb", "a/b", "a%00b", "x" * 64],
)
@pytest.mark.parametrize("setting", ["MONGODB_URI", "RATELIMIT_STORAGE_URI"])
def test_a_database_whose_name_mongodb_would_shorten_or_refuse_is_refused(setting, name):
    settings = {"MONGODB_URI": SERVER, "SECRET_KEY": LONG}
    with pytest.raises(BadConfig) as caught:
        create_app(settings | {setting: f"{SERVER_ONLY}/{name}?w=1"})
    said = str(caught.value)
    assert setting in said
    assert "name of the database" in said
    assert name not in said  # a password with a slash in it would be there too


@pytest.mark.parametrize("name", ["a.b", "a b", "x" * 64])
@pytest.mark.parametrize(
    "settings", [{"db": "{}"}, {"name": "{}"}, {"host": "mongodb://127.0.0.1:1/{}"}], ids=str
)
def test_so_it_is_in_the_settings_of_flask_mongoengine(settings, name):
    given = {key: text.format(name) for key, text in settings.items()}
    with pytest.raises(BadConfig, match="name of the database"):
        create_app({"SECRET_KEY": LONG, "MONGODB_SETTINGS": given | {"connect": False}})


@pytest.mark.parametrize("name", ["a-b", "a_b", "A1", "x" * 63, "a%2Db"])
def test_other_names_of_databases_are_taken_whole(name):
    settings = {"SECRET_KEY": LONG, "RATELIMIT_STORAGE_URI": f"{SERVER_ONLY}/{name}"}
    app = create_app(settings | {"MONGODB_URI": f"{SERVER_ONLY}/{name}"})
    with app.app_context():
        assert User._get_db().name == name.replace("%2D", "-")


SECRET_PART = "s3cr3t"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY_FALLBACKS", SECRET_PART),
        ("SECRET_KEY_FALLBACKS", [SECRET_PART]),
        ("SECRET_KEY_FALLBACKS", {"key": SECRET_PART}),
        ("SECRET_KEY", [SECRET_PART]),
        ("SECRET_KEY", SECRET_PART),
        ("SECRET_KEY", b"s3cr3t"),
        ("WTF_CSRF_SECRET_KEY", SECRET_PART),
        ("MONGODB_URI", [SECRET_PART]),
        ("MONGODB_URI", f"mongodb://app:{SECRET_PART}@127.0.0.1"),
        ("MONGODB_URI", f"mongodb://app:{SECRET_PART}/x@127.0.0.1:1/app"),
        ("MONGODB_URI", f"mongodb://app:{SECRET_PART}:y@127.0.0.1:1/app"),
        ("MONGODB_URI", f"mongodb://app:{SECRET_PART}\u2100@127.0.0.1:1/app"),
        ("MONGODB_URI", f"mongodb://app:{SECRET_PART}]@127.0.0.1:1/app"),
        ("MONGODB_URI", f"mongo://app:{SECRET_PART}@127.0.0.1:1/app"),
        ("MONGODB_URI", f"mongodb://app:{SECRET_PART}@127.0.0.1:1/a.b"),
        ("MONGODB_URI", f"mongodb://app:x@127.0.0.1:1/app?{SECRET_PART}"),
        ("MONGODB_URI", f"mongodb://app:x@127.0.0.1:1/app?w={SECRET_PART}&j=maybe"),
        ("RATELIMIT_STORAGE_URI", [SECRET_PART]),
        ("RATELIMIT_STORAGE_URI", f"nowhere://app:{SECRET_PART}@127.0.0.1"),
        ("RATELIMIT_STORAGE_URI", f"mongodb://app:{SECRET_PART}]@127.0.0.1"),
        ("RATELIMIT_STORAGE_URI", f"mongodb://app:{SECRET_PART}\u2100@127.0.0.1"),
        ("RATELIMIT_STORAGE_URI", f"redis://app:{SECRET_PART}@127.0.0.1:x"),
    ],
)
def test_no_message_shows_a_secret(name, value, caplog, recwarn):
    live = {"MONGODB_URI": SERVER, "SECRET_KEY": LONG, "ENVIRONMENT": "production"}
    try:
        create_app(live | {name: value})
    except BadConfig as refused:
        said = "".join(traceback.format_exception(refused))
        assert name in said.splitlines()[-1] or "MongoDB's address" in said
    else:
        said = ""
    said += caplog.text + str([warning.message for warning in recwarn])
    assert SECRET_PART not in said


def test_production_that_counts_in_memory_says_so(caplog):
    live = {"MONGODB_URI": SERVER, "SECRET_KEY": LONG}
    create_app(live)
    assert "RATELIMIT_STORAGE_URI is memory" in caplog.text
    caplog.clear()
    create_app(live | {"RATELIMIT_STORAGE_URI": "mongodb://127.0.0.1:1/app"})
    assert "RATELIMIT_STORAGE_URI" not in caplog.text


@pytest.mark.parametrize(
    ("query", "document"),
    [
        ("", {"w": "majority", "j": True}),
        ("?appname=x", {"w": "majority", "j": True}),
        ("?w=2", {"w": 2}),
        ("?w=2&journal=true", {"w": 2, "j": True}),
        ("?W=2", {"w": 2}),
        ("?journal=false", {"w": "majority", "j": False}),
    ],
)
def test_a_write_is_answered_when_most_members_have_it_in_their_journal(query, document):
    app = create_app({"MONGODB_URI": SERVER + query, "SECRET_KEY": LONG})
    with app.app_context():
        assert User._get_db().write_concern.document == document


def test_a_request_waits_for_the_database_no_longer_than_said():
    for query, seconds in [("", 3), ("?timeoutMS=9000", 9)]:
        app = create_app({"MONGODB_URI": SERVER + query, "SECRET_KEY": LONG})
        with app.app_context():
            assert User._get_db().client.options.timeout == seconds
        mongoengine.disconnect_all()
        User._collection = None


@pytest.mark.parametrize(("seen", "idle"), [(5, 5), (30, 10), (5, 0.5)])
def test_logins_that_would_end_in_the_middle_of_their_use_are_refused(seen, idle):
    with pytest.raises(BadConfig, match=r"(?s)LAST_SEEN_MINUTES.*IDLE_MINUTES"):
        create_app({"TESTING": True, "LAST_SEEN_MINUTES": seen, "IDLE_MINUTES": idle})
    assert create_app({"TESTING": True, "LAST_SEEN_MINUTES": idle / 2, "IDLE_MINUTES": idle})


def test_in_production_cookies_are_for_https_and_this_host_only():
    config = create_app({"MONGODB_URI": SERVER, "SECRET_KEY": LONG}).config
    assert config["SESSION_COOKIE_NAME"] == "__Host-session"
    assert config["REMEMBER_COOKIE_NAME"] == "__Host-remember"
    for kind in ("SESSION", "REMEMBER"):
        assert config[f"{kind}_COOKIE_SECURE"]
        assert config[f"{kind}_COOKIE_HTTPONLY"]
        assert config[f"{kind}_COOKIE_SAMESITE"] == "Lax"


def test_production_makes_no_connection_and_no_thread_before_the_first_request():
    program = (
        "import socket, threading\n"
        "from flasklogin_tutorial import create_app\n"
        "def refuse(*args, **kwargs): raise AssertionError('a connection')\n"
        "socket.socket.connect = socket.create_connection = refuse\n"
        f"app = create_app({{'MONGODB_URI': {SERVER!r}, 'SECRET_KEY': {LONG!r}}})\n"
        "import mongoengine.connection as c\n"
        "client = c._connections['default']\n"
        "assert not client._topology._opened, 'the client is open'\n"
        "names = [t.name for t in threading.enumerate() if 'pymongo' in t.name]\n"
        "assert not names, names\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def address_seen(make_app):
    """Give a function that logs in through proxies and returns the address that was stored."""

    def look(forwarded, **settings):
        app = populate(make_app(**settings))
        client = Client(app)
        headers = {"X-Forwarded-For": forwarded}
        environ = {"REMOTE_ADDR": "127.0.0.1"}
        answer = client.post(
            "/login", json=credentials("ada"), headers=headers, environ_overrides=environ
        )
        assert answer.status_code == 200
        return Login.objects.first().address

    return look


def test_without_proxies_nobody_is_believed_about_an_address(address_seen):
    assert address_seen("203.0.113.9") == "127.0.0.1"


def test_one_proxy_is_believed_about_one_address(address_seen):
    assert address_seen("198.51.100.1, 203.0.113.9", TRUSTED_PROXIES=1) == "203.0.113.9"


def test_a_rotated_secret_keeps_sessions_and_remembered_logins(make_app):
    client = Client(populate(make_app()))
    assert client.post("/login", json=credentials("ada") | {"remember": True}).status_code == 200
    rotated = make_app(SECRET_KEY=LONG, SECRET_KEY_FALLBACKS=[SECRET])
    for name in ("session", "remember"):
        cookie = client.get_cookie(name)
        after = Client(rotated)
        after.set_cookie(name, cookie.value)
        assert after.post("/user_info").status_code == 200, name
        forgotten = Client(make_app(SECRET_KEY=LONG))
        forgotten.set_cookie(name, cookie.value)
        assert forgotten.post("/user_info").status_code == 401, name


def test_an_unknown_host_is_refused_where_the_hosts_are_named(make_app):
    client = Client(populate(make_app(TRUSTED_HOSTS=["app.example.org"])))
    assert client.get("/login", base_url="http://app.example.org").status_code == 200
    refused = client.get("/login", base_url="http://evil.example")
    assert refused.status_code == 400
    assert refused.json["code"] == "unknown_host"
    page = client.get("/login", base_url="http://evil.example", headers={"Accept": "text/html"})
    assert page.status_code == 400
    assert "own address" in page.json["advice"]


def without(module, program):
    """Run a program in a Python that lacks a module."""
    program = f"import sys; sys.modules[{module!r}] = None\n{program}"
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)


def test_with_a_server_the_embedded_database_is_not_even_imported():
    program = (
        "from flasklogin_tutorial.app import create_app\n"
        f"create_app({{'MONGODB_URI': {SERVER!r}, 'SECRET_KEY': {LONG!r}}})\n"
    )
    done = without("mongomock", program)
    assert done.returncode == 0, done.stderr


def test_without_a_server_and_without_the_embedded_database_it_says_what_to_do():
    done = without("mongomock", "from flasklogin_tutorial.app import create_app; create_app()")
    said = done.stderr.splitlines()[-1]
    assert "BadConfig: MONGODB_URI is not set" in said
    assert "FLASKLOGIN_MONGODB_URI" in said
    assert "pip install mongomock" in said
