"""A session cookie can be read without the key."""

import datetime
import uuid

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import BadSignature

from flasklogin_tutorial.visit import copy_cookies_into, forge_session, in_process, read_session


def cookie_with(value, key="some key"):
    app = Flask("signer")
    app.secret_key = key
    return SecureCookieSessionInterface().get_signing_serializer(app).dumps(value)


def test_a_session_is_read_without_the_key():
    cookie = cookie_with({"_user_id": "ada"}, key="a key that nobody knows")
    assert read_session({"session": cookie}) == {"_user_id": "ada"}


def test_a_long_session_is_compressed_and_read_all_the_same():
    said = {"text": "ada " * 500}
    cookie = cookie_with(said)
    assert cookie.startswith(".")
    assert read_session({"session": cookie}) == said


def test_a_session_with_a_broken_signature_is_read_because_the_key_only_keeps_it_unchanged():
    payload, stamp, signature = cookie_with({"_user_id": "ada"}).split(".")
    assert read_session({"session": f"{payload}.{stamp}.{signature[::-1]}"}) == {"_user_id": "ada"}


def test_values_that_json_lacks_come_back_as_what_they_were():
    said = {
        "since": datetime.datetime(2024, 2, 29, 12, 30, tzinfo=datetime.UTC),
        "id": uuid.UUID(int=1),
        "raw": b"\x00\xff",
        "pair": (1, 2),
    }
    assert read_session({"session": cookie_with(said)}) == said


@pytest.mark.parametrize(
    "value",
    [
        "",
        "garbage",
        "a.b.c",
        "....",
        ".eJ.eJ.eJ",
        "grüße",
        "ada|0123456789abcdef",
        cookie_with(["no", "dictionary"]),
        cookie_with("text"),
        "eyIgdSI6IDF9.ZgAAAA.c2lnbmF0dXJl",
    ],
    ids=range(10),  # the signed ones hold the time
)
def test_a_cookie_that_is_no_session_is_none(value):
    assert read_session({"session": value}) is None


def test_a_cookie_that_is_not_there_is_none():
    assert read_session({}) is None
    assert read_session({"session": cookie_with({})}, "other") is None


def test_the_session_cookie_may_have_another_name(app):
    app.config["SESSION_COOKIE_NAME"] = "visited"
    ada = in_process(app)
    ada.get("/login/ada")
    assert read_session(ada.cookies, "visited")["_user_id"] == "ada"
    assert read_session(ada.cookies) is None


def test_a_session_cookie_with_nothing_in_it_is_an_empty_session():
    assert read_session({"session": cookie_with({})}) == {}


def test_a_forged_session_is_one_to_an_app_with_the_same_key(app):
    forged = forge_session(app.secret_key, {"_user_id": "ada"})
    assert read_session({"session": forged}) == {"_user_id": "ada"}
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer.loads(forged) == {"_user_id": "ada"}
    with pytest.raises(BadSignature):
        signer.loads(forge_session("another key", {"_user_id": "ada"}))


def test_cookies_are_copied_all_some_or_none(app):
    browser = in_process(app)
    browser.get("/cookies")
    for names, copied in ((None, {"first", "second"}), (["second"], {"second"}), ([], set())):
        thief = in_process(app)
        copy_cookies_into(thief, browser, names)
        assert set(thief.cookies.keys()) == copied
    with pytest.raises(LookupError, match=r"no cookie 'third'. It has: first, second"):
        copy_cookies_into(thief, browser, ["third"])
