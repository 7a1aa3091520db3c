"""Who asks has lost the right to before it is done: then it is not done.

A request takes time. Its body comes bit by bit, passwords are hashed, the database is asked. In
that time its login may be ended, its API token revoked, and its administrator demoted or disabled.
Every call that writes is tried with each of these, at two moments: while its body comes in, and as
late as the app can still notice, which is one operation before the first that writes.
"""

import threading
from functools import partial

import pytest

from flasklogin_tutorial.app import accounts, passwords, tokens
from flasklogin_tutorial.app.accounts import OPERATOR
from flasklogin_tutorial.app.models import ApiToken, Login, User
from flasklogin_tutorial.lab import trace
from flasklogin_tutorial.visit import forget, in_process, serve

from .access import ADMIN, CALLS, EVERYBODY, LOGGED_IN
from .conftest import (
    ALL_THERE_IS,
    PAGE,
    credentials,
    csrf_token,
    log_in,
    populate,
    send_form,
    snapshot,
    stored,
    thief_of,
)
from .test_access import send, was_refused
from .test_half_done import WRITES

#: Hashing is not what is tried here, and a slow one takes most of the time.
QUICK = {"PASSWORD_METHOD": "pbkdf2:sha256:1"}

ONLY_READ = {"/user_info"}

#: Calls that take JSON, each for somebody with a fresh login.
OF_PROGRAMS = [one for one in CALLS if one.path == "/" and one.recent]

#: What an answer uses up whether or not it is taken; see `challenges`.
USED_UP = "Challenge"

READS = ("aggregate", "count_documents", "find", "find_one")


class Operations:
    """What one request asks of the database, and something that happens before one of it."""

    def __init__(self, monkeypatch):
        self.came, self.counts, self.number, self.event = [], False, None, None
        collection = type(User._get_collection())
        for name in (*READS, *WRITES):
            monkeypatch.setattr(collection, name, self.seen(name, getattr(collection, name)))

    def seen(self, name, operation):
        def run(collection, *args, **more):
            if not self.counts:
                return operation(collection, *args, **more)
            self.counts = False  # what the event asks for, and what mongomock makes of others
            try:
                if len(self.came) == self.number:
                    self.event()
                self.came.append((collection.name, name))
                return operation(collection, *args, **more)
            finally:
                self.counts = True

        return run

    def last_moment(self):
        """Return the operation before the first that writes, but none before who asks is found."""
        writes = [name in WRITES and kind != USED_UP.lower() for kind, name in self.came]
        return max(1, writes.index(True) - 1)


class SlowBody:
    """A body that is still to come when something happens."""

    def __init__(self, stream, event):
        self.stream, self.event = stream, event

    def __getattr__(self, name):
        event, self.event = self.event, None
        if event is not None:
            event()
        return getattr(self.stream, name)


class World:
    """An app in which somebody is about to send a call, and others can keep them from it."""

    def __init__(self, make_app, operations, call, name, how):
        self.operations, self.call, self.name, self.how = operations, call, name, how
        self.slow, self.before, self.after = None, None, None
        self.app = populate(make_app(**ALL_THERE_IS, **QUICK))
        with self.app.app_context():
            accounts.promote(accounts.find("cy"), by=OPERATOR)
            if call.path.endswith("/enable"):
                accounts.disable(accounts.find("bob"), by=OPERATOR)
            if call.path.endswith("/demote"):
                accounts.promote(accounts.find("bob"), by=OPERATOR)
            token = tokens.create(accounts.find(name), "a test", by=OPERATOR)
        self.cy, self.owner = log_in(self.app, "cy"), log_in(self.app, name)
        self.browser = in_process(self.app, self.front)
        if how == "an API token":
            self.browser.headers["Authorization"] = f"Bearer {token}"
        else:
            assert self.browser.post("/login", json=credentials(name)).status_code == 200
        self.copy = thief_of(self.browser, self.app)

    def front(self, environ, start_response):
        if self.slow is not None and environ["REQUEST_METHOD"] == self.call.verb:
            environ["wsgi.input"] = SlowBody(environ["wsgi.input"], self.slow)
        return self.app(environ, start_response)

    def take_away(self, what):
        """Let what asks be ended, or its user lose what they may, and keep what is left."""
        me = stored(self.name)["_id"]
        if what in ("disable", "demote"):
            done = send_form(self.cy, f"/people/{me}/{what}", page="/people")
        elif self.how == "an API token":
            number = ApiToken.objects.get(user=me, label="a test").id
            done = send_form(self.owner, f"/account/tokens/{number}/revoke")
        else:
            done = self.copy.post("/logout", allow_redirects=False)
        assert done.status_code in (200, 302), done.text
        self.after = self.state()

    def send(self):
        """Send the call, and watch it alone and nothing of what prepares it."""
        request = self.browser.request

        def watched(verb, path, **more):
            if verb == self.call.verb:
                self.before, self.operations.counts = self.state(), True
            try:
                return request(verb, path, **more)
            finally:
                self.operations.counts = False

        self.browser.request = watched
        return send(self.app, self.call, self.browser, self.name)

    def state(self):
        return {kind: records for kind, records in snapshot().items() if kind != USED_UP}


def attempts():
    """Yield each call that writes, and who sends it by what."""
    for call in CALLS:
        if call.verb == "GET" or call.who == EVERYBODY or call.path in ONLY_READ:
            continue
        for name in {ADMIN: ["ada"], LOGGED_IN: ["bob"]}.get(call.who, ["ada", "bob"]):
            for how in ["a login", *(["an API token"] if call.token else [])]:
                yield pytest.param(call, name, how, id=f"{call}-{name}-{how}")


def what_may_be_taken_from(name):
    return ["end", "disable", *(["demote"] if name == "ada" else [])]


