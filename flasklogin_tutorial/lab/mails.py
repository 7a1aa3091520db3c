"""The mail of somebody, as they read it."""

import re
from email.message import EmailMessage

from flask import Flask

from flasklogin_tutorial.app.orders import read_outbox

_LINK = re.compile(r"https?://[^\s<>\"']+")


def last_link(app: Flask, to: str) -> str:
    """Return the latest link that an app has mailed to an address.

    Args:
        app: the finished app, with an outbox in its settings, or a variant that sends mail. What
            waits in the queue of the finished app is sent first.
        to: the address.

    Returns:
        The link.

    Raises:
        LookupError: no link has come there.
    """
    letters = read_outbox(app) if app.config.get("MAIL_SERVER") else app.extensions.get("outbox")
    links = [link for one in letters or () if one["To"] == to for link in _links_in(one)]
    if not links:
        raise LookupError(
            f"No link has come to {to}. Was one asked for, and is this the address of somebody "
            "whom the app knows?"
        )
    return links[-1]


def _links_in(letter: EmailMessage) -> list[str]:
    body = letter.get_body(("plain",))
    return _LINK.findall(body.get_content()) if body is not None else []
