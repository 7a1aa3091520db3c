"""A telephone with an app for codes, as somebody has it in their hand who has a second factor."""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pyotp
from flask import Flask
from requests import Response, Session

from flasklogin_tutorial.lab.clock import later
from flasklogin_tutorial.lab.pages import PAGE, fill_in
from flasklogin_tutorial.visit import Browser, add_user, log_in, new_app, read_token

_PATH = "/account/second-factor"

#: Seconds for which one code is shown.
_STEP = 30


@dataclass
class Telephone:
    """An app for codes, which has read the seed of somebody's second factor.

    Attributes:
        seed: the seed, in Base32.
        recovery_codes: the recovery codes that the app showed, if it did.
    """

    seed: str
    recovery_codes: list[str] = field(default_factory=list)

    def code(self) -> str:
        """Return the six digits that it shows now."""
        return pyotp.TOTP(self.seed).now()


def pair_telephone(browser: Session) -> Telephone:
    """Set up a second factor: let a telephone read the seed, and type the first code.

    Args:
        browser: the browser of somebody who is logged in to the finished app, or to a variant of
            the article's app that has second factors.

    Returns:
        The telephone.

    Raises:
        LookupError: the app shows no seed, or does not take the code.
    """
    has_pages = browser.get(_PATH, headers=PAGE).ok
    shown = fill_in(browser, _PATH, _PATH) if has_pages else browser.post(_PATH)
    found = re.search(r"secret=([A-Z2-7]+)", shown.text)
    if found is None:
        raise LookupError(f"{_PATH} shows no seed: it was answered {_in_words(shown)}.")
    telephone = Telephone(found[1])
    typed = {"code": telephone.code()}
    begun = (
        browser.post(f"{_PATH}/begin", data=read_token(shown.text) | typed, headers=PAGE)
        if has_pages
        else browser.post(f"{_PATH}/begin", json=typed)
    )
    if not begun.ok:
        raise LookupError(f"the first code was not taken: it was answered {_in_words(begun)}.")
    telephone.recovery_codes = (
        re.findall(r"<li><code>([A-Z2-7-]+)</code>", begun.text)
        if has_pages
        else begun.json()["recovery_codes"]
    )
    return telephone


def with_telephone(
    create_app: Callable[..., Any],
    login: Mapping[str, str],
    config: Mapping[str, Any] | None = None,
) -> tuple[Flask, Browser, Telephone]:
    """Make an app on an empty database, in which somebody has a telephone for codes.

    Args:
        create_app: makes the finished app, or a variant that has second factors.
        login: what they send to log in: `username` and `password`.
        config: settings for the app; if left out, it gets none.

    Returns:
        The app, the browser in which the telephone was paired, and the telephone.
    """
    app, given = new_app(create_app, config), (login["username"], login["password"])
    add_user(app, *given)
    browser = log_in(app, *given)
    return app, browser, pair_telephone(browser)


def _in_words(response: Response) -> str:
    return f"{response.status_code} {response.text.strip()[:80]}"


@contextmanager
def next_code() -> Iterator[None]:
    """Run a block when telephones have changed to their next code, which lasts for 29 seconds.

    Yields:
        Nothing.

    Example:
        `with next_code(): print(telephone.code())`
    """
    with later(seconds=_STEP + 1 - time.time() % _STEP):
        yield
