"""Exercises to notebook 16: on a real database."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from flask import Flask, request
from pymongo.errors import AutoReconnect, DuplicateKeyError

from flasklogin_tutorial.exercises.ask import Ask
from flasklogin_tutorial.exercises.claim import Claim
from flasklogin_tutorial.exercises.exercise import exercise
from flasklogin_tutorial.steps import step06_logout_and_user_info as step06
from flasklogin_tutorial.visit import Browser, describe_error

# ---- 16.1

#: The fewest and the most seconds that a request may wait for a server that is away.
_PATIENCE = (1, 3)


@exercise(
    "16.1",
    "follow",
    "Write the settings for a server",
    idea="A client that connects with the first question has opened nothing before the fork: what "
    "is not opened cannot be copied.",
    answer="server_settings",
    hints=(
        "The notebook printed three things of the client: `connect`, its servers, and its "
        "patience. Where does the finished app set them?",
        "The keys are `host`, `connect` and `serverSelectionTimeoutMS`. Milliseconds are thousands "
        'of a second. `parse_uri(uri)["database"]` is None where the URI names none.',
        "Raise the error first, before anything is returned. The dictionary then has three keys; "
        "`connect` is False, and three seconds are 3000.",
        'if parse_uri(uri)["database"] is None: raise ValueError("the URI names no database"), '
        'then return {"host": uri, "connect": False, "serverSelectionTimeoutMS": 3000}',
    ),
    not_checked="the words of the error, how long a question may take once the server is found, "
    "and whether the server asks for a password",
)
def _server_settings(ask: Ask) -> None:
    try:
        _must_be_settings(ask)
    finally:
        ask.fresh(step06.create_app)  # the next cell finds a database that answers


def _must_be_settings(ask: Ask) -> None:
    for uri, database in (
        ("mongodb://127.0.0.1:1/flasklogin", "flasklogin"),
        ("mongodb://127.0.0.1:2/people?appName=club", "people"),
        ("mongodb://ada:secret@127.0.0.1:3/club?authSource=admin", "club"),
    ):
        settings = ask(uri, expected="a dict with the settings")
        _must_wait(ask, uri, settings)
        _must_reach(ask, uri, dict(settings), database)
    for uri in (
        "mongodb://127.0.0.1:1",
        "mongodb://127.0.0.1:1/",
        "mongodb://127.0.0.1:1/?appName=club",
    ):
        _must_refuse(ask, uri)


def _must_wait(ask: Ask, uri: str, settings: Any) -> None:
    """Raise `Mismatch` unless these are settings with which nothing is opened."""
    ask.must(
        isinstance(settings, Mapping),
        ask.described(uri),
        f"{type(settings).__name__} {settings!r:.60}",
        "a dict with the settings",
        "Does the function return the settings?",
    )
    ask.must(
        settings.get("host") == uri,
        ask.described(uri),
        f"'host': {settings.get('host')!r}",
        f"'host': {uri!r}",
        "The whole URI goes there as it is: it also holds the password and the options.",
    )
    ask.must(
        settings.get("connect") is False,
        ask.described(uri),
        f"'connect': {settings.get('connect', 'not there')!r}",
        "'connect': False",
        "Without it, the client opens connections when it is made, and a fork copies them.",
    )


def _must_reach(ask: Ask, uri: str, settings: dict[str, Any], database: str) -> None:
    """Raise `Mismatch` unless an app with these settings has the right database, and patience."""
    ask.fresh(step06.create_app, MONGODB_SETTINGS=settings)
    found = step06.User._get_db()
    called = f"create_app with {ask.described(uri)}"
    ask.must(
        found.name == database,
        called,
        f"an app on the database {found.name!r}",
        f"an app on the database {database!r}",
        "Let the URI name the database, and nothing beside it.",
    )
    seconds = found.client.options.server_selection_timeout
    found.client.close()
    ask.must(
        _PATIENCE[0] <= seconds <= _PATIENCE[1],
        called,
        f"a client that waits {seconds:g} seconds for a server that is away",
        f"{_PATIENCE[0]} to {_PATIENCE[1]} seconds",
        "The key is serverSelectionTimeoutMS, and MS are thousandths of a second.",
    )


def _must_refuse(ask: Ask, uri: str) -> None:
    """Raise `Mismatch` unless the answer refuses a URI that names no database."""
    called, expected = ask.described(uri), "a ValueError that says that the database is missing"
    try:
        came_back = f"{ask.answer(uri)!r:.80}"
        hint = "Without a name, the records land in a database that nobody chose."
    except ValueError as error:
        came_back, hint = describe_error(error), "Whoever starts the app has to learn what to set."
        if "database" in str(error).lower():
            return
    except Exception as error:
        ask.errors.append(error)
        came_back, hint = describe_error(error), 'raise ValueError("…")'
    ask.must(False, called, came_back, expected, hint)


# ---- 16.2


def first_address(request, proxies):
    """Return the address of the visitor. Something in it is wrong."""
    values = request.headers.get("X-Forwarded-For", request.remote_addr)
    return values.split(",")[0].strip()


def throttled_app(address_of, proxies, most=3):
    """Make an app that counts the logins of each address."""
    app = step06.create_app()
    tried = Counter()

    @app.before_request
    def count():
        if request.path == "/login":
            address = address_of(request, proxies)
            tried[address] += 1
            if tried[address] > most:
                return {"error": "too many attempts"}, 429

    @app.get("/address")
    def address():
        return {"address": address_of(request, proxies)}

    return app


_FORGED = "A visitor may write into the header what they like, before the first proxy adds to it."
_COUNTED = "Each proxy adds one value at the end. Count from there, as many as there are proxies."
_PAST = "Fewer values than proxies: the request came past one. Then only the sender is certain."
_NO_PROXY = "Without a proxy, whoever sends the header has written it."

#: The proxies in front of the app, the header, who sends, whom to believe, and where to look.
_ADDRESSES = (
    (1, "203.0.113.9", "10.0.0.1", "203.0.113.9", "The proxy has added who called it."),
    (1, "198.51.100.7, 203.0.113.9", "10.0.0.1", "203.0.113.9", _FORGED),
    (1, "a,b,c,203.0.113.10", "10.0.0.1", "203.0.113.10", _FORGED),
    (2, "203.0.113.9, 10.0.0.5", "10.0.0.1", "203.0.113.9", _COUNTED),
    (2, "198.51.100.7, 203.0.113.11, 10.0.0.5", "10.0.0.1", "203.0.113.11", _COUNTED),
    (3, "198.51.100.7,203.0.113.12,10.0.0.6,10.0.0.5", "10.0.0.1", "203.0.113.12", _COUNTED),
    (0, "198.51.100.7", "203.0.113.13", "203.0.113.13", _NO_PROXY),
    (0, None, "203.0.113.14", "203.0.113.14", _NO_PROXY),
    (1, None, "203.0.113.15", "203.0.113.15", _PAST),
    (
        1,
        "",
        "203.0.113.16",
        "203.0.113.16",
        "An empty header holds no value, and one proxy adds one.",
    ),
    (2, "198.51.100.7", "203.0.113.17", "203.0.113.17", _PAST),
)


@exercise(
    "16.2",
    "apply",
    "Find the mistake: the guesser is never stopped",
    idea="Each proxy adds one value at the end: what stands before, the visitor has written.",
    answer="address_of",
    begins_with="first_address",
    hints=(
        "Who wrote the first value of the header, and who the last?",
        "With one proxy, the last value is to be believed; with two, the last but one. With none, "
        "or with too few values, it is `request.remote_addr`.",
        "Split the header at its commas. `values[-proxies]` counts from the end; ask before that "
        "whether `proxies` is more than 0 and no more than there are values.",
        'values = [] where there is no header, else header.split(","); then: if 0 < proxies <= '
        "len(values): return values[-proxies].strip(), else: return request.remote_addr",
    ),
    not_checked="whether your server can be reached past its proxy: that is up to its network",
    claims=[
        Claim(
            "Each proxy adds one value at the end",
            "https://werkzeug.palletsprojects.com/en/stable/middleware/proxy_fix/",
        ),
    ],
)
def _address_of(ask: Ask) -> None:
    app = ask.fresh(lambda: throttled_app(ask.answer, 1))
    statuses = [
        _guess(ask, ask.visitor(app, "10.0.0.1"), f"198.51.100.{n}, 203.0.113.9") for n in range(6)
    ]
    last = statuses[-1]
    ask.must(
        last.error is not None or last.response.status_code == 429,
        "six times POST /login, by a guesser behind one proxy who forges another address each time",
        f"the last one was answered {last.response.status_code}",
        "429: it is one guesser, at 203.0.113.9",
        "Which of the two addresses does the guesser choose?",
    )
    for proxies, header, peer, expected, hint in _ADDRESSES:
        _must_believe(ask, proxies, header, peer, expected, hint)
    other = _guess(ask, ask.visitor(app, "10.0.0.1"), "203.0.113.77")
    other.must(
        other.response.status_code != 429,
        "no 429: this visitor has not tried before",
        "Everybody behind the proxy has an address of their own.",
    )


def _must_believe(
    ask: Ask, proxies: int, header: str | None, peer: str, expected: str, hint: str
) -> None:
    app = ask.fresh(lambda: throttled_app(ask.answer, proxies))
    said = "without X-Forwarded-For" if header is None else f"X-Forwarded-For: {header!r}"
    reply = ask.send(
        ask.visitor(app, peer),
        "GET",
        "/address",
        who=f"with proxies={proxies}, from {peer}, {said}",
        headers={} if header is None else {"X-Forwarded-For": header},
    )
    found = reply.data.get("address")
    if isinstance(found, str) and found.strip() == expected:
        hint = "There may be a space behind a comma, and it is no part of the address."
    elif found is None and not reply.crashed:
        hint = "Does the function return the address, as a string?"
    reply.must(
        found == expected and not reply.crashed,
        f'a JSON object with {{"address": "{expected}"}}',
        hint,
    )


def _guess(ask: Ask, browser: Browser, header: str) -> Any:
    login = {"username": "ada", "password": "wrong"}
    return ask.send(
        browser,
        "POST",
        "/login",
        json=login,
        who=f"X-Forwarded-For: {header}",
        headers={"X-Forwarded-For": header},
    )


# ---- 16.3


class Contested:
    """A collection in which somebody else may write first.

    Args:
        collection: the collection.
    """

    _WRITES = ("insert", "update", "replace", "find_one_and", "bulk_write", "save")

    def __init__(self, collection: Any) -> None:
        self.collection = collection
        self.rival = ""
        self.is_away = False

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.collection, name)
        if not callable(found):
            return found

        def call(*given: Any, **named: Any) -> Any:
            if self.is_away:
                raise AutoReconnect("connection closed")
            if self.rival and name.startswith(self._WRITES):
                rival, self.rival = self.rival, ""
                self.collection.insert_one({"name": rival})
            return found(*given, **named)

        return call

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        return "people"


def people_of(app: Flask) -> Any:
    """Return the collection of an app in which the names are kept."""
    return step06.User._get_db()["people"]


@exercise(
    "16.3",
    "stretch",
    "Give a name to one of two who ask at once",
    idea="No look before the write can close the gap: a unique index refuses the second write.",
    answer="add_claim",
    hints=(
        "Who can refuse the second of two writes that nobody saw coming? Tell the database that "
        "the names are unique, before the first request.",
        'people.create_index("name", unique=True). After that, a second `insert_one` of a name '
        "raises `DuplicateKeyError`.",
        "Let the view write without a look, inside a `try`. If the database refuses with "
        "DuplicateKeyError, the answer is 409; any other error is none of its business.",
        'In the view: try: people.insert_one({"name": name}), except DuplicateKeyError: return '
        '{"error": "taken"}, 409; and below it return {"name": name}, 201',
    ),
    not_checked="what the answers say beside their status, names that differ in capitals only, "
    "and a collection that holds a name twice already",
)
def _add_claim(ask: Ask) -> None:
    app = ask.fresh(step06.create_app)
    raw = people_of(app)
    people = Contested(raw)
    ask(app, people, expected="it adds the view PUT /names/<name>")
    for name in ("grace", "emmy"):
        first = _claim(ask, app, name)
        first.must(
            first.response.status_code == 201,
            "201 Created: the name was free",
            f"Nobody has claimed {name}. Is the index on the field name?"
            if first.response.status_code == 409
            else "Is there a view for PUT /names/<name>, and does it answer 201?",
        )
        _must_be_once(ask, raw, name, first.called, "The name is stored under the key name.")
        again = _claim(ask, app, name, "a second time")
        again.must(
            again.response.status_code == 409,
            f"409 Conflict: {name} is taken",
            "An index alone refuses nothing: it has to be unique."
            if again.response.status_code == 201
            else "Turn the refusal of the database into a 409.",
        )
        _must_be_once(ask, raw, name, again.called, "A name that is taken is not written again.")
    for name in ("linus", "ada"):
        people.rival = name
        who = "and somebody else writes the name between the look and the write"
        lost = _claim(ask, app, name, who)
        people.rival = ""
        lost.must(
            lost.response.status_code == 409,
            f"409 Conflict: {name} is taken",
            "The database refuses the second write, if it is told to. Translate the refusal."
            if lost.crashed
            else "The look came too early. Who can refuse the write itself?",
        )
        _must_be_once(ask, raw, name, lost.called, "Both looked before either wrote.")
    _must_refuse_twins(ask, raw)
    people.is_away = True
    away = _claim(ask, app, "margaret", "while the database is away")
    away.must(
        away.response.status_code >= 500,
        "500 or 503: nobody knows whether the name is free",
        "Catch the refusal of the index, and no other error.",
    )
    people.is_away = False
    free = _claim(ask, app, "margaret", "when the database is back")
    free.must(free.response.status_code == 201, "201 Created: nobody has the name")


def _claim(ask: Ask, app: Flask, name: str, who: str = "") -> Any:
    return ask.send(ask.visitor(app), "PUT", f"/names/{name}", who=who)


def _must_be_once(ask: Ask, raw: Any, name: str, called: str, hint: str) -> None:
    """Raise `Mismatch` unless a name is in the collection once."""
    count = raw.count_documents({"name": name})
    ask.must(
        count == 1,
        f"{called}; then people.count_documents({{'name': {name!r}}})",
        str(count),
        "1",
        hint,
    )


def _must_refuse_twins(ask: Ask, raw: Any) -> None:
    """Raise `Mismatch` unless the database itself refuses a name that is there."""
    try:
        raw.insert_one({"name": "grace"})
    except DuplicateKeyError:
        return
    ask.must(
        False,
        "people.insert_one({'name': 'grace'}), by another process, past your view",
        "the database took grace a second time",
        "DuplicateKeyError",
        "A lock holds in one process. Only an index on name holds for all of them.",
    )
