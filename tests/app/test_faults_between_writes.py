"""The database is killed between two writes of one deed: a repeated request does the rest.

Every call of the table in access.py is made once without a fault, to count its writes. Those with
more than one are made again, and the server is killed after each write but the last.
"""

import uuid
from contextlib import ExitStack

import pytest
from pymongo.monitoring import CommandListener

from flasklogin_tutorial.app import accounts, tokens
from flasklogin_tutorial.app.accounts import OPERATOR
from flasklogin_tutorial.app.models import Login, Passkey, User
from flasklogin_tutorial.visit import forget, in_process

from .access import ADMIN, CALLS, NEW, OWNER_OR_ADMIN
from .conftest import ALL_THERE_IS, PAGE, PASSWORDS, credentials, csrf_token, log_in, populate
from .keys import LOGIN as LOGIN_PASSKEY
from .keys import NEW as NEW_PASSKEY
from .keys import give_passkey, log_in_by
from .processes import mongodb_in, needs_gunicorn, needs_server
from .test_access import send
from .test_faults import kill, wait_for_database

pytestmark = [pytest.mark.slow, needs_gunicorn, needs_server]

#: How many logins a user may have here. One more ends another, which is a write of its own.
MOST_LOGINS = 2

#: Calls that take a passkey that one has.
OF_PASSKEYS = {"/account/passkeys/<passkey_id>/remove", "/account/passkeys/recovery-codes"}

WRITES = {"insert", "update", "delete", "findAndModify"}


class AfterWrites(CommandListener):
    """Counts the writes of one request, and does something after one of them."""

    def __init__(self):
        self.came, self.counts, self.number, self.then = 0, False, None, None

    def succeeded(self, event):
        if self.counts and event.command_name in WRITES:
            self.came += 1
            if self.came == self.number:
                self.then()

    def started(self, event):
        pass

    failed = started


class World:
    """An app on a server, with users who have logins and API tokens to lose."""

    def __init__(self, make_app, uri, call):
        self.listener, self.call = AfterWrites(), call
        settings = make_app(MONGODB_URI=f"{uri}&serverSelectionTimeoutMS=500").config
        forget()
        watched = settings["MONGODB_SETTINGS"] | {"event_listeners": [self.listener]}
        more = ALL_THERE_IS | {"LOGINS_PER_USER": MOST_LOGINS}
        self.app = populate(make_app(MONGODB_SETTINGS=watched, **more))
        self.sender = "ada" if call.who in (ADMIN, OWNER_OR_ADMIN) else "bob"
        with self.app.app_context():
            if not call.path.endswith("/promote"):
                accounts.promote(accounts.find("bob"), by=OPERATOR)
            self.programs = [self.program(name) for name in ("ada", "bob")]
        self.others = [log_in(self.app, "bob"), log_in(self.app, "bob")]
        if self.sender == "bob":
            self.others.pop(0)
        self.browser = self.log_in_from(in_process(self.app))

    def program(self, name):
        browser = in_process(self.app)
        token = tokens.create(accounts.find(name), "a test", by=OPERATOR)
        browser.headers["Authorization"] = f"Bearer {token}"
        return browser

    def log_in_from(self, browser):
        """Log in with whichever password is right."""
        for password in (PASSWORDS[self.sender], NEW):
            given = {"username": self.sender, "password": password}
            if browser.post("/login", json=given).status_code == 200:
                return browser
        if self.call.path in OF_PASSKEYS:  # which the call needs, so the password is not enough
            log_in_by(browser, give_passkey(self.app, self.sender))
        return browser

    def send(self):
        """Send the call, and count the writes that it sets off, not those of its preparation."""
        request = self.browser.request

        def counted(verb, path, **more):
            self.listener.counts = verb == self.call.verb
            if self.listener.counts:
                self.sent = verb, path, more
            try:
                return request(verb, path, **more)
            finally:
                self.listener.counts = False

        self.browser.request = counted
        try:
            return send(self.app, self.call, self.browser, self.sender)
        finally:
            self.browser.request = request

    def send_again(self):
        """Repeat the call as somebody does who was answered with a 503: after another login.

        It is in the same browser, so the one of before ends, and crowds out no other.
        """
        browser = self.log_in_from(self.browser)
        if self.call.path in (NEW_PASSKEY, LOGIN_PASSKEY):  # its question was used up
            return send(self.app, self.call, browser, self.sender)
        verb, path, more = self.sent
        if more.get("data"):
            token = csrf_token(browser.get("/login", headers=PAGE))
            more = more | {"data": more["data"] | {"csrf_token": token}}
        return browser.request(verb, path, **more)

    def state(self):
        """Return what can be seen of the users, and what opens their accounts."""
        users = {
            user.name: (
                user.email,
                user.confirmed_email,
                user.is_admin,
                user.disabled,
                user.first_password_until is None,
                user.has_factor,
                Passkey.objects(user=user.id).count(),
            )
            for user in User.objects
        }
        # Being disabled hides whether what was given out before has ended for good.
        User.objects.update(set__disabled=False)
        # Whoever logs in once more may crowd out another browser: that is as it should be.
        bearers = self.programs + (self.others if not self.call.path.startswith("/login") else [])
        opens = [browser.post("/user_info").status_code for browser in bearers]
        assert all(len(Login.objects(user=user.id)) <= MOST_LOGINS for user in User.objects)
        passwords = [
            in_process(self.app).post("/login", json=credentials("bob") | more).status_code
            for more in ({}, {"password": NEW})
        ]
        return users, opens, passwords


@pytest.fixture(scope="module")
def mongodb(tmp_path_factory):
    return mongodb_in(tmp_path_factory.mktemp("mongodb"))


@pytest.fixture
def new_world(make_app, mongodb):
    """Give a function that makes a world in a database of its own."""

    def make(call):
        forget()
        # No deadline: a busy machine may need long, and a dead server is given up by its own one.
        uri = f"{mongodb.uri}/test_{uuid.uuid4().hex}?timeoutMS=0"
        return World(make_app, uri, call)

    return make


def test_a_deed_of_several_writes_is_mended_by_a_repeated_request(new_world, mongodb, figure):
    several, faults = [], 0
    with ExitStack() as servers:
        server = servers.enter_context(mongodb())
        for call in CALLS:
            if call.verb == "GET":
                continue
            world = new_world(call)
            assert world.send().status_code < 400, call
            if world.listener.came > 1:
                several.append((call, world.listener.came, world.state()))
        assert several, "no deed has two writes: this test has nothing to do"
        for call, writes, done in several:
            for number in range(1, writes):
                world = new_world(call)
                world.listener.number, world.listener.then = number, lambda it=server: kill(it)
                assert world.send().status_code in (200, 201, 302, 303, 503), call
                assert world.listener.came == number, call
                server = servers.enter_context(mongodb())
                wait_for_database(world.app)
                assert world.send_again().status_code < 500, call
                assert world.state() == done, (call, number)
                faults += 1
        forget()
    figure(f"{len(several)} deeds have more than one write; {faults} of {faults} faults are mended")
