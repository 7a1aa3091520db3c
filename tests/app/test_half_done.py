"""The database goes away in the middle of a deed: what is left is the state before or after it."""

import pytest
from pymongo.errors import AutoReconnect

from flasklogin_tutorial.app import accounts, tokens
from flasklogin_tutorial.app.accounts import OPERATOR
from flasklogin_tutorial.app.models import User
from flasklogin_tutorial.app.refusals import NoSuchUser
from flasklogin_tutorial.visit import in_process

from .conftest import log_in, stored, who

GOOD = "compilers are my hobby"
WRITES = (
    "insert_one",
    "update_one",
    "update_many",
    "delete_one",
    "delete_many",
    "find_one_and_update",
    "find_one_and_delete",
)
DEEDS = {
    "a new password": lambda user: accounts.change(user, by=OPERATOR, password=GOOD),
    "ending all logins": lambda user: accounts.sign_out_everywhere(user, by=OPERATOR),
    "ending everybody's logins": lambda user: accounts.sign_out_everybody(by=OPERATOR),
    "disabling": lambda user: accounts.disable(user, by=OPERATOR),
    "demotion": lambda user: accounts.demote(user, by=OPERATOR),
    "deletion": lambda user: accounts.delete(user, by=OPERATOR),
}


class World:
    """An app with two administrators, one of whom is logged in and has an API token."""

    def __init__(self, app):
        self.app, self.first_hash = app, stored("bob")["password_hash"]
        with app.app_context():
            accounts.promote(accounts.find("bob"), by=OPERATOR)
            self.token = tokens.create(accounts.find("bob"), "a test", by=OPERATOR)
        self.browser = log_in(app, "bob")

    def state(self):
        """Return what can be seen of bob's account."""
        record = stored("bob") or {}
        program = in_process(self.app)
        program.headers["Authorization"] = f"Bearer {self.token}"
        shown = {name: record.get(name) for name in ("is_admin", "disabled", "password_hash")}
        shown["password_hash"] = record.get("password_hash") == self.first_hash
        return shown | {
            "exists": bool(record),
            "logged in": who(self.browser),
            "program": program.post("/user_info").status_code,
        }

    def do(self, deed):
        with self.app.app_context():
            DEEDS[deed](accounts.find("bob"))


@pytest.fixture
def cut(monkeypatch):
    """Give a function after which only so many writes succeed; it returns the writes that came."""

    def after(number):
        collection, came, inside = type(User._get_collection()), [], []

        def guarded(name):
            write = getattr(collection, name)

            def run(*args, **kwargs):
                if inside:  # mongomock makes some writes of others
                    return write(*args, **kwargs)
                came.append(name)
                if len(came) > number:
                    raise AutoReconnect("the database is away")
                inside.append(name)
                try:
                    return write(*args, **kwargs)
                finally:
                    inside.clear()

            return run

        for name in WRITES:
            monkeypatch.setattr(collection, name, guarded(name))
        return came

    return after


@pytest.mark.parametrize("writes", range(4))
@pytest.mark.parametrize("deed", DEEDS)
def test_a_deed_is_done_or_not_and_a_repeated_request_does_it(app, deed, writes, cut, monkeypatch):
    world = World(app)
    before = world.state()
    came = cut(writes)
    try:
        world.do(deed)
        interrupted = False
    except AutoReconnect:
        interrupted = True
    assert interrupted == (len(came) > writes)
    monkeypatch.undo()
    left = world.state()
    try:
        world.do(deed)
    except NoSuchUser:
        assert deed == "deletion"
    done = world.state()
    assert done != before
    assert left == (before if writes == 0 else done)


def test_deleting_an_administrator_is_one_write_to_the_users(app, cut):
    world = World(app)
    came = cut(99)
    world.do("deletion")
    assert came[0] == "find_one_and_delete"
    assert set(came[1:]) == {"delete_many"}
    assert stored("bob") is None
