"""What the tests of a trace share: people, and what a trace has told."""

import re
from difflib import ndiff

from flask_login import UserMixin

from flasklogin_tutorial.lab import trace
from flasklogin_tutorial.visit import forge_session

ADA = {"name": "ada", "password": "lovelace", "email": "ada@example.org"}
BOB = {"name": "bob", "password": "builder", "email": "bob@example.org"}
EVE = {"name": "eve", "password": "apple", "email": "eve@example.org"}

#: Columns of a text output in JupyterLab with its file browser open, on a laptop.
WIDEST = 110

#: Seconds after which a test that waits for another thread gives up.
PATIENCE = 30


def credentials(record, **other):
    return {"username": record["name"], "password": record["password"], **other}


CALLS = [
    ("POST", "/login", credentials(ADA, password="wrong")),
    ("PUT", "/", BOB),
    ("POST", "/user_info", None),
    ("POST", "/login", credentials(ADA)),
    ("POST", "/user_info", None),
    ("PUT", "/", BOB),
    ("PUT", "/", {"name": "nobody"}),
    ("POST", "/", BOB | {"email": "new@example.org"}),
    ("GET", "/?name=bob", None),
    ("DELETE", "/", {"name": "bob"}),
    ("PUT", "/", EVE),
    ("GET", "/nowhere", None),
    ("POST", "/logout", None),
    ("POST", "/user_info", None),
]

#: What is told of a guarded view that lets its visitor in.
LET_THROUGH = [
    "Flask → Flask-Login: login_required",
    "Flask-Login: current_user",
    "Flask-Login: session: _user_id='…id'",
    "Flask-Login: load_user('…id')",
    "Flask-Login → MongoDB: user.find {_id: …id}",
    "MongoDB → Flask-Login: 1 document",
    "Flask-Login: gives ada",
    "Flask-Login: current_user is ada",
    "Flask-Login → Flask: let through",
]


def log_in(browser, record=ADA):
    assert browser.post("/login", json=credentials(record)).json()["name"] == record["name"]


def told(events):
    """Write events as lines, without the part of an id that is another one in every run."""
    lines = []
    for event in events:
        where = event.source.title
        if event.source is not event.target:
            where = f"{where} → {event.target.title}"
        lines.append(f"{where}: {event.text}")
    return [re.sub(r"…[0-9a-f]{4}\b", "…id", line) for line in lines]


def inside(events):
    """Leave out what the browser sent and got."""
    return [line for line in told(events) if not line.startswith("browser") or "→" in line][1:-1]


def forge(app, **said):
    """Sign a session cookie with the key of an app."""
    return {"Cookie": f"session={forge_session(app.secret_key or 'any key', said)}"}


def difference(before, after):
    """Return the lines that went and the lines that came, from one list of lines to another."""
    changes = list(ndiff(before, after))
    return tuple([line[2:] for line in changes if line[0] == sign] for sign in "-+")


def course_exchanges(app, browser):
    """Trace the exchanges of the course, the long ones among them."""
    for method, path, body in CALLS:
        yield trace(browser).request(method, path, json=body)
    yield trace(browser).post(
        "/login", json={"username": {"$ne": None}, "password": {"$regex": "^l"}}
    )
    yield trace(browser).post("/login", data="no json")
    yield trace(browser).post("/user_info", headers=forge(app, _user_id="not an id"))
    yield trace(browser).put("/", json=BOB, headers=forge(app, _user_id="0" * 24))


class Member(UserMixin):
    """A user who needs no database."""

    def __init__(self, id):
        self.id = self.name = id
