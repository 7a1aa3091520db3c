"""What a person does with a passkey on the pages of the finished app, with a key of `SoftKey`.

A page that asks for a passkey has the question in its form, as `data-options`. A script hands it to
the browser and puts the answer into the form. Here the function does what the script does.
"""

import json
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from html import escape, unescape
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, abort, request, session
from flask_login import login_user
from requests import Response, Session

from flasklogin_tutorial.lab.pages import PAGE
from flasklogin_tutorial.steps import step06_logout_and_user_info as step06
from flasklogin_tutorial.visit import SoftKey, find_form
from flasklogin_tutorial.visit.encoded import from_text, to_text
from flasklogin_tutorial.visit.key_answers import read_auth_data, read_public_key
from flasklogin_tutorial.visit.p256 import Point
from flasklogin_tutorial.visit.soft_key import Answer

#: Where the finished app asks for a passkey: to log in, and to keep a new one.
LOG_IN, ADD = "/login/passkey", "/account/passkeys/new"

_OPTIONS = re.compile(r"""data-options=(["'])(.*?)\1""", re.DOTALL)


@dataclass(frozen=True)
class Question:
    """What a page asks of a passkey.

    Attributes:
        options: what the browser is handed.
        inputs: the fields of the form that the answer is sent with.
    """

    options: dict[str, Any]
    inputs: dict[str, str]

    def filled_in(self, answer: Answer, **typed: str) -> dict[str, str]:
        """Return the form, with the answer of a key in it and what somebody typed."""
        return {"answer": ""} | self.inputs | typed | {"answer": json.dumps(answer)}


def read_question(browser: Session, path: str = LOG_IN) -> Question:
    """Fetch a page that asks for a passkey, and read what it asks.

    Args:
        browser: whose browser it is.
        path: the page.

    Returns:
        The question.

    Raises:
        LookupError: the page asks for none.
    """
    shown = browser.get(path, headers=PAGE)
    found = _OPTIONS.search(shown.text)
    form = find_form(shown.text, "answer")
    if found is None or form is None:
        raise LookupError(f"{path} asks for no passkey: it was answered {shown.status_code}.")
    return Question(json.loads(unescape(found[2])), form.inputs)


def new_key(
    origin: str = "https://club.example", *, verifies: bool = True, synced: bool = False
) -> SoftKey:
    """Make a key that has one passkey, of Ada's. It is the same in each run.

    Args:
        origin: the site that the passkey is for.
        verifies: as for `SoftKey`.
        synced: as for `SoftKey`.

    Returns:
        The key, which has signed nothing yet.
    """
    key = SoftKey(seed=19, verifies=verifies, synced=synced)
    site, user = {"id": urlsplit(origin).hostname}, {"id": to_text(b"ada")}
    key.register({"rp": site, "user": user, "challenge": to_text(b"first")}, origin)
    return key


def read_new(answer: Answer) -> tuple[bytes, Point]:
    """Take what an app keeps out of an answer that brings a new passkey.

    Args:
        answer: the answer, as `SoftKey.register` gives it.

    Returns:
        The id of the passkey, and its public key.
    """
    made = read_auth_data(from_text(answer["response"]["authenticatorData"]))
    return made.credential_id, read_public_key(made.public_key)


def parts_of(answer: Answer) -> dict[str, bytes]:
    """Take an answer apart that signs a challenge.

    Args:
        answer: the answer, as `SoftKey.sign` gives it.

    Returns:
        Each of its parts, as bytes.
    """
    return {name: from_text(text) for name, text in answer["response"].items()}


def add_passkey_login(
    app: Flask, is_right: Callable[[dict[str, bytes], str], bool], *, site: str = "club.example"
) -> None:
    """Let `ada` log in with a passkey, in the article's app.

    The challenge is kept in the session, which is the wrong place for it: lesson 19c shows why.

    Args:
        app: the app.
        is_right: decides. It is handed the parts of an answer, and the challenge.
        site: the rp id.
    """

    def show_question() -> str:
        session["challenge"] = secrets.token_urlsafe(32)
        asked = json.dumps({"rpId": site, "challenge": session["challenge"]})
        return f"<form data-options='{escape(asked)}'><input name='answer'></form>"

    def read_answer() -> str:
        if not is_right(parts_of(json.loads(request.form["answer"])), session["challenge"]):
            abort(401)
        login_user(step06.User.objects(name="ada").first())
        return "welcome"

    app.add_url_rule(LOG_IN, view_func=show_question, methods=["GET"])
    app.add_url_rule(LOG_IN, view_func=read_answer, methods=["POST"])


def make_passkey(browser: Session, key: SoftKey, origin: str, label: str = "laptop") -> Response:
    """Make a passkey on the account page.

    Args:
        browser: the browser of somebody who has logged in a moment ago.
        key: the key in which it is kept.
        origin: where the browser shows the page.
        label: what the passkey is called there.

    Returns:
        What came back.

    Raises:
        BrowserRefuses: the browser or the key does not answer this page.
        LookupError: the page asks for no passkey.
    """
    asked = read_question(browser, ADD)
    answer = key.register(asked.options, origin)
    return browser.post(ADD, data=asked.filled_in(answer, label=label), headers=PAGE)


def use_passkey(browser: Session, key: SoftKey, origin: str, *, careless: bool = False) -> Response:
    """Log in with a passkey.

    Args:
        browser: the browser.
        key: the key in which the passkey is.
        origin: where the browser shows the page.
        careless: as for `SoftKey.sign`.

    Returns:
        What came back.

    Raises:
        BrowserRefuses: the browser or the key does not answer this page.
        LookupError: the page asks for no passkey.
    """
    asked = read_question(browser)
    answer = key.sign(asked.options, origin, careless=careless)
    return browser.post(LOG_IN, data=asked.filled_in(answer), headers=PAGE)