ATTEMPTS = list(attempts())


@pytest.fixture
def operations(monkeypatch, app):
    return Operations(monkeypatch)


@pytest.fixture
def new_world(make_app, operations):
    """Give a function that makes a world, with a database of its own."""

    def make(*attempt):
        operations.came.clear()
        forget()
        return World(make_app, operations, *attempt)

    return make


def is_not_done(world):
    """Send a call before which something was taken away, and tell whether nothing came of it."""
    answer = world.send()
    assert world.after is not None, "nothing was taken away while the call was on its way"
    assert was_refused(answer), answer.text
    assert "@example.org" not in answer.text  # nor does the refusal show what is theirs no longer
    return world.state() == world.after


@pytest.mark.parametrize(("call", "name", "how"), ATTEMPTS)
def test_what_was_taken_away_while_the_body_came_in_counts(new_world, call, name, how):
    for what in what_may_be_taken_from(name):
        world = new_world(call, name, how)
        world.slow = partial(world.take_away, what)
        assert is_not_done(world), what


@pytest.mark.parametrize("call", OF_PROGRAMS, ids=str)
def test_whether_a_login_is_fresh_is_asked_when_the_body_is_there(new_world, later, call):
    world = new_world(call, "ada", "a login")
    world.slow = lambda: later(minutes=16)
    answer = world.send()
    assert (answer.status_code, answer.json().get("code")) == (401, "fresh_login_required")


@pytest.mark.parametrize(("call", "name", "how"), ATTEMPTS)
def test_and_until_right_before_it_is_done(new_world, operations, call, name, how):
    done = new_world(call, name, how)
    assert not was_refused(done.send())
    assert done.state() != done.before
    operations.number = operations.last_moment()
    for what in what_may_be_taken_from(name):
        world = new_world(call, name, how)
        operations.event = partial(world.take_away, what)
        assert is_not_done(world), what


# ---- what else takes time, and what is said


def call_of(verb, path):
    [call] = [one for one in CALLS if (one.verb, one.path) == (verb, path)]
    return call


@pytest.mark.parametrize("what", ["end", "demote"])
@pytest.mark.parametrize(("verb", "path"), [("PUT", "/"), ("POST", "/people")])
def test_nor_is_it_done_if_that_was_while_a_password_was_hashed(
    new_world, monkeypatch, verb, path, what
):
    world, hash_password = new_world(call_of(verb, path), "ada", "a login"), passwords.hash_password

    def late(password):
        monkeypatch.setattr(passwords, "hash_password", hash_password)
        world.take_away(what)
        return hash_password(password)

    monkeypatch.setattr(passwords, "hash_password", late)
    assert is_not_done(world)


@pytest.mark.parametrize(
    ("how", "what", "status", "code"),
    [
        ("a login", "end", 401, "fresh_login_required"),
        ("a login", "demote", 403, "forbidden"),
        ("an API token", "end", 401, "invalid_token"),
        ("an API token", "demote", 403, "forbidden"),
    ],
)
def test_a_program_is_told_what_is_gone(new_world, operations, events, how, what, status, code):
    world = new_world(call_of("PUT", "/"), "ada", how)
    operations.number, operations.event = 1, lambda: (world.take_away(what), events())
    answer = world.send()
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (status == 401) == ("WWW-Authenticate" in answer.headers)
    [line] = events()
    assert (line["event"], line["code"], line["by"]) == ("refused", code, str(stored("ada")["_id"]))


@pytest.mark.parametrize("path", ["/account/tokens/<token_id>/revoke", "/confirm"])
def test_a_person_is_sent_to_the_login_form(new_world, operations, path):
    world = new_world(call_of("POST", path), "bob", "a login")
    operations.number, operations.event = 1, lambda: world.take_away("end")
    assert world.send().headers["Location"].startswith("/login?next=")


def test_a_change_of_address_is_four_operations(app, bob):
    tried = trace(bob).post("/", json={"name": "bob", "email": "new@example.org"})
    done = [one.split()[0] for one in tried.operations]
    assert tried.response.status_code == 200
    looks = ["login.aggregate", "user.find", "login.aggregate"]
    assert done == [*looks, "user.find_one_and_update"]


@pytest.mark.slow
@pytest.mark.parametrize("sent", ["JSON", "a form"])
def test_half_a_body_on_a_connection(app, monkeypatch, sent):
    """A thief holds a request open, and the owner ends that login from the list of devices."""
    was_asked, find = threading.Event(), Login.find

    def watched(token):
        was_asked.set()
        return find(token)

    with serve(app) as thief, serve(app) as owner:
        thief.post("/login", json=credentials("bob"))
        number = Login.objects.get().id
        owner.post("/login", json=credentials("bob"))
        token = csrf_token(thief.get("/account", headers=PAGE))
        monkeypatch.setattr(Login, "find", watched)

        def halting(whole):
            yield whole[:20]
            was_asked.wait(1)  # as an app does that asks who it is before the body is there
            assert send_form(owner, f"/account/devices/{number}/sign-out").status_code == 302
            yield whole[20:]

        if sent == "JSON":
            body, kind = b'{"name": "bob", "email": "thief@example.org"}', "application/json"
            answer = thief.post("/", data=halting(body), headers={"Content-Type": kind})
            assert answer.status_code == 401
        else:
            body = f"csrf_token={token}&email=thief@example.org".encode()
            kind = "application/x-www-form-urlencoded"
            answer = thief.post(
                "/account/email",
                data=halting(body),
                headers=PAGE | {"Content-Type": kind},
                allow_redirects=False,
            )
            assert answer.headers["Location"].startswith("/login?next=")
    assert stored("bob")["email"] == "bob@example.org"
