"""Somebody with an account, and their browser."""

from dataclasses import dataclass

from flasklogin_tutorial.visit.client import Browser


@dataclass
class Person:
    """Somebody who has an account, or could have one.

    Attributes:
        name: the name.
        password: the password.
        email: the e-mail address.
        browser: their browser.
        address: the network address that they come from.
    """

    name: str
    password: str
    email: str
    browser: Browser
    address: str
