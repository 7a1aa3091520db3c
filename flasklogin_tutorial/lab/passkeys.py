"""What a person does with a passkey on the pages of the finished app, with a key of `SoftKey`.

A page that asks for a passkey has the question in its form, as `data-options`. A script hands it to
the browser and puts the answer into the form. Here the function does what the script does.
"""

import json
import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from requests import Response, Session

from flasklogin_tutorial.lab.pages import PAGE
from flasklogin_tutorial.visit import SoftKey, find_form
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
