"""A cookie that was changed never logs anybody in and never makes a 500.

Hypothesis finds the smallest change that breaks a rule; a loop makes the many. Both leave out what
is the same cookie in another spelling.
"""

import string
from base64 import urlsafe_b64decode
from collections import Counter
from random import Random

import pytest
from flask.sessions import SecureCookieSessionInterface
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import Client
from werkzeug.wrappers import Request

from flasklogin_tutorial.app.models import Login

from .conftest import PROPERTY, log_in, populate, stored

#: How many changed cookies are sent in a loop, of each kind: 21,000 together.
MUTATIONS = {"session": 9000, "remember": 9000, "device": 3000}

#: What a client may put between `Cookie: name=` and the end of the line, as Latin-1.
ALPHABET = string.ascii_letters + string.digits + "._-|=+/\\\"' ,%äÿ\x80"

many = settings(PROPERTY, max_examples=300)


@st.composite
def changes(draw):
    """What to do to a cookie: cut, insert, replace or swap."""
    place = draw(st.floats(0, 1))
    length = draw(st.integers(0, 8))
    text = draw(st.text(ALPHABET, max_size=12))
    return place, length, text


def mutate(value, change):
    place, length, text = change
    start = int(place * len(value))
    return value[:start] + text + value[start + length :]


def send(app, name, value, path="/user_info", **more):
    """Send a request with one raw cookie."""
    environ = {"HTTP_COOKIE": f"{name}={value}", "REMOTE_ADDR": "127.0.0.1"}
    return Client(app, use_cookies=False).post(path, environ_overrides=environ, **more)


def status_with(app, name, value):
    """Ask who is logged in with one raw cookie."""
    return send(app, name, value).status_code


def means(name, value):
    """Return what the app reads in a raw cookie, so that two spellings of the same are equal.

    A cookie may stand in quotes. Base64 ends in bits that say nothing, and its decoder skips what
    is not in the alphabet; of all the parts only a signature is decoded before it is compared.
    """
    read = Request({"HTTP_COOKIE": f"{name}={value}"}).cookies.get(name, "")
    signed, _, signature = read.rpartition(".")
    if name == "remember":
        return read
    signature = signature.encode("ascii", "ignore")
    try:
        return signed, urlsafe_b64decode(signature + b"=" * (-len(signature) % 4))
    except ValueError:
        return read


@pytest.fixture
def cookies(app):
    browser = log_in(app, "ada", remember=True)
    return dict(browser.cookies)


@pytest.mark.parametrize("name", ["session", "remember"])
def test_a_changed_cookie_is_nobodys(app, cookies, name):
    assert status_with(app, name, cookies[name]) == 200

    @many
    @given(change=changes())
    def hammer(change):
        value = mutate(cookies[name], change)
        if means(name, value) != means(name, cookies[name]):
            assert status_with(app, name, value) == 401

    hammer()


# ---- the many


def cut(random, value, other):
    start, end = sorted(random.choices(range(len(value) + 1), k=2))
    return value[:start] + value[end:]


def insert(random, value, other):
    place = random.randrange(len(value) + 1)
    return value[:place] + "".join(random.choices(ALPHABET, k=random.randint(1, 9))) + value[place:]


def replace(random, value, other):
    place = random.randrange(len(value))
    return value[:place] + random.choice(ALPHABET) + value[place + 1 :]


def flip(random, value, other):
    place = random.randrange(len(value))
    return value[:place] + chr(ord(value[place]) ^ 1 << random.randrange(7)) + value[place + 1 :]


def swap(random, value, other):
    first, second = sorted(random.sample(range(len(value)), 2))
    letters = list(value)
    letters[first], letters[second] = letters[second], letters[first]
    return "".join(letters)


def change_case(random, value, other):
    place = random.randrange(len(value))
    return value[:place] + value[place:].swapcase()


def splice(random, value, other):
    """Begin as one user's cookie and end as the other's."""
    return value[: random.randrange(len(value))] + other[random.randrange(len(other)) :]


def exchange(random, value, other):
    """Put one of the parts between the marks into the other user's cookie."""
    mark = "|" if "|" in value else "."
    mine, theirs = value.split(mark), other.split(mark)
    place = random.randrange(min(len(mine), len(theirs)))
    mine[place] = theirs[place]
    return mark.join(mine)


def sign_newly(random, value, other):
    """Keep what it says, under an invented signature."""
    mark = "|" if "|" in value else "."
    letters = string.hexdigits if mark == "|" else string.ascii_letters + string.digits
    said, _, signature = value.rpartition(mark)
    return said + mark + "".join(random.choices(letters, k=len(signature)))


CHANGES = [cut, insert, replace, flip, swap, change_case, splice, exchange, sign_newly]


@pytest.mark.slow
@pytest.mark.parametrize("name", MUTATIONS)
def test_none_of_thousands_of_changed_cookies_logs_anybody_in(make_app, name):
    limits = ("SIGN_IN_LIMIT_PER_NAME", "SIGN_IN_LIMIT_PER_ADDRESS")
    app = populate(make_app(**dict.fromkeys(limits, "1000000 per hour")))
    ada, bob = (dict(log_in(app, user, remember=True).cookies)[name] for user in ("ada", "bob"))
    right = {means(name, ada), means(name, bob)}
    # A device cookie is read where somebody signs in; with a wrong password it must not help.
    wrong = {"path": "/login", "json": {"username": "ada", "password": "wrong"}}
    more = wrong if name == "device" else {}
    random = Random(name)
    tried = Counter()
    while tried.total() < MUTATIONS[name]:
        change = random.choice(CHANGES)
        value = change(random, *random.sample([ada, bob], 2))
        if random.random() < 0.2:
            value = random.choice(CHANGES)(random, value or "x", ada)
        if means(name, value) in right:
            continue
        answer = send(app, name, value, **more)
        assert answer.status_code == 401, (change.__name__, value, answer.text)
        tried[change] += 1
    assert tried.total() >= MUTATIONS[name]
    assert set(tried) == set(CHANGES)


@many
@given(
    name=st.sampled_from(["session", "remember", "device"]),
    value=st.text(st.characters(max_codepoint=255), max_size=300),
)
def test_an_invented_cookie_is_nobodys(app, name, value):
    assert status_with(app, name, value) == 401


def sign(app, said):
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    return signer.dumps(said)


ANYTHING = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=50) | st.lists(st.integers())
)


@many
@given(user_id=ANYTHING, fresh=ANYTHING, mark=ANYTHING)
def test_even_a_signed_cookie_opens_nothing_without_a_login(app, user_id, fresh, mark):
    said = {"_user_id": user_id, "_fresh": fresh, "_remember": mark, "_id": mark}
    assert status_with(app, "session", sign(app, said)) == 401


def test_whoever_knows_the_secret_cannot_write_a_cookie_for_a_user(app, cookies):
    login = Login.objects.first()
    for guess in (str(stored("ada")["_id"]), "ada", str(login.id), login.token_hash, "\ud800"):
        said = {"_user_id": guess, "_fresh": True}
        assert status_with(app, "session", sign(app, said)) == 401, guess
